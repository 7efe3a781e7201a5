"""A query of the reader's own: judged by the guard, answered in a process that can be ended."""

from __future__ import annotations

import streamlit as st

from lanzarote_atlas import exports, settings
from lanzarote_atlas.dashboard import store
from lanzarote_atlas.dashboard.text import plain
from lanzarote_atlas.errors import QueryError, StoreError
from lanzarote_atlas.store import Answer, Table, Triples

_BEGINNING = (
    "SELECT ?state ?label\nWHERE { ?state a lz:State ; skos:prefLabel ?label }\nORDER BY ?state ?label"
)
_HEIGHT = 180


def section() -> None:
    """Draw the box for a query and, once it was sent, the answer or why there is none."""
    with st.expander("Write your own query (SPARQL 1.1)"), st.form("own-query", border=False):
        written = st.text_area("Query", _BEGINNING, height=_HEIGHT, key="own-query-text")
        st.caption(plain(_limits()))
        sent = st.form_submit_button("Ask")
    if not sent:
        return
    try:
        with st.spinner("Asking"):
            answer = store.own(written)
    except (QueryError, StoreError) as error:
        st.warning(plain(str(error)))
        return
    _show(answer)


def _limits() -> str:
    known = settings.current()
    return (
        f"Read only. At most {known.query_seconds:g} seconds and {known.query_rows:,} rows. "
        "The prefixes of the atlas are known."
    )


def _show(answer: Answer) -> None:
    if isinstance(answer, Table):
        st.markdown(f"**{len(answer.rows):,} rows**" + (", cut off at the limit" if answer.truncated else ""))
        rows = answer.dicts()
        st.dataframe({name: [row[name] for row in rows] for name in answer.columns}, hide_index=True)
        st.download_button(
            "Download as CSV", exports.as_csv(answer), "answer.csv", "text/csv", on_click="ignore"
        )
    elif isinstance(answer, Triples):
        turtle = exports.as_turtle(answer)
        st.code(turtle, language="turtle")
        st.download_button("Download as Turtle", turtle, "answer.ttl", "text/turtle", on_click="ignore")
    else:
        st.markdown("**Yes**" if answer else "**No**")
