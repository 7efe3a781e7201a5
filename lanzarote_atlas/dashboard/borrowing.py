"""Who already does what is asked: the models of a recommendation or criterion in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import models
from lanzarote_atlas.dashboard import frame, marks, parts, store
from lanzarote_atlas.dashboard.citations import gather
from lanzarote_atlas.dashboard.text import lines, linked_all, plain, within

if TYPE_CHECKING:
    from lanzarote_atlas.models import Model


def draw(asked: str, borrower: str, *, expected: bool = True) -> None:
    """Draw the models of what is asked, a recommendation or criterion by its address, for a State by its own.

    `expected` tells whether the Convention prefers an answer at all.
    """
    st.header("Who already does it", anchor=False, help=parts.meaning("", "asksFor"))
    answer = store.ask(models.QUERY, recommendation=asked)
    nearest = store.ask(models.LIKENESS, state=borrower)
    found = models.ordered(answer.rows, nearest.rows, borrower)
    if not expected:
        st.markdown("The Convention prefers no answer to this question, so none is a model.")
    elif not found:
        st.markdown(f"{marks.cell('not-assessed')} No other State is known here to do it.")
    else:
        name = plain(within(frame.state_name(borrower)))
        st.markdown(
            f"**{_counted(found)}.** In the order in which {name} may read them: {models.ORDER}. "
            "No source of the atlas sorts States into families of law."
        )
    places = {id(model): place for place, model in enumerate(found, start=1)}
    for model in parts.paged(found, "models") if found else ():
        _entry(model, places[id(model)])
    parts.behind(answer, "list")


def _counted(found: list[Model]) -> str:
    states = len({model.state for model in found})
    wholly = len({model.state for model in found if model.wholly})
    return f"{states} State{'' if states == 1 else 's'}, {wholly} of them wholly"


def _entry(model: Model, place: int) -> None:
    first = model.rows[0]
    said = gather(model.rows, "summary")
    confined = f", for {first['principle']}" if first["principle"] else ""
    limits = [plain(line) for line in lines(first["conditions"])]
    provisions = "\n".join(
        dict.fromkeys(line for row in model.rows for line in row["provisions"].splitlines())
    )
    told = "  \n".join(plain(cited["summary"]) for cited in said)
    parts.entry(
        f"{place} · {marks.position(first['value'], first['valueLabel'])} "
        f"**{plain(frame.state_name(model.state))}**{plain(confined)} {marks.grade(first['grade'])}",
        told + (f"  \nConditions: {'; '.join(limits)}" if limits else ""),
        parts.joined(
            linked_all(provisions) or "no provision named",
            f"Source: {'; '.join(cited.line() for cited in said)}",
        )
        + f"  \nWhy in this place: {plain('; '.join(model.reasons))}",
    )
