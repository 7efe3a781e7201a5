"""What stands around a thing: its neighbours by kind of link, drawn as a graph to walk and told as a list.

Every neighbour that has a page is a link to it, in drawing and list alike. A kind with many members
shows the first few and says how many more there are; the page's own lists hold them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import drawing, frame, parts, store
from lanzarote_atlas.dashboard.text import href, page_of, plain, sentence, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FEW = 5
_LETTERS = 60
_LINE = 26


@dataclass(frozen=True)
class Kind:
    """The neighbours that one kind of link leads to."""

    name: str
    things: Sequence[tuple[str, str]]
    """Label and address of each, the nearest first."""
    upward: bool = False
    """Whether the thing in the middle rests on them, and not they on it."""

    def shown(self) -> Sequence[tuple[str, str]]:
        """Return the first few."""
        return self.things[:_FEW]

    def more(self) -> int:
        """Return how many are not shown."""
        return max(len(self.things) - _FEW, 0)


def of_state(label: str, iri: str) -> str:
    """Return a label with its State in front where the thing is a national provision."""
    kind, _, rest = terms.compact(iri).removeprefix("id/").partition("/")
    code = rest.partition("/")[0]
    national = kind == "provision" and code in store.state_names()
    return f"{frame.state_name(code)}: {label}" if national else label


def draw(centre: str, kinds: Sequence[Kind]) -> None:
    """Draw the graph around a thing, then the same as a list of links."""
    found = [kind for kind in kinds if kind.things]
    if not found:
        return
    st.subheader("Links", anchor=False, help="What is linked to this, by kind of link. Each name is a link.")
    st.graphviz_chart(graph(centre, found, drawing.ink()), alt=told(centre, found))
    with st.container(key="neighbours", gap="xsmall"):
        for kind in found:
            _listed(kind)


def told(centre: str, kinds: Sequence[Kind]) -> str:
    """Return the graph in one sentence, for those who do not see the drawing."""
    return f"{centre}: " + "; ".join(
        f"{kind.name} {', '.join(short(label, _LETTERS) for label, _ in kind.shown())}{_and_more(kind)}"
        for kind in kinds
    )


def graph(centre: str, kinds: Sequence[Kind], colours: Mapping[str, str]) -> str:
    """Return the graph in Graphviz's language: left what the thing rests on, right what rests on it."""
    faces = drawing.faces(colours)
    inside = [f"  middle [label={drawing.quoted(drawing.wrapped(centre, _LINE))}, penwidth=3, fontsize=15];"]
    for place, kind in enumerate(kinds):
        inside += _branch(f"kind{place}", kind)
    return "\n".join(
        (
            "digraph links {",
            '  bgcolor="transparent"; rankdir="LR"; ranksep=0.35; nodesep=0.12;',
            f'  node [shape=box, style="rounded,filled", fillcolor="{colours["fill"]}", {faces}];',
            f"  edge [{faces}, arrowhead=none];",
            *inside,
            "}",
        )
    )


def _branch(name: str, kind: Kind) -> list[str]:
    """Return a kind of link as lines of a graph: its name beside the middle, its members beyond."""
    label = drawing.quoted(drawing.wrapped(sentence(kind.name)))
    found = [f'  {name} [label={label}, shape=plaintext, style="", fontname="sans-serif:italic"];']
    found.append(f"  {name} -> middle;" if kind.upward else f"  middle -> {name};")
    boxes = [_box(label, iri) for label, iri in kind.shown()]
    if kind.more():
        boxes.append(f'label="and {kind.more()} more", shape=plaintext, style=""')
    for place, box in enumerate(boxes):
        member = f"{name}_{place}"
        found.append(f"  {member} [{box}];")
        found.append(f"  {member} -> {name};" if kind.upward else f"  {name} -> {member};")
    return found


def _box(label: str, iri: str) -> str:
    target = page_of(iri)
    text = drawing.quoted(drawing.wrapped(short(label, _LETTERS), _LINE))
    return f"label={text}" + (
        f", URL={drawing.quoted(href(*target))}, tooltip={drawing.quoted(label)}" if target else ""
    )


def _listed(kind: Kind) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{plain(sentence(kind.name))}**", width="content")
        for label, iri in kind.shown():
            target = page_of(iri)
            if target:
                parts.link(plain(short(label, _LETTERS)), target[0], target[1])
            else:
                st.markdown(plain(short(label, _LETTERS)), width="content")
        if kind.more():
            st.markdown(_and_more(kind).strip(), width="content")


def _and_more(kind: Kind) -> str:
    return f" and {kind.more()} more" if kind.more() else ""
