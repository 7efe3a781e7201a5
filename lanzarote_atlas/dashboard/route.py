"""The drawing of a referral route: who passed a report on to whom, in Graphviz's language.

Names come from the data, so each is quoted; the same steps stand as a list beside the drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanzarote_atlas.dashboard.drawing import faces, quoted, wrapped
from lanzarote_atlas.dashboard.text import date, named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lanzarote_atlas.dashboard.citations import Cited

_LINE = 26


def drawing(steps: Sequence[Cited], colours: Mapping[str, str]) -> str:
    """Return the route as a directed graph, top to bottom; each arrow bears its step, date and provisions."""
    arrows = [
        f"  {quoted(step['from'])} -> {quoted(step['to'])} [label={quoted(_on_arrow(step))}];"
        for step in steps
    ]
    bodies = {step["from"]: step["fromLabel"] for step in steps} | {
        step["to"]: step["toLabel"] for step in steps
    }
    boxes = [f"  {quoted(iri)} [label={quoted(wrapped(label))}];" for iri, label in bodies.items()]
    look = faces(colours)
    return "\n".join(
        (
            "digraph route {",
            '  bgcolor="transparent"; rankdir="TB"; ranksep=0.35; nodesep=0.3;',
            f'  node [shape=box, style="rounded,filled", fillcolor="{colours["fill"]}", {look}];',
            f"  edge [{look}];",
            *boxes,
            *arrows,
            "}",
        )
    )


def _on_arrow(step: Cited) -> str:
    """Return number and date of a step, and under them the provisions that it rests on."""
    head = f"{step['place']}. {date(step['when'])}".strip()
    cited = "; ".join(label for label, _ in named(step["provisions"]))
    return "\n".join(f" {line}" for line in [head, *wrapped(cited, _LINE).splitlines()])


def told(steps: Sequence[Cited]) -> str:
    """Return the route in one sentence, for those who do not see the drawing."""
    return "; ".join(f"step {step['place']}: {step['fromLabel']} to {step['toLabel']}" for step in steps)
