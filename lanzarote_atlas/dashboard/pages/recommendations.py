"""What the Committee asks of a State: a list to filter, and each recommendation's whole story."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import address, borrowing, frame, marks, neighbours, parts, store
from lanzarote_atlas.dashboard.citations import gather
from lanzarote_atlas.dashboard.text import (
    called,
    date,
    linked_all,
    listed,
    named,
    plain,
    sentence,
    short,
    titled,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lanzarote_atlas.dashboard.citations import Cited

_FILTERS = ("level", "theme", "addressee", "status", "text")


def render() -> None:
    """Draw the list, or the one recommendation that the address names."""
    address.opened("recommendations", ("recommendation", *_FILTERS, address.PAGE))
    numbers = {
        terms.local_name(row["recommendation"]): row["summary"]
        for row in store.ask("recommendation-numbers").rows
    }
    chosen = address.value("recommendation", numbers)
    if chosen:
        _story(chosen)
    else:
        _list()


def _list() -> None:
    code, name = frame.state()
    parts.heading(
        f"Recommendations: {name}",
        f"What the Lanzarote Committee asks of {plain(within(name))}: of it by name, of all Parties, or of "
        "those not yet doing so that it names. Choose a number to read the whole story.",
    )
    level, theme, status, addressee, words = _filters(code)
    answer = store.ask(
        "recommendations",
        state=code,
        level=level,
        theme=theme,
        status=status,
        addressee=addressee,
        text=words,
    )
    found = gather(answer.rows, "recommendation")
    narrowed = any((level, theme, status, addressee, words))
    st.markdown(f"**{len(found)} texts**" + (" match the choices." if narrowed else "."))
    chapter = ""
    for cited in parts.paged(found, "recommendations"):
        if cited["chapter"] != chapter:
            chapter = cited["chapter"]
            st.header(titled(chapter), anchor=False)
        _card(cited)
    if not found:
        parts.no_recommendation(name, narrowed=narrowed)
    parts.behind(answer, "list")


def _filters(code: str) -> tuple[str | None, str | None, str | None, str | None, str]:
    addressees = {terms.thing("state", code): frame.state()[1]} | {
        terms.concept("addressee", name): label for name, label in parts.options("addressee").items()
    }
    with st.container(border=True):
        first, second, third = st.columns(3)
        with first:
            level = address.select(
                "Level",
                "level",
                parts.options("obligation-level"),
                explain=parts.meanings("obligation-level", ("require", "request", "invite")),
            )
        with second:
            status = address.select(
                "Status",
                "status",
                parts.options("gap-status"),
                explain=parts.meanings("gap-status", ("open", "answer-reported", "closed")),
            )
        with third:
            to = {terms.local_name(iri): sentence(label) for iri, label in addressees.items()}
            addressee = address.select("Addressee", "addressee", to, explain=parts.meaning("", "addressee"))
        left, right = st.columns([1, 2])
        with right:
            theme = address.select(
                "Chapter", "theme", parts.options("theme"), explain=parts.meaning("", "theme")
            )
        with left:
            words = address.search_box("Words", "text", explain="Part of the number or of the text.")
    full = next((iri for iri in addressees if terms.local_name(iri) == addressee), None)
    return level, theme, status, full, words


def _card(cited: Cited) -> None:
    with st.container(border=True, gap="xsmall"):
        number = terms.local_name(cited["recommendation"])
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            parts.link(f"**{called(cited['numbers'])}**", "recommendations", recommendation=number)
            st.markdown(
                f"{marks.level(cited['levelName'])} {marks.status(cited['statusName'])} "
                f"to {plain(frame.in_language(cited['addresseeLabel']))}",
                width="content",
            )
        parts.told(plain(cited["summary"]), f"Basis: {linked_all(cited['basis'])} · Source: {cited.line()}")


def _story(number: str) -> None:
    code, name = frame.state()
    answer = store.ask("recommendation", recommendation=number, state=code)
    told = gather(answer.rows, "text")[0]
    parts.link("All recommendations", "recommendations", icon=":material/arrow_back:")
    st.title(f"Recommendation {called(told['numbers'])}", anchor=False)
    parts.not_there(
        "recommendation", min((row["issued"] for row in answer.rows if row["issued"]), default="")
    )
    st.markdown(f"{marks.level(told['levelName'])} {marks.status(told['statusName'])}")
    st.markdown(f"**{plain(told['summary'])}**")
    if told["parts"]:
        st.markdown(listed(plain(line) for line in told["parts"].splitlines()))
    st.markdown(_facts(told, answer.rows) + (f"\n\n*Note: {plain(told['note'])}*" if told["note"] else ""))
    st.markdown(f"Source: {told.line()}")
    parts.permanent(terms.thing("recommendation", number))
    parts.behind(answer, "text")
    _links(number, f"Recommendation {told['numbers']}", code)
    _basis(number)
    _observations(number)
    _follow_up(number, code, name)
    _later_word(told["text"], code, name)
    borrowing.draw(terms.thing("recommendation", number), terms.thing("state", code))
    _positions(number, code, name)


def _facts(told: Cited, rows: list[dict[str, str]]) -> str:
    named = ", ".join(dict.fromkeys(frame.in_language(row["named"]) for row in rows if row["named"]))
    addressed = plain(sentence(frame.in_language(told["addresseeLabel"]))) + (
        f" ({plain(named)} named)" if named else ""
    )
    level = store.word("obligation-level", told["levelName"])
    return listed(
        (
            f"**Addressed to:** {addressed}",
            f"**Level:** {plain(level.label)}. {plain(level.definition)}",
            f"**Chapter:** {plain(titled(told['chapter']))}",
            f"**Round:** {plain(short(told['round'], 120))}",
            f"**Basis:** {plain(told['basisKind'])}",
        )
    )


def _links(number: str, called: str, code: str) -> None:
    """Draw what is linked to a recommendation: what it rests on, what answers it, who does what it asks."""
    basis = store.ask("recommendation-basis", recommendation=number).rows
    noted = store.ask("recommendation-observations", recommendation=number).rows
    answers = store.ask("recommendation-follow-up", recommendation=number, state=code).rows
    held = store.ask("recommendation-positions", recommendation=number).rows
    under = {
        pair
        for row in answers
        if terms.compact(row["answer"]).startswith("id/measure/")
        for pair in named(row["provisions"])
    }
    doing = {row["state"]: frame.state_name(row["state"]) for row in held if row["meets"] == "true"}
    neighbours.draw(
        called,
        (
            neighbours.Kind(
                "rests on", _once((row["citedAs"], row["provision"]) for row in basis), upward=True
            ),
            neighbours.Kind(
                "follows from", _once((row["topic"], row["observation"]) for row in noted), upward=True
            ),
            neighbours.Kind(
                "answered by", _once((row["title"], row["answer"]) for row in answers if row["title"])
            ),
            neighbours.Kind(
                "answered under", [(neighbours.of_state(label, iri), iri) for label, iri in sorted(under)]
            ),
            neighbours.Kind("done by", [(name, state) for state, name in doing.items()]),
        ),
    )


def _once(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each pair of label and address once, in order."""
    return list(dict.fromkeys(pairs))


