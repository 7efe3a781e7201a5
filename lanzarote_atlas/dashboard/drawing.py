"""What every drawing in Graphviz's language shares: colours for light and dark, quoted and broken texts.

The browser draws with what Streamlit brings along and asks no other machine. Texts come from the data: each
is quoted. Under every drawing the same stands in words.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = 18
LIGHT = {"line": "#1f4e79", "text": "#1d2430", "fill": "#f4f2ed"}
DARK = {"line": "#8ab8e6", "text": "#e8e6e1", "fill": "#1d232c"}


def ink() -> dict[str, str]:
    """Return the colours of line, text and fill that go with the reader's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def faces(colours: Mapping[str, str]) -> str:
    """Return how nodes and arrows look alike."""
    return (
        f'color="{colours["line"]}", fontcolor="{colours["text"]}", fontname="sans-serif", fontsize=13, '
        'target="_self"'
    )


def wrapped(label: str, width: int = _WIDTH) -> str:
    """Return a label broken into lines that a box can hold."""
    return "\n".join(textwrap.wrap(label, width))


def quoted(text: str) -> str:
    """Return a text such that Graphviz shows it letter by letter."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
