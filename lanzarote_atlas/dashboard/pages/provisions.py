"""One provision and all that is linked to it: what it is part of, what carries it out, what rests on it."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import address, frame, marks, neighbours, parts, provision_table, store
from lanzarote_atlas.dashboard.citations import gather
from lanzarote_atlas.dashboard.provision_table import HOME
from lanzarote_atlas.dashboard.text import date, page_of, plain, sentence, short, within
from lanzarote_atlas.errors import did_you_mean

if TYPE_CHECKING:
    from lanzarote_atlas.dashboard.citations import Cited

_FEW = 8
"""So many links of one kind stand open; of more, those of the State of reference."""

_UPWARD = {"carries out", "interprets", "cites", "lets a Party limit", "replaces"}
"""Links to what a provision itself speaks of; the others lead to what rests on it."""


def render() -> None:
    """Draw the page."""
    address.opened("provisions", ("view", "instrument", "provision", *provision_table.CHOICES, address.PAGE))
    parts.heading(
        "Provisions",
        "Choose an instrument, then a provision: what it says, where it stands, which laws carry it out, and "
        "which recommendations, observations, positions and reservations rest on it.",
    )
    views = {"one": "One instrument", "all": "All provisions"}
    if address.tabs("View", "view", views) == "all":
        provision_table.draw()
        return
    instruments = store.ask("instruments")
    titles = {terms.local_name(row["instrument"]): _title(row) for row in instruments.rows}
    provision = _provision_of_address()
    instrument = _instrument(titles, provision)
    answer = store.ask("provisions", instrument=instrument)
    known = {terms.local_name(row["provision"]): _named(row) for row in answer.rows}
    if provision and provision not in known:
        known[provision] = _named(store.ask("provision", provision=provision).rows[0])
    chosen = _choose_provision(known, provision)
    if chosen:
        _provision(chosen)
    else:
        adopted = {terms.local_name(row["instrument"]): row["adopted"] for row in instruments.rows}
        _instrument_page(titles.get(instrument, instrument), adopted.get(instrument, ""), answer)


def _title(row: dict[str, str]) -> str:
    owner = f"{frame.in_language(row['state'])}: " if row["state"] else ""
    return f"{owner}{short(row['title'], 90)}"


def _named(row: dict[str, str]) -> str:
    return (
        f"{row['citedAs']} – {row['title']}"
        if row["title"] and row["title"] != row["citedAs"]
        else row["citedAs"]
    )


def _provision_of_address() -> str | None:
    """Return the provision that the address names, if the atlas knows it; warn where it does not."""
    named = address.given().get("provision")
    if not named:
        return None
    if store.ask("provision", provision=named).rows:
        return named
    fellows = [terms.local_name(row["provision"]) for row in store.ask("provisions").rows]
    hint = did_you_mean(named, fellows) or "choose one below."
    st.warning(f"“{named}” is not known as provision; {hint}")
    return None


def _instrument(titles: dict[str, str], provision: str | None) -> str:
    default = HOME if HOME in titles else next(iter(titles), HOME)
    if provision:
        own = terms.local_name(store.ask("provision", provision=provision).rows[0]["instrument"])
        if address.given().get("instrument") not in (None, own):
            st.warning(
                "The provision of the address is not part of the instrument that it names; its own is shown."
            )
        titles = {own: titles.get(own, own)} | titles
        return _choose_instrument(titles, own)
    chosen = address.value("instrument", titles, default) or default
    return _choose_instrument(titles, chosen)


def _choose_instrument(titles: dict[str, str], chosen: str) -> str:
    explain = parts.meaning("", "Instrument")
    address.box("Instrument", "instrument", titles, chosen, _change_instrument, explain=explain)
    return chosen


def _change_instrument(chosen: str | None) -> None:
    address.write("provision", None)
    address.write(address.PAGE, None)
    address.write("instrument", chosen)


def _choose_provision(known: dict[str, str], chosen: str | None) -> str | None:
    explain, nothing = parts.meaning("", "Provision"), "The instrument as a whole"
    address.box("Provision", "provision", known, chosen, _change_provision, nothing=nothing, explain=explain)
    return chosen


def _change_provision(chosen: str | None) -> None:
    address.write(address.PAGE, None)
    address.write("provision", chosen)


def _instrument_page(title: str, adopted: str, answer: store.Answered) -> None:
    st.header(plain(title), anchor=False)
    parts.not_there("instrument", adopted)
    words = address.search_box(
        "Words", "text", explain="Part of the number or title of a provision."
    ).casefold()
    if words:
        _matching(words, answer)
        return
    inside = {row["provision"] for row in answer.rows}
    top = [row for row in answer.rows if row["above"] not in inside]
    for row in parts.paged(top, "provisions"):
        parts.link(plain(_named(row)), "provisions", provision=terms.local_name(row["provision"]))
    if not top:
        parts.empty("No provision of this instrument is recorded.")
    parts.behind(answer, "list")


def _matching(words: str, answer: store.Answered) -> None:
    """Draw the provisions of an instrument, at any depth, that have the words in number or title."""
    found = [row for row in answer.rows if words in _named(row).casefold()]
    for row in parts.paged(found, "provisions"):
        parts.link(plain(_named(row)), "provisions", provision=terms.local_name(row["provision"]))
    if not found:
        parts.empty("No provision of this instrument matches the words.", "Take them away to see all.")
    parts.behind(answer, "list")


def _provision(provision: str) -> None:
    answer = store.ask("provision", provision=provision)
    told = gather(answer.rows, "instrument")[0]
    _chain(provision)
    st.header(plain(told["citedAs"]), anchor=False)
    parts.not_there("provision", told["from"], told["to"])
    if told["title"]:
        st.markdown(
            f"**{plain(told['title'])}**"
            + (f" ({plain(told['officialTitle'])})" if told["officialTitle"] else "")
        )
    st.markdown(plain(told["summary"]) or "The atlas has no summary of this text.")
    facts = [
        plain(sentence(told["kind"])) + " of " + plain(short(told["instrumentTitle"], 100)),
        plain(frame.in_language(told["state"])),
        plain(told["stage"]),
        f"from {date(told['from'])}" if told["from"] else "",
        f"until {date(told['to'])}" if told["to"] else "",
    ]
    st.markdown(" · ".join(fact for fact in facts if fact) + parts.note(told["note"]))
    st.markdown(f"Source: {told.line()}")
    parts.permanent(terms.thing("provision", provision))
    parts.behind(answer, "text")
    neighbours.draw(told["citedAs"], _around(provision))
    _parts(provision)
    _links(provision)


def _around(provision: str) -> list[neighbours.Kind]:
    """Return the neighbours of a provision: upward, downward, then across, those of the State first."""
    chain = [
        (short(row["label"]), row["above"]) for row in store.ask("provision-chain", provision=provision).rows
    ]
    pieces = store.ask("provision-parts", provision=provision).rows
    code = frame.state()[0]
    found: dict[str, dict[str, str]] = {}
    for row in store.ask("provision-links", provision=provision).rows:
        found.setdefault(row["relation"], {})[row["thing"]] = row["label"]
    across = [
        neighbours.Kind(
            relation,
            [
                (neighbours.of_state(label, iri), iri)
                for iri, label in sorted(things.items(), key=lambda thing: not _is_of(thing[0], code))
            ],
            upward=relation in _UPWARD,
        )
        for relation, things in found.items()
    ]
    return [
        neighbours.Kind("part of", chain, upward=True),
        neighbours.Kind("its parts", [(row["citedAs"], row["part"]) for row in pieces]),
        *across,
    ]


def _chain(provision: str) -> None:
    answer = store.ask("provision-chain", provision=provision)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for place, row in enumerate(answer.rows):
            st.markdown("›" if place else "Part of", width="content")
            target = page_of(row["above"])
            if target:
                parts.link(plain(short(row["label"])), target[0], target[1])


def _parts(provision: str) -> None:
    answer = store.ask("provision-parts", provision=provision)
    if not answer.rows:
        return
    st.subheader("Its parts", anchor=False)
    for row in answer.rows:
        with st.container(gap="xsmall"):
            parts.link(plain(_named(row)), "provisions", provision=terms.local_name(row["part"]))
            if row["summary"]:
                st.markdown(plain(row["summary"]))
    parts.behind(answer, "list")


def _links(provision: str) -> None:
    st.subheader("What is linked to it", anchor=False)
    answer = store.ask("provision-links", provision=provision)
    code, name = frame.state()
    found = gather(answer.rows, "relation", "thing")
    found.sort(key=lambda cited: (cited["relation"], not _is_of(cited["thing"], code)))
    total = Counter(cited["relation"] for cited in found)
    for relation, group in groupby(parts.paged(found, "links"), key=lambda cited: cited["relation"]):
        members = list(group)
        st.markdown(f"**{sentence(relation)}** ({total[relation]})")
        near = [cited for cited in members if _is_of(cited["thing"], code)]
        far = [cited for cited in members if not _is_of(cited["thing"], code)]
        if len(members) <= _FEW:
            near, far = members, []
        for cited in near:
            _link(cited)
        if far:
            with st.expander(f"Not of {plain(within(name))} ({len(far)})"):
                _by_state(far)
    if not found:
        st.markdown(
            marks.badge("…", "nothing on record", "gray")
            + " No thing of the atlas is linked to this provision."
        )
    parts.behind(answer, "list")


def _by_state(found: list[Cited]) -> None:
    """Draw links under the name of the State that each is of; those of no State come first."""
    names = frame.state_names()
    placed = [(names.get(terms.compact(cited["thing"]).split("/")[2], ""), cited) for cited in found]
    placed.sort(key=lambda pair: pair[0])
    for name, group in groupby(placed, key=lambda pair: pair[0]):
        if name:
            st.markdown(f"**{plain(name)}**")
        for _, cited in group:
            _link(cited)


def _link(cited: Cited) -> None:
    with st.container(border=True, gap="xsmall"):
        target = page_of(cited["thing"])
        if target:
            parts.link(f"**{plain(cited['label'])}**", target[0], target[1])
        else:
            st.markdown(f"**{plain(cited['label'])}**")
        if cited["summary"]:
            st.markdown(plain(cited["summary"]))
        if cited.citations:
            parts.small(f"Source: {cited.line()}")


def _is_of(iri: str, code: str) -> bool:
    """Return whether a thing is one State's: its address says so after the kind."""
    return terms.compact(iri).split("/")[2:3] == [code]