def _basis(number: str) -> None:
    st.header("What it rests on", anchor=False, help=parts.meaning("", "basis"))
    answer = store.ask("recommendation-basis", recommendation=number)
    for cited in gather(answer.rows, "provision"):
        with st.container(border=True, gap="xsmall"):
            parts.link(
                f"**{plain(cited['citedAs'])}**",
                "provisions",
                icon=":material/menu_book:",
                provision=terms.local_name(cited["provision"]),
            )
            parts.told(plain(cited["summary"] or cited["title"]), f"Source: {cited.line()}")
    parts.behind(answer, "list")


def _observations(number: str) -> None:
    st.header("What the Committee had noted", anchor=False, help=parts.meaning("", "Observation"))
    answer = store.ask("recommendation-observations", recommendation=number)
    found = gather(answer.rows, "observation")
    for cited in found:
        parts.entry(
            f"{marks.polarity(cited['polarity'])} **{plain(cited['topic'])}**",
            plain(cited["summary"]) + parts.note(cited["note"]),
            parts.joined(
                f"Noted of {plain(frame.in_language(cited['state'])) or 'all Parties'}",
                f"Source: {cited.line()}",
            ),
        )
    if not found:
        st.markdown("No observation on record is tied to this text by the source.")
    parts.behind(answer, "list")


