"""Ask the atlas: a named query with a form for its parameters, or a query of the reader's own.

Either way the address holds what was asked, and the answer can be taken away or asked from elsewhere.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import catalogue, exports, terms
from lanzarote_atlas.dashboard import address, charts, frame, own_answer, parts, store
from lanzarote_atlas.dashboard.pages import own_query
from lanzarote_atlas.dashboard.text import date, href, listed, page_of, plain, sentence, within
from lanzarote_atlas.errors import QueryError, UsageError

if TYPE_CHECKING:
    from streamlit.elements.lib.column_types import ColumnConfig

    from lanzarote_atlas.catalogue import NamedQuery, Parameter

_FOLDERS = {"answers": "Question", "views": "View"}
_GROUPS = {
    "answers": "What a reader may want to know, each answered by one query.",
    "views": "What the pages of this dashboard show, query by query.",
}
_PARTS = {"named": "Named queries", "own": "Your own query"}
_TAKEN = (own_query.PART, own_query.SPARQL, "query", "find", "group", address.PAGE)
"""The parameters of the address, besides those of the chart and of the query chosen."""
_WIDE = 60
_LAST = r"=([^=]+)$"
"""What a link shows: the id at the end of the address."""
_NUMBER = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?")


def render() -> None:
    """Draw the page."""
    queries = catalogue.queries()
    named = queries.get(address.given().get("query", ""))
    names = [parameter.name for parameter in named.parameters] if named else []
    address.opened("query", (*_TAKEN, *charts.CHOICES, *names))
    parts.heading(
        "Query",
        "Each named query answers one question: choose one and fill in its parameters. Or write a query of "
        "your own. The address of this page then reproduces the answer.",
    )
    if address.tabs("Kind of query", own_query.PART, _PARTS) == "own":
        own_query.section()
        return
    titles = {
        name: f"{_FOLDERS.get(query.folder, query.folder)}: {query.title}" for name, query in queries.items()
    }
    chosen = address.select("Query", "query", titles, every="Choose a query")
    if not chosen:
        _catalogue(queries)
        return
    query = queries[chosen]
    st.markdown(f"**{plain(query.question)}**")
    given = {parameter.name: _ask_for(parameter) for parameter in query.parameters}
    _run(query, {name: value for name, value in given.items() if value})


def _catalogue(queries: dict[str, NamedQuery]) -> None:
    """Draw the queries of one group whose titles, questions or columns hold the words looked for."""
    words = address.search_box(
        "Find a query", "find", explain="Words of its title, question, parameters or columns"
    )
    found = [query for query in queries.values() if _matches(query, words)]
    groups = {
        folder: f"{label}s ({sum(query.folder == folder for query in found)})"
        for folder, label in _FOLDERS.items()
    }
    folder = address.tabs("Group", "group", groups)
    st.caption(_GROUPS[folder])
    rows = [query for query in found if query.folder == folder]
    if not rows:
        parts.empty(f"No query of this group has the words “{plain(words)}”.", "Fewer words find more.")
    for query in parts.paged(rows, "queries"):
        with st.container(gap="xsmall"):
            parts.link(plain(query.title), "query", {"query": query.name, **query.example})
            st.markdown(plain(query.question), width=720)
            parts.small(f"Columns: {plain(', '.join(query.columns))}")


def _matches(query: NamedQuery, words: str) -> bool:
    parameters = (f"{parameter.name} {parameter.help}" for parameter in query.parameters)
    columns = (f"{name} {what}" for name, what in query.columns.items())
    text = " ".join((query.name, query.title, query.question, *parameters, *columns)).casefold()
    return all(word in text for word in words.casefold().split())


def _ask_for(parameter: Parameter) -> str | None:
    label = sentence(parameter.name) + (" (required)" if parameter.required else "")
    if parameter.name == address.STATE:
        return _state_of_reference(parameter)
    if parameter.name == store.AS_AT:
        st.caption(f"As at: {date(frame.as_at())} (the date chosen beside the page)")
        return None
    area, _, kind = parameter.type.partition("/")
    if area == "vocabulary" and kind in {scheme for scheme, _ in store.words()}:
        options = parts.options(kind)
        return address.select(
            label, parameter.name, options, default=parameter.default, explain=parameter.help
        )
    if area == "id":
        options = _things(kind)
        if options:
            return address.select(
                label, parameter.name, options, default=parameter.default, explain=parameter.help
            )
    return _written(label, parameter)


def _state_of_reference(parameter: Parameter) -> str | None:
    """Return the State of the address or the default; where it may be left out, a link does so."""
    given = address.given()
    state = given.get(address.STATE) or parameter.default
    if parameter.default:
        st.caption(f"State: {plain(state or '')} (the State of reference, chosen beside the page)")
        return state
    code, name = frame.state()
    others = {key: value for key, value in given.items() if key != address.STATE}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"State: {plain(name)} alone" if state else "State: all", width="content")
        if state:
            parts.link("Ask of all States", "query", others, state=None)
        else:
            parts.link(f"Ask of {plain(within(name))} alone", "query", others, state=code)
    return code if state else None


def _things(kind: str) -> dict[str, str]:
    """Return id and label of the things of a kind, for the kinds of which the catalogue has a list."""
    lists = {
        "recommendation": ("recommendation-numbers", "recommendation", "called"),
        "instrument": ("instruments", "instrument", "title"),
        "provision": ("provisions", "provision", "citedAs"),
        "source": ("sources", "source", "title"),
        "case": ("cases", "case", "title"),
    }
    if kind == "state":
        return frame.state_names()
    if kind not in lists:
        return {}
    name, key, label = lists[kind]
    listed = {terms.local_name(row[key]): row[label] for row in store.ask(name).rows}
    named = address.given().get(kind, "")
    # Only one instrument's provisions are listed: another's may stand in the address.
    if kind == "provision" and named and named not in listed and store.ask("provision", provision=named).rows:
        listed[named] = named
    return listed


def _written(label: str, parameter: Parameter) -> str | None:
    hint = {"date": "A date like 2026-11-21. ", "integer": "A whole number. "}.get(parameter.type, "")
    written = address.search_box(label, parameter.name, explain=hint + parameter.help) or parameter.default
    try:
        if written:
            parameter.term(written)
    except UsageError as error:
        st.warning(plain(str(error)))
        return parameter.default
    return written


def _run(query: NamedQuery, given: dict[str, str]) -> None:
    missing = [
        parameter for parameter in query.parameters if parameter.required and not given.get(parameter.name)
    ]
    if missing:
        st.info(
            "To answer, the query needs: "
            + "; ".join(plain(f"{part.name} – {part.help}") for part in missing)
        )
        return
    try:
        answer = store.ask(query.name, **given)
    except (UsageError, QueryError) as error:
        st.warning(plain(str(error)))
        return
    st.button(
        "Edit as my own query",
        icon=":material/edit:",
        on_click=own_query.edit,
        args=(answer.sparql,),
        help="Takes the query, its parameters in place, into the editor",
    )
    _rows(query, answer)
    if _may_have_chart(answer):
        charts.section(store.terms_of(answer))
    own_answer.elsewhere(answer.sparql, query.name)


def _rows(query: NamedQuery, answer: store.Answered) -> None:
    title = f"{query.title} ({len(answer.rows)} rows)"
    st.markdown(f"**{plain(title)}**" if answer.rows else "**No row**: nothing on record matches.")
    if answer.rows:
        # Columns are the query's own, so that what is read here is what a script gets.
        st.dataframe(
            {name: [_cell(row[name]) for row in answer.rows] for name in answer.columns},
            column_config={name: _column(name, query, answer) for name in answer.columns},
            hide_index=True,
            alt=title,
        )
        with st.expander("What the columns hold"):
            st.markdown(listed(f"**{plain(name)}**: {plain(what)}" for name, what in query.columns.items()))
    parts.behind(answer)
    st.download_button(
        "Download as JSON",
        data=partial(as_json, answer),
        file_name=parts.file_name(answer, "json"),
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
    )


def _may_have_chart(answer: store.Answered) -> bool:
    """Return whether a column looks like one of numbers: only then are the terms themselves asked for."""
    filled = ([row[name] for row in answer.rows if row[name]] for name in answer.columns)
    return any(values and all(_NUMBER.fullmatch(value) for value in values) for values in filled)


def _column(name: str, query: NamedQuery, answer: store.Answered) -> ColumnConfig:
    """Return how a column is drawn: addresses of things as links to their pages, texts wide."""
    values = [row[name] for row in answer.rows if row[name]]
    explain = query.columns.get(name)
    if values and all(page_of(value) for value in values):
        return st.column_config.LinkColumn(name, help=explain, display_text=_LAST)
    wide = any(len(value) > _WIDE for value in values)
    return st.column_config.TextColumn(name, help=explain, width="large" if wide else None)


def _cell(text: str) -> str:
    target = page_of(text) if text.startswith(("http://", "https://")) else None
    return href(*target) if target else text


def as_json(answer: store.Answered) -> bytes:
    """Return an answer as SPARQL 1.1 Query Results JSON."""
    return exports.as_json(store.terms_of(answer)).encode()
