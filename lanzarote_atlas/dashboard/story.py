"""The full story of one cell, and why two States differ: each side in words, with its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import permanent_addresses, terms
from lanzarote_atlas.dashboard import comparison, frame, marks, parts, positions, store
from lanzarote_atlas.dashboard.text import date, plain, sentence, within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lanzarote_atlas.dashboard.citations import Cited
    from lanzarote_atlas.dashboard.comparison import Place
    from lanzarote_atlas.dashboard.positions import Cell


def cell(place: Place) -> None:
    """Draw all that the atlas holds on a State's position on a criterion, as at the date of the page."""
    name = frame.state_name(place.state)
    answer = store.ask("positions", state=place.state, criterion=place.criterion)
    # A criterion of two chapters stands under each of them; its story is told once.
    found = list({one.address: one for one in positions.cells(answer.rows)}.values())
    label = store.word("criterion", place.criterion)
    st.header(f"{name}: {plain(label.label)}", anchor=False)
    st.markdown(plain(label.definition))
    for one in found:
        _account(one)
    _special(place)
    _history(place)
    _bills(place, label.label)
    parts.link(f"All positions of {plain(within(name))}", "state", state=place.state, part="positions")
    for one in found:
        parts.permanent(one.address)
    parts.behind(answer, "story")


def _account(one: Cell) -> None:
    confined = f" **{plain(sentence(one.principle))}**" if one.principle else ""
    st.markdown(f"{one.sign()}{confined}" + ("" if one.deciding else f"  \n{_silent(one.status)}"))
    if one.status == "conflicting":
        st.markdown("The best sources disagree; each stands here, and neither is preferred.")
    for cited in one.deciding:
        _said(cited)
    if one.others:
        st.markdown("**Also on record**, outranked by what stands above")
        for cited in one.others:
            _said(cited, marks.position(cited["value"], cited["valueLabel"]))


def _silent(status: str) -> str:
    return plain(store.word("cell-status", status).definition)


def _said(cited: Cited, sign: str = "") -> None:
    body = (f"{sign} " if sign else "") + positions.told(cited)
    parts.entry(body, "", positions.read_in(cited))


def _special(place: Place) -> None:
    answer = store.ask("special-rules", state=place.state, criterion=place.criterion)
    rules = positions.special(answer.rows)
    if not rules:
        return
    st.markdown("**Special rules for named offences**, which go before the general position")
    for rule in rules:
        positions.entry_of_special(rule)
    parts.behind(answer, "list")


def _history(place: Place) -> None:
    answer = store.ask("position-spans", state=place.state, criterion=place.criterion)
    now = frame.as_at()
    rows = [
        {
            "Held": _held(row["from"], row["until"])
            + (" (shown here)" if row["from"] <= now < row["until"] else ""),
            "Position": plain(row["value"]),
            "Conditions": plain(row["conditions"]) or "–",
        }
        for row in answer.rows
    ]
    if len(rows) == 1:
        st.markdown(f"**Held:** {rows[0]['Held'].removesuffix(' (shown here)')}.")
    else:
        parts.table(answer, rows, "The position through time", empty="")


def _held(first: str, until: str) -> str:
    begins = "since a day that no source gives" if first == terms.NO_START else f"from {date(first)}"
    return begins + ("" if until == terms.NO_END else f", no more on {date(until)}")


def _bills(place: Place, label: str) -> None:
    answer = store.ask("which-bills-would-change-a-position", state=place.state)
    for row in answer.rows:
        if row["criterion"] == label:
            parts.entry(
                f"**A bill would change this:** {plain(row['value'])}",
                plain(row["summary"]),
                parts.joined(plain(row["provisions"]), f"Source: {plain(row['sources'])}"),
            )


