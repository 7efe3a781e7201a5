"""The answer to a query of the reader's own: as table, triples, chart, files and link, and from elsewhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import exports, snippets
from lanzarote_atlas.dashboard import address, charts, store
from lanzarote_atlas.errors import QueryError
from lanzarote_atlas.store import Table, Triples, guard

if TYPE_CHECKING:
    from collections.abc import Callable

    from lanzarote_atlas.store import Answer

_NAME = "own query"
_LINES = 400
"""Lines of Turtle that a page shows; the file has them all."""
_FITS, _HEIGHT = 20, 480
"""Lines that are shown whole, and the height in pixels in which more are scrolled."""
_JSON = ("json", "application/sparql-results+json")


def show(query: str, answer: Answer, link: str) -> None:
    """Draw the answer to a query, its files and chart, its link and how to run it from elsewhere."""
    if isinstance(answer, Table):
        _rows(query, answer, link)
    elif isinstance(answer, Triples):
        _triples(answer)
    else:
        st.markdown("**Yes**" if answer else "**No**: nothing on record matches; that is not a finding.")
        _files({"JSON": (*_JSON, lambda: exports.as_json(answer).encode())})
    _shared(link)
    elsewhere(query, "own")


def elsewhere(query: str, key: str) -> None:
    """Draw the snippets that put the query to the service, drawn once a reader opens them."""
    folded = st.expander(
        "Run this query from curl, Python or R",
        icon=":material/terminal:",
        key=f"elsewhere.{key}",
        on_change="rerun",
    )
    if not folded.open:
        return
    try:
        form = guard.read(query, guard.limits()).form
    except QueryError:
        folded.markdown("The service would refuse this query.")
        return
    made = snippets.snippets(query, form)
    with folded:
        st.caption(
            f"They ask the service at `{snippets.service()}`, under the same limits. "
            "`lanzarote serve` starts one on your own machine."
        )
        for tab, (language, text) in zip(st.tabs(list(made)), made.values(), strict=True):
            tab.code(text, language=language, wrap_lines=True)


def _rows(query: str, table: Table, link: str) -> None:
    count = f"**{len(table.rows):,} {'row' if len(table.rows) == 1 else 'rows'}**"
    st.markdown(count + (", cut off at the limit" if table.truncated else ""))
    if not table.rows:
        st.caption("Nothing on record matches; an empty answer is not a no.")
    else:
        rows = table.dicts()
        columns = {name: [row[name] for row in rows] for name in table.columns}
        st.dataframe(columns, hide_index=True, alt="Rows of the answer")
    taken = _taken(query, link)
    book = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    _files(
        {
            "CSV": ("csv", "text/csv", partial(exports.csv_file, table, taken)),
            "XLSX": ("xlsx", book, partial(exports.xlsx_file, table, taken)),
            "JSON": (*_JSON, lambda: exports.as_json(table).encode()),
        }
    )
    charts.section(table)


def _triples(answer: Triples) -> None:
    turtle = exports.as_turtle(answer)
    lines = turtle.splitlines()
    count = len(answer.triples)
    st.markdown(f"**{count:,} {'triple' if count == 1 else 'triples'}**")
    st.code("\n".join(lines[:_LINES]), language="turtle", height=_HEIGHT if len(lines) > _FITS else "content")
    if len(lines) > _LINES:
        st.caption(f"The first {_LINES} of {len(lines):,} lines; the file has them all.")
    _files({"Turtle": ("ttl", "text/turtle", turtle.encode)})


def _files(forms: dict[str, tuple[str, str, Callable[[], bytes]]]) -> None:
    """Draw a button for each form; a file is made when its button is pressed."""
    build = store.origin().build_id[:12]
    name = "_".join(part for part in ("own-query", build) if part)
    with st.container(horizontal=True, vertical_alignment="center"):
        for form, (ending, media, make) in forms.items():
            st.download_button(
                form,
                data=make,
                file_name=f"{name}.{ending}",
                mime=media,
                icon=":material/download:",
                on_click="ignore",
                help=f"The whole answer as {form}",
            )


def _taken(query: str, link: str) -> exports.Taken:
    source = store.origin()
    return exports.Taken(
        title="Answer to a query of the reader's own",
        query=_NAME,
        parameters={},
        sparql=query,
        address=link,
        build_id=source.build_id,
        as_at=source.as_at,
        day=address.today(),
    )


def _shared(link: str) -> None:
    with st.expander("Link that asks this query anew", icon=":material/link:"):
        if link:
            st.code(link, language=None, wrap_lines=True)
        else:
            st.markdown(
                "The query is too long for an address that every browser, mail program and server passes on "
                "whole. Share its text, or run it with the lines below."
            )
