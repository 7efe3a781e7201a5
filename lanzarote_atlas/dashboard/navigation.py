"""The way from page to page: links under headings in the sidebar, and one box to search from.

Streamlit's own navigation with sections nests lists in a way that screen readers count wrongly, so the links
are drawn here; State, date and names go along with each.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas.dashboard import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from streamlit.navigation.page import Page

SEARCH = "search"
"""The page to which the search box leads."""


@dataclass(frozen=True)
class Entry:
    """A page of the dashboard: its key, which is also its address, its title and what draws it."""

    key: str
    title: str
    render: Callable[[], None]
    section: str = ""
    """The heading under which the sidebar lists it; those of one section stand together."""


def chosen(table: Sequence[Entry]) -> tuple[Mapping[str, Page], Page]:
    """Return the pages by key, and the one that the reader chose.

    The first is the home page, at the bare address and at one of its own: a link to the bare address, opened
    beside the page where it stands, would open that page again.
    """
    pages = {entry.key: st.Page(entry.render, title=entry.title, url_path=entry.key) for entry in table}
    home = st.Page(table[0].render, title=table[0].title, default=True)
    page = st.navigation([home, *pages.values()], position="hidden")
    if page is home:
        pages[table[0].key] = home
    return pages, page


def draw(name: str, table: Sequence[Entry]) -> None:
    """Draw the name of the atlas, the search box and the links to the pages of the table."""
    with st.container(key="brand"):
        st.markdown(name)
    if any(entry.key == SEARCH for entry in table):
        _search_box()
    with st.container(gap=None, key="navigation"):
        for section, entries in groupby(table, key=lambda entry: entry.section):
            if section:
                st.markdown(section)
            for entry in entries:
                parts.link(entry.title, entry.key)


def _search_box() -> None:
    with (
        st.form("navigation.find", clear_on_submit=True, border=False),
        st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom"),
    ):
        words = st.text_input("Search the atlas", type="search", placeholder="Word or number")
        asked = st.form_submit_button("Find")
    if asked and words and words.strip():
        parts.go(SEARCH, text=words.strip())