def _follow_up(number: str, code: str, name: str) -> None:
    st.header(f"What was reported or enacted since: {name}", anchor=False, help=parts.meaning("", "answers"))
    answer = store.ask("recommendation-follow-up", recommendation=number, state=code)
    found = gather(answer.rows, "answer")
    for cited in found:
        foot = parts.joined(
            date(cited["from"] or cited["when"]) or "no date",
            linked_all(cited["provisions"]),
            f"Source: {cited.line()}",
        )
        body = plain(cited["summary"]) + parts.note(cited["note"])
        parts.entry(f"{_answers(cited)} **{plain(cited['title'] or 'Search of the sources')}**", body, foot)
    if not found:
        st.markdown("Nothing is on record, and no search is recorded: an answer may exist.")
    parts.behind(answer, "list")


def _later_word(text: str, code: str, name: str) -> None:
    """Draw what the Committee said of the State later; where it said nothing, that this closes nothing."""
    st.header("The Committee's later word", anchor=False, help=parts.meaning("", "closes"))
    answer = store.ask("what-became-of-a-recommendation", recommendation=text, state=code)
    said = [row for row in answer.rows if row["step"].startswith("4") and row["summary"]]
    for row in said:
        parts.entry(
            f"{marks.status('closed')} **{plain(row['what'])}**",
            plain(row["summary"]),
            parts.joined(date(row["date"]) or "no date", f"Source: {plain(row['sources'])}"),
        )
    if not said:
        st.markdown(
            f"None on {plain(within(name))} is on record. Only the Committee's own later word closes a "
            "recommendation: what was reported or enacted stands above for it to judge."
        )
    parts.behind(answer, "chain")


def _answers(cited: Cited) -> str:
    if cited["class"] == "EvidenceSearch":
        return marks.badge("∅", "searched, nothing found", "gray")
    if cited["followUp"] == "proposed":
        return marks.badge("◌", "proposed, not law", "gray")
    how = [store.word("follow-up-kind", cited["followUp"]).label if cited["followUp"] else "reported"]
    if cited["stage"]:
        how.append(store.word("legal-stage", cited["stage"]).label)
    return marks.badge("◐", ", ".join(how), "blue")


def _positions(number: str, code: str, name: str) -> None:
    st.header("Every State's position on what it asks", anchor=False, help=parts.meaning("", "asksFor"))
    answer = store.ask("recommendation-positions", recommendation=number)
    found = gather(answer.rows, "state", "criterion", "principle", "value", "summary")
    own = terms.thing("state", code)
    found.sort(key=lambda cited: (cited["state"] != own, cited["meets"] != "true"))
    others = [cited for cited in found if cited["state"] != own]
    for cited in found[: len(found) - len(others)]:
        _position(cited)
    if others and len(others) == len(found):
        whose = plain(sentence(within(name)))
        st.markdown(f"{marks.cell('not-assessed')} {whose} is not assessed on what it asks for.")
    if others:
        with st.expander(f"Other States ({len(others)})", expanded=address.PAGE in address.given()):
            for cited in parts.paged(others, "positions"):
                _position(cited)
    if not found:
        none = f"No State, {plain(within(name))} included, is assessed on what it asks for."
        st.markdown(f"{marks.cell('not-assessed')} {none}")
    parts.behind(answer, "list")


def _position(cited: Cited) -> None:
    confined = f", for {cited['principle']}" if cited["principle"] else ""
    state = plain(frame.state_name(cited["state"]))
    parts.entry(
        f"{marks.position(cited['value'], cited['valueLabel'])} **{state}**: "
        + plain(cited["criterionLabel"] + confined),
        plain(cited["summary"]),
        parts.joined(linked_all(cited["provisions"]) or "no provision named", f"Source: {cited.line()}"),
    )
