"""The principles of Article 25: all States at a glance, a principle with its rule, one State in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import (
    address,
    comparison,
    frame,
    marks,
    matrix,
    parts,
    positions,
    principle,
    store,
)
from lanzarote_atlas.dashboard.text import href, lines, listed, plain, sentence, within

if TYPE_CHECKING:
    from lanzarote_atlas.dashboard.citations import Cited
    from lanzarote_atlas.dashboard.positions import Cell

_THEME = "iv-jurisdiction-rules"
_ARTICLE = "cets-201/art-25"
_VIEWS = {"states": "All States", "state": "One State in detail"}
_SHORT_LEGEND = "✓ yes · ◐ conditional · ✕ no · ¶ told in words · § special rules for named offences"


def render() -> None:
    """Draw the page."""
    address.opened("jurisdiction", ("view", "principle", "criterion", principle.CONDITION))
    code, name = frame.state()
    criteria = _criteria()
    chosen = address.value("principle", criteria)
    if chosen:
        _principle(chosen, criteria)
        return
    parts.heading(
        f"Jurisdiction: {name}",
        f"When may {plain(within(name))}, and when may any other State, prosecute an offence that crosses "
        "borders? The principles of Article 25 of the Convention, each with its conditions, provision and "
        "sources.",
    )
    parts.link("Article 25 of the Convention", "provisions", icon=":material/menu_book:", provision=_ARTICLE)
    if address.given().get("criterion"):
        _detail(code, name)
        return
    if address.tabs("View", "view", _VIEWS) == "state":
        _detail(code, name)
    else:
        _heat(code, criteria)


def _criteria() -> dict[str, str]:
    """Return the criteria of the chapter, name to label, in their order."""
    asked = store.ask("which-questions-does-the-atlas-ask", theme=_THEME).rows
    labels = {terms.local_name(row["address"]): row["criterion"] for row in asked}
    order = [name for scheme, name in store.words() if scheme == "criterion"]
    return {name: labels[name] for name in order if name in labels}


def _heat(code: str, criteria: dict[str, str]) -> None:
    """Draw every principle and every State in one table of signs and words."""
    answer = store.ask("compare-states-by-criteria", theme=_THEME)
    principles = {name: label for name, label in criteria.items() if _is_principle(name)}
    rows = comparison.rows(answer.rows, principles)
    others = [state for state in frame.state_names() if state != code]
    drawing = _drawing(code)
    limits = [
        f"[{plain(sentence(criteria[name]))}]({_way(name)})" for name in criteria if name not in principles
    ]
    st.markdown(
        "A principle opens its rule and its conditions, a position its full story. "
        f"What limits the principles: {', '.join(limits)}."
    )
    st.html(drawing.heat(rows, [code, *others], "Principles of jurisdiction in all States", _way))
    parts.small(_SHORT_LEGEND)
    st.markdown(positions.LEGEND)
    parts.cite_view("Principles of jurisdiction in all States", answer)
    parts.behind(answer)


def _is_principle(criterion: str) -> bool:
    return store.ask("criterion", criterion=criterion).rows[0]["isPrinciple"] == "true"


def _drawing(code: str) -> matrix.Drawing:
    stories = matrix.stories({"theme": _THEME})
    return matrix.Drawing(frame.state_names(), comparison.special(), stories, code)


def _way(criterion: str) -> str:
    return href("jurisdiction", {"principle": criterion})


def _principle(chosen: str, criteria: dict[str, str]) -> None:
    """Draw the page of one principle, or of what limits them."""
    label = sentence(criteria[chosen])
    answer = store.ask("compare-states-by-criteria", criterion=chosen)
    row = next(iter(comparison.rows(answer.rows, {chosen: criteria[chosen]})), comparison.Row(chosen, label))
    principle.rule(chosen, label)
    options = {name: sentence(text) for name, text in criteria.items()}
    address.select("Principle or limit", "principle", options, default=chosen)
    principle.conditions(row)
    principle.who_has_none(chosen)
    principle.statements(chosen)
    principle.recommendations(chosen)
    principle.special(chosen)
    st.header("Every State", anchor=False)
    drawing = _drawing(frame.state()[0])
    st.html(drawing.by_state(row, list(frame.state_names()), f"{label}: every State"))
    parts.small(matrix.LEGEND)
    parts.cite_view(f"{label} in all States", answer)
    parts.behind(answer)


def _detail(code: str, name: str) -> None:
    """Draw all principles and limits of one State, each with its accounts."""
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
        if cell.deciding:
            _accounts(cell)
        for cited in cell.special:
            st.markdown(positions.for_offences(cited))
            parts.permanent(cited["assessment"])


def _accounts(cell: Cell) -> None:
    """Draw what decides a cell in general, and beside it what else is on record."""
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
    parts.permanent(cited["assessment"], citable="criterion" in address.given())


def _reading(cited: Cited) -> str:
    """Return how the position was read: stage of the law and its dates, confidence, grade of the evidence."""
    stage = store.word("legal-stage", cited["stage"]).label
    confidence = store.word("confidence", cited["confidence"]).label
    return f"{stage}, {positions.span(cited)}, {confidence} confidence, {marks.grade(cited['grade'])}"
