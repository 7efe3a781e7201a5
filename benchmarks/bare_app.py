"""What the dashboard is measured against: a Streamlit app with the same widgets and nothing behind them.

ATLAS_BENCH_PAGES holds, as JSON, the pages found in the dashboard: heading, path, and for each kind of widget
the size of every one. Whatever time Streamlit and the browser take for such a page, this takes; what the
dashboard takes above it is its own.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, TypedDict

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

# Of a text its characters; of a table its rows and columns; of tabs their number; of others nothing of use.
# (No docstring: Streamlit would write it on the page.)
Size = list[int]


class Page(TypedDict):
    """A page as it was found in the dashboard."""

    heading: str
    path: str
    widgets: dict[str, list[Size]]
    folded: dict[str, list[Size]]
    """Those inside closed expanders, which the browser need not lay out."""


PAGES = "ATLAS_BENCH_PAGES"
_OPTIONS = [f"Option {number}" for number in range(50)]


def _text(size: Size) -> str:
    return ("A line of plain words. " * (size[0] // 23 + 1))[: max(1, size[0])]


def _columns(size: Size) -> dict[str, list[str]]:
    rows, columns = size
    return {f"Column {place}": [f"cell {row}" for row in range(rows)] for place in range(columns)}


def _chart() -> None:
    bars = {"State": _OPTIONS, "number": list(range(len(_OPTIONS)))}
    st.bar_chart(bars, x="State", y="number")


def _graph(size: Size) -> None:
    edges = " ".join(f"a{number} -> a{number + 1};" for number in range(max(1, size[0] - 1)))
    st.graphviz_chart(f"digraph {{ {edges} }}")


# By the name that Streamlit gives each kind in the page (data-testid): how one is drawn, given a key.
DRAW: dict[str, Callable[[str, Size], object]] = {
    "stHeading": lambda _key, size: st.subheader(_text(size)),
    "stMarkdown": lambda _key, size: st.markdown(_text(size)),
    "stHtml": lambda _key, size: st.html(f"<p>{_text(size)}</p>"),
    "stCode": lambda _key, size: st.code(_text(size), language="sparql"),
    "stAlert": lambda _key, size: st.info(_text(size)),
    "stSelectbox": lambda key, _size: st.selectbox("Select", _OPTIONS, key=key),
    "stMultiSelect": lambda key, _size: st.multiselect("Select", _OPTIONS, key=key),
    "stRadio": lambda key, _size: st.radio("Choose", _OPTIONS[:3], key=key),
    "stButtonGroup": lambda key, _size: st.pills("Choose", _OPTIONS[:3], key=key),
    "stCheckbox": lambda key, _size: st.checkbox("Check", key=key),
    "stTextInput": lambda key, _size: st.text_input("Write", key=key),
    "stTextArea": lambda key, _size: st.text_area("Write", key=key),
    "stNumberInput": lambda key, _size: st.number_input("Number", key=key),
    "stDateInput": lambda key, _size: st.date_input("Date", key=key),
    "stFileUploader": lambda key, _size: st.file_uploader("File", key=key),
    "stSlider": lambda key, _size: st.slider("Slide", key=key),
    "stButton": lambda key, _size: st.button("Press", key=key),
    "stDownloadButton": lambda key, _size: st.download_button("Download", "text", key=key),
    "stLinkButton": lambda _key, _size: st.link_button("Link", "https://www.coe.int"),
    "stPageLink": lambda _key, _size: st.page_link("https://www.coe.int", label="Link"),
    "stMetric": lambda _key, _size: st.metric("Metric", 1),
    "stDataFrame": lambda key, size: st.dataframe(_columns(size), key=key),
    "stTable": lambda _key, size: st.table(_columns(size)),
    "stVegaLiteChart": lambda _key, _size: _chart(),
    "stGraphVizChart": lambda _key, size: _graph(size),
    "stExpander": lambda _key, _size: st.expander("More"),
    "stPopover": lambda _key, _size: st.popover("More"),
    "stTabs": lambda _key, size: st.tabs(_OPTIONS[: size[0]]),
}


def _draw(page: Page) -> None:
    st.title(page["heading"])
    widgets = page["widgets"]
    if any(page["folded"].values()):
        # One expander holds what several do in the dashboard; it is one of those that were counted.
        widgets = {**widgets, "stExpander": widgets["stExpander"][1:]}
        with st.expander("More"):
            _draw_all(page["folded"], "folded")
    _draw_all(widgets, "open")


def _draw_all(widgets: dict[str, list[Size]], where: str) -> None:
    for kind, sizes in widgets.items():
        for place, size in enumerate(sizes):
            DRAW[kind](f"{where}-{kind}-{place}", size)


def _page(page: Page, place: int) -> st.Page:
    def run() -> None:
        _draw(page)

    return st.Page(
        run, title=page["heading"], url_path=page["path"].strip("/") or "first", default=place == 0
    )


def main() -> None:
    """Serve the pages."""
    pages: list[Page] = json.loads(os.environ[PAGES])
    st.navigation([_page(page, place) for place, page in enumerate(pages)], expanded=True).run()


if __name__ == "__main__":
    main()