def differences(
    code: str, other: str, theme: str | None, criteria: Mapping[str, str], link: Callable[[str, Place], None]
) -> None:
    """Draw two States reduced to what differs; then what nobody can tell and why; then what is the same.

    `link` draws the way to a cell's story.
    """
    one = next(iter(criteria)) if len(criteria) == 1 else None
    answer = store.ask(
        "how-does-a-state-differ-from-others", state=code, other=other, theme=theme, criterion=one
    )
    here, there = frame.state_name(code), frame.state_name(other)
    by_result: dict[str, list[dict[str, str]]] = {"differs": [], "unknown": [], "same": []}
    for row in answer.rows:
        by_result[row["result"]].append(row)
    cells = {state: _cells(state, theme, one) for state in (code, other)}
    both = f"{within(here)} and {within(there)} differ"
    st.header(f"Where {both} ({len(by_result['differs'])})", anchor=False)
    if not by_result["differs"]:
        parts.empty("No difference is known on these criteria.", "What nobody can tell stands below.")
    for row in by_result["differs"]:
        _difference(row, ((here, cells[code]), (there, cells[other])), link)
    _unknown(answer, by_result["unknown"], here, there)
    _same(by_result["same"])
    asked = one or theme or permanent_addresses.EVERY
    itself = permanent_addresses.Comparison(frame.as_at(), (code, other), asked)
    parts.cite_view(f"Why {both}", answer, itself.address)


def _cells(state: str, theme: str | None, criterion: str | None) -> dict[str, list[Cell]]:
    found: dict[str, dict[str, Cell]] = {}
    for one in positions.cells(store.ask("positions", state=state, theme=theme, criterion=criterion).rows):
        found.setdefault(one.criterion, {})[one.address] = one
    return {name: list(cells.values()) for name, cells in found.items()}


def _difference(
    row: Mapping[str, str],
    sides: Sequence[tuple[str, Mapping[str, Sequence[Cell]]]],
    link: Callable[[str, Place], None],
) -> None:
    names = [name for name, _ in sides]
    places = [comparison.place(row["position"]), comparison.place(row["otherPosition"])]
    with st.container(border=True):
        st.subheader(sentence(plain(row["criterionName"])), anchor=False)
        st.markdown(plain(in_words(row, *names)))
        for column, (name, cells), place in zip(st.columns(2), sides, places, strict=True):
            with column:
                st.markdown(f"**{plain(name)}**")
                for one in cells.get(place.criterion, ()):
                    _side(one)
                link(f"Full story: {plain(name)}", place)


def in_words(row: Mapping[str, str], here: str, there: str) -> str:
    """Return a difference as a sentence: values, then the conditions of each side alone and of both."""
    said = []
    if row["value"] == row["otherValue"]:
        said.append(f"Both: {row['value']}; the conditions differ.")
    else:
        said.append(f"{here}: {row['value']}. {there}: {row['otherValue']}.")
    for whose, conditions in (
        (f"Only {within(here)} sets", row["conditionsHere"]),
        (f"Only {within(there)} sets", row["conditionsThere"]),
        ("Both set", row["conditionsShared"]),
    ):
        if conditions:
            said.append(f"{whose}: {conditions.replace('; ', ', ')}.")
    return " ".join(said)


def _side(one: Cell) -> None:
    confined = f" {plain(sentence(one.principle))}" if one.principle else ""
    st.markdown(f"{one.sign()}{confined}")
    for cited in one.deciding:
        parts.told(positions.told(cited), positions.read_in(cited))


def _unknown(answer: store.Answered, rows: Sequence[Mapping[str, str]], here: str, there: str) -> None:
    shown = [
        {
            "Criterion": plain(sentence(row["criterionName"])),
            plain(here): plain(row["value"]),
            plain(there): plain(row["otherValue"]),
        }
        for row in rows
    ]
    st.header(f"Where nobody can tell ({len(rows)})", anchor=False)
    st.markdown(
        "A position that is silent, disputed or told in words only cannot be set against another: "
        "it is neither a likeness nor a difference. The table says which side it is, and why."
    )
    parts.table(answer, shown, "Criteria on which the two cannot be compared", empty="There is none.")


def _same(rows: Sequence[Mapping[str, str]]) -> None:
    st.header(f"Where they are the same ({len(rows)})", anchor=False)
    listed = [
        f"- **{plain(sentence(row['criterionName']))}**: {plain(row['value'])}"
        + (f", under {plain(row['conditionsShared'].replace('; ', ', '))}" if row["conditionsShared"] else "")
        for row in rows
    ]
    st.markdown("\n".join(listed) or "On none of these criteria.")
