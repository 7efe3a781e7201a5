"""A case told in figures, steps and rulings: how a report travelled, what was held, where accounts differ."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from lanzarote_atlas import scenario, terms
from lanzarote_atlas.dashboard import address, drawing, frame, marks, neighbours, parts, route, store
from lanzarote_atlas.dashboard.citations import Cited, gather
from lanzarote_atlas.dashboard.text import (
    date,
    lines,
    linked,
    linked_all,
    named,
    number,
    number_line,
    plain,
    sentence,
)


def render() -> None:
    """Draw the page."""
    address.opened("case", ("case",))
    chosen = parts.row_of_address("case", "cases")
    if chosen:
        _story(terms.local_name(chosen["case"]), _called(chosen))
    else:
        _list()


def _list() -> None:
    """Draw every case that had begun by the day of the page."""
    parts.heading(
        "Cases",
        "Cases told in figures, steps and rulings: how a report travelled and what was held. No private "
        "person can be told from them. A title leads to the whole story.",
    )
    answer = store.ask("cases")
    rows = [
        {
            "Case": linked(_called(row), row["case"]),
            "State": plain(frame.in_language(row["state"])) or "–",
            "Begun": date(row["when"]) or "no date",
            "What it is about": plain(row["summary"]),
        }
        for row in answer.rows
    ]
    parts.table(
        answer, rows, f"Cases ({len(rows)})", empty="The atlas tells no case that had begun by this day."
    )


def _called(row: dict[str, str]) -> str:
    return row["label"] or row["title"]


def _story(chosen: str, called: str) -> None:
    """Draw one case whole."""
    parts.link("All cases", "case", icon=":material/arrow_back:")
    parts.heading(
        f"Case and referral route: {plain(called)}",
        "How a report of online abuse travelled from a platform to the courts, in figures, provisions and "
        "rulings. No private person can be told from it.",
    )
    _facts(chosen)
    _links(chosen, called)
    _route(chosen)
    _decisions(chosen)
    _guidance(chosen)
    _timeline(chosen)
    _disagreements(chosen)
    _elsewhere(chosen)
    _scenarios(chosen)
    _reform(chosen)


def _facts(case: str) -> None:
    answer = store.ask("case", case=case)
    told = gather(answer.rows, "title")[0]
    st.header(plain(told["title"]), anchor=False)
    parts.not_there("case", told["when"])
    st.markdown(plain(told["summary"]) + parts.note(told["note"]), width=760)
    st.markdown(f"Source: {told.line()}")
    parts.links("Provisions", told["provisions"])
    parts.permanent(terms.thing("case", case))
    parts.behind(answer, "text")
    figures = store.ask("case-figures", case=case)
    rows = [
        {
            "What is counted": plain(sentence(cited["quantity"])) + parts.note(cited["note"]),
            "How many": plain(_amount(cited)),
            "When": date(cited["when"]) or "–",
            "Where": plain(cited["place"]) or "–",
            "Source": cited.line(),
        }
        for cited in gather(figures.rows, "figure")
    ]
    with st.expander(f"Figures ({len(rows)})"):
        parts.table(figures, rows, "Figures as reported", empty="No figure is on record.")


def _links(case: str, called: str) -> None:
    """Draw what is linked to a case, by kind of link."""
    steps = store.ask("case-route", case=case).rows
    used = {pair for row in steps for pair in named(row["provisions"])}
    relied = [pair for row in store.ask("case", case=case).rows[:1] for pair in named(row["provisions"])]
    elsewhere, reforms = store.ask("case-elsewhere", case=case), store.ask("case-measures", case=case)
    neighbours.draw(
        called,
        (
            neighbours.Kind("relies on", relied, upward=True),
            neighbours.Kind(
                "told in", _once(store.ask("case", case=case), "sourceTitle", "source"), upward=True
            ),
            neighbours.Kind("referred under", sorted(used)),
            neighbours.Kind("treated elsewhere", _once(elsewhere, "topic", "observation")),
            neighbours.Kind("reformed by", _once(reforms, "title", "measure")),
        ),
    )


def _once(answer: store.Answered, label: str, thing: str) -> list[tuple[str, str]]:
    """Return label and address of each thing of an answer, each once."""
    return list(dict.fromkeys((row[label], row[thing]) for row in answer.rows if row[thing]))


def _amount(cited: Cited) -> str:
    upper = f" to {number(cited['upperAmount'])}" if cited["upperAmount"] else ""
    how = f"{cited['qualifier']} " if cited["qualifier"] and cited["qualifier"] != "exactly" else ""
    return f"{how}{number(cited['amount'])}{upper} {cited['unit']}"


def _route(case: str) -> None:
    st.header("Referral route", anchor=False, help=parts.meaning("", "ReferralStep"))
    answer = store.ask("case-route", case=case)
    steps = gather(answer.rows, "step")
    if not steps:
        parts.empty("No step of a referral is on record.")
        return
    drawn, told = st.columns([2, 3])
    with drawn:
        st.graphviz_chart(route.drawing(steps, drawing.ink()), alt=route.told(steps))
    with told:
        for cited in steps:
            st.markdown(_step(cited))
    parts.behind(answer, "drawing and list")


def _step(cited: Cited) -> str:
    figures = "; ".join(number_line(line) for line in lines(cited["figures"]))
    when = f" ({date(cited['when'])})" if cited["when"] else ""
    return (
        f"{cited['place']}. **{plain(cited['fromLabel'])} → {plain(cited['toLabel'])}**{when}: "
        + plain(cited["summary"])
        + (f" Figures: {figures}." if figures else "")
        + (f" Provision: {linked_all(cited['provisions'])}." if cited["provisions"] else "")
        + (f" *Note: {plain(cited['note'])}*" if cited["note"] else "")
        + f"\n\n    :small[Source: {cited.line()}]"
    )


def _decisions(case: str) -> None:
    st.header("Decisions", anchor=False, help=parts.meaning("", "Decision"))
    answer = store.ask("case-decisions", case=case)
    _entries(gather(answer.rows, "decision"), "No decision is on record.")
    parts.behind(answer, "list")


def _entries(found: list[Cited], empty: str) -> None:
    """Draw decisions, events, reforms and the like: date and title, what happened, provisions and sources."""
    for cited in found:
        facts = "; ".join(number_line(line) for line in lines(cited["figures"]))
        foot = parts.joined(
            plain(cited["court"]),
            plain(cited["number"]),
            linked_all(cited["provisions"]),
            f"Source: {cited.line()}",
        )
        when = date(cited["when"] or cited["from"])
        title = cited["title"] or cited["topic"]
        body = (
            plain(cited["summary"]) + (f"  \nFigures: {facts}" if facts else "") + parts.note(cited["note"])
        )
        parts.entry(
            ": ".join(filter(None, (frame.in_language(cited["state"]) or when, f"**{plain(title)}**"))),
            body,
            foot,
        )
    if not found:
        st.markdown(empty)


def _guidance(case: str) -> None:
    st.header("Guidance", anchor=False, help=parts.meaning("", "Guidance"))
    answer = store.ask("case-guidance", case=case)
    found = gather(answer.rows, "guidance")
    order = list(parts.options("guidance-kind"))
    found.sort(key=lambda cited: order.index(cited["kind"]) if cited["kind"] in order else len(order))
    for kind, group in groupby(found, key=lambda cited: cited["kind"]):
        members = list(group)
        label = sentence(store.word("guidance-kind", kind).label)
        with st.expander(f"{label} ({len(members)})", expanded=kind in {"lawful", "instead"}):
            _entries(members, "")
    if any(cited["kind"] == "lawful" for cited in found):
        st.caption(
            "“What is lawful” also holds what is referred to the authorities although no law forbids it."
        )
    parts.behind(answer, "list")


def _timeline(case: str) -> None:
    st.header("Timeline", anchor=False)
    answer = store.ask("case-timeline", case=case)
    _entries(gather(answer.rows, "event"), "No event is on record.")
    parts.behind(answer, "list")


def _disagreements(case: str) -> None:
    st.header("Where accounts differ", anchor=False, help=parts.meaning("", "Disagreement"))
    answer = store.ask("case-disagreements", case=case)
    accounts = gather(answer.rows, "disagreement", "account")
    for _, group in groupby(accounts, key=lambda cited: cited["disagreement"]):
        members = list(group)
        with st.container(border=True):
            st.markdown(
                f"{marks.badge('≠', 'accounts differ', 'orange')} **{plain(members[0]['topic'])}**  \n"
                f"{plain(members[0]['difference'])}{parts.note(members[0]['note'])}"
            )
            for column, cited in zip(st.columns(len(members)), members, strict=True):
                with column:
                    parts.told(plain(cited["says"]), f"Source: {cited.line()}")
    if not accounts:
        parts.empty("No disagreement is on record.")
    parts.behind(answer, "list")


def _elsewhere(case: str) -> None:
    answer = store.ask("case-elsewhere", case=case)
    if not answer.rows:
        return
    st.header("How other States treat the same conduct", anchor=False)
    _entries(gather(answer.rows, "observation"), "No other State is described.")
    parts.behind(answer, "list")


def _scenarios(case: str) -> None:
    """Lead to the worked scenarios that judge the facts of the case."""
    about = terms.compact(terms.thing("case", case))
    found = {name: heading for name, heading in scenario.headings().items() if heading.about == about}
    if not found:
        return
    st.header("Who may prosecute on these facts", anchor=False)
    for name, heading in found.items():
        parts.link(f"Scenario: {plain(heading.title)}", "scenario", icon=":material/rule:", scenario=name)


def _reform(case: str) -> None:
    answer = store.ask("case-measures", case=case)
    if not answer.rows:
        return
    st.header("What was reformed", anchor=False)
    _entries(gather(answer.rows, "measure"), "No reform is on record.")
    parts.behind(answer, "list")
