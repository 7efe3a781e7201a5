"""The drawing of a referral route: who passed a report on to whom, in Graphviz's language.

Names come from the data, so each is quoted; the same steps stand as a list beside the drawing.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lanzarote_atlas.dashboard.citations import Cited

_WIDTH = 18
_LIGHT = {"line": "#1f4e79", "text": "#1d2430", "fill": "#f4f2ed"}
_DARK = {"line": "#8ab8e6", "text": "#e8e6e1", "fill": "#1d232c"}


def drawing(steps: Sequence[Cited], *, dark: bool) -> str:
    """Return the route as a directed graph, top to bottom, each arrow with the number of its step."""
    ink = _DARK if dark else _LIGHT
    arrows = [
        f"  {_quoted(step['from'])} -> {_quoted(step['to'])} [label={_quoted(' ' + step['place'])}];"
        for step in steps
    ]
    bodies = {step["from"]: step["fromLabel"] for step in steps} | {
        step["to"]: step["toLabel"] for step in steps
    }
    boxes = [f"  {_quoted(iri)} [label={_quoted(_wrapped(label))}];" for iri, label in bodies.items()]
    faces = f'color="{ink["line"]}", fontcolor="{ink["text"]}", fontname="sans-serif", fontsize=13'
    return "\n".join(
        (
            "digraph route {",
            '  bgcolor="transparent"; rankdir="TB"; ranksep=0.35; nodesep=0.3;',
            f'  node [shape=box, style="rounded,filled", fillcolor="{ink["fill"]}", {faces}];',
            f"  edge [{faces}];",
            *boxes,
            *arrows,
            "}",
        )
    )


def told(steps: Sequence[Cited]) -> str:
    """Return the route in one sentence, for those who do not see the drawing."""
    return "; ".join(f"step {step['place']}: {step['fromLabel']} to {step['toLabel']}" for step in steps)


def _wrapped(label: str) -> str:
    return "\n".join(textwrap.wrap(label, _WIDTH))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
