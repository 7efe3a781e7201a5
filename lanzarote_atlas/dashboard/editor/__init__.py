"""The box in which a query is written: words in colours as they are typed, a fault marked where it stands.

A component of Streamlit's second kind, drawn in the page itself from the files beside this one: no frame, no
request. What the reader types last is what counts: a text of the page's own takes its place only under a
newer version.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.components.v2.types import ComponentRenderer

_FILES = Path(__file__).parent
_NAME = "lanzarote_atlas.editor"
_DRAFT = "draft"


class Fault(NamedTuple):
    """Where a query is wrong, lines and columns counted from 1 in characters, and why."""

    line: int
    column: int
    message: str


class Draft(NamedTuple):
    """What the reader wrote last, under which version of the page's text, and whether it is asked."""

    text: str
    version: int
    ask: bool


def box(key: str, text: str, version: int, fault: Fault | None, on_change: Callable[[], None]) -> None:
    """Draw the box. It takes `text` where `version` is newer than the one it knows.

    When it has something to tell, `on_change` is called, and `draft` returns it. The fault is marked while
    the box holds the very text that is given here.
    """
    shown = fault._asdict() if fault else None
    data = {"text": text, "version": version, "fault": shown}
    _component()(key=key, data=data, on_draft_change=on_change)


def draft(key: str) -> Draft | None:
    """Return what the box last told, None where it told nothing or what no box of ours tells."""
    told = st.session_state.get(key, {}).get(_DRAFT)
    try:
        return Draft(str(told["text"]), int(told["version"]), told["ask"] is True)
    except (KeyError, TypeError, ValueError):
        return None


@cache
def _component() -> ComponentRenderer:
    """Return the component, registered when it is first drawn."""
    html, css, tokens, editor = (
        (_FILES / name).read_text(encoding="utf-8")
        for name in ("editor.html", "editor.css", "tokens.js", "editor.js")
    )
    return st.components.v2.component(
        _NAME, html=html, css=css, js=f"{tokens}\n{editor}", isolate_styles=False
    )
