"""Which principles of Article 25 a State applies, under which conditions, and where sources differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas.dashboard import address, frame, marks, parts, positions, store
from lanzarote_atlas.dashboard.text import lines, listed, plain

if TYPE_CHECKING:
    from lanzarote_atlas.dashboard.citations import Cited
    from lanzarote_atlas.dashboard.positions import Cell

_THEME = "iv-jurisdiction-rules"


def render() -> None:
    """Draw the page."""
    address.opened("jurisdiction", ("criterion",))
    code, name = frame.state()
    parts.heading(
        f"Jurisdiction: {name}",
        f"When may {plain(name)} prosecute an offence that crosses borders? The principles of Article 25 of "
        "the Convention, each with its conditions, provision and sources; then what limits them.",
    )
    parts.link(
        "Article 25 of the Convention", "provisions", icon=":material/menu_book:", provision="cets-201/art-25"
    )
    answer = store.ask("positions", state=code, theme=_THEME)
    cells = positions.cells(answer.rows)
    options = {cell.criterion: cell.label for cell in cells if not cell.principle}
    chosen = address.select(
        "Principle or condition",
        "criterion",
        options,
        every="All",
        explain=parts.meaning("", "JurisdictionPrinciple"),
    )
    st.markdown(positions.LEGEND)
    if not chosen and cells:
        parts.table(answer, [positions.glance(cell) for cell in cells], f"At a glance: {name}", empty="")
    shown = [cell for cell in cells if chosen in (None, cell.criterion)]
    _group("Principles", [cell for cell in shown if cell.is_principle])
    _group("Conditions and limits", [cell for cell in shown if not cell.is_principle])
    if not cells:
        st.markdown(marks.cell("not-assessed"))
    if chosen or not cells:
        parts.behind(answer, "list")


def _group(title: str, cells: list[Cell]) -> None:
    if not cells:
        return
    st.header(title, anchor=False)
    for cell in cells:
        _cell(cell)


def _cell(cell: Cell) -> None:
    with st.container(border=True):
        st.subheader(plain(cell.label), anchor=False, help=plain(cell.question))
        st.markdown(cell.sign())
        if not cell.deciding:
            return
        if not cell.others:
            for cited in cell.deciding:
                _account(cited)
            return
        left, right = st.columns(2)
        with left:
            st.markdown(
                "**What decides**" if cell.status != "conflicting" else "**The best sources, which disagree**"
            )
            for cited in cell.deciding:
                _account(cited)
        with right:
            st.markdown("**Also on record**")
            if any(cited["value"] == "not-reported" for cited in cell.others):
                st.markdown(
                    "The Committee was given no answer; what stands beside this comes from other sources."
                )
            for cited in cell.others:
                _account(cited)


def _account(cited: Cited) -> None:
    silent = cited["value"] == "not-reported"
    conditions = lines(cited["conditions"])
    st.markdown(
        f"{marks.position(cited['value'], cited['valueLabel'])} {plain(cited['summary'])}"
        + positions.covered(cited)
        + parts.note(cited["note"])
        + ("\n\nConditions:\n" + listed(plain(line) for line in conditions) if conditions else "")
    )
    parts.links("Provision", cited["provisions"])
    if not cited["provisions"] and not silent:
        parts.small("The source names no provision.")
    parts.small(f"Source: {cited.line()} · {_reading(cited)}")
    parts.permanent(cited["assessment"])


def _reading(cited: Cited) -> str:
    """Return how the position was read: stage of the law, confidence, grade of the evidence."""
    stage = store.word("legal-stage", cited["stage"]).label
    confidence = store.word("confidence", cited["confidence"]).label
    return f"{stage}, {confidence} confidence, {marks.grade(cited['grade'])}"
