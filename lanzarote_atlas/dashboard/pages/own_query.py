"""A query of the reader's own: judged by the guard as it is written, answered in a process that can be ended.

The editor is Streamlit's text box, which a keyboard can leave, with the query beside it in colours and its
lines numbered. What was asked stands in the address, so that its link asks it anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

import streamlit as st

from lanzarote_atlas import settings, terms
from lanzarote_atlas.dashboard import address, charts, own_answer, parts, store
from lanzarote_atlas.dashboard.text import plain
from lanzarote_atlas.errors import AtlasError, QueryError, RefusedError
from lanzarote_atlas.store import guard

if TYPE_CHECKING:
    from lanzarote_atlas.store import Answer

PART, SPARQL = "part", "sparql"
"""The parameters of the address: which part of the page, and the query that was asked."""
DRAFT = "own-query-text"
"""The key of the text box."""
LONGEST = 6000
"""Characters of an address, as it is encoded, that a query may take: many servers stop at 8,000 in all."""
_BEGINNING = (
    "SELECT ?state ?label\nWHERE { ?state a lz:State ; skos:prefLabel ?label }\nORDER BY ?state ?label"
)
_FITS, _HEIGHT = 12, 300
"""Lines that are shown whole, and the height in pixels in which more are scrolled."""
_ASKED, _SEEN, _ANSWER = "own-query-asked", "own-query-seen", "own-query-answer"
_PLACE = re.compile(r"(?:line |\bat )(\d{1,9})(?:, column |:)(\d{1,9})")
_SHOWN = 60
"""Characters before and after a fault that are shown of its line."""


def section() -> None:
    """Draw the editor and, once a query was asked, its answer or why there is none."""
    _follow_address()
    box, read = st.columns(2)
    with box:
        st.text_area(
            "Query (SPARQL 1.1)", height=_HEIGHT, key=DRAFT, help="Ctrl+Enter checks what is written."
        )
        st.button("Ask", type="primary", icon=":material/play_arrow:", on_click=_ask)
    text = str(st.session_state[DRAFT])
    with read.container(gap="xsmall"):
        st.caption("As it is read, line by line")
        st.code(
            text,
            language="sparql",
            line_numbers=True,
            wrap_lines=True,
            height=_HEIGHT if text.count("\n") >= _FITS else "content",
        )
    st.caption(plain(limits()))
    _prefixes()
    asked = str(st.session_state[_ASKED])
    if text != asked:
        _check(text)
    if asked:
        _answered(asked, stale=text != asked)


def edit(query: str) -> None:
    """Take a query over into the editor and ask it: what a button on a named query does when pressed."""
    st.query_params.from_dict({**address.carried(), PART: "own"})
    st.session_state[DRAFT] = query
    _ask()


def limits() -> str:
    """Return the limits of this installation in a sentence each."""
    known = settings.current()
    return (
        f"Read only: no update, no call to another endpoint. At most {known.query_seconds:g} seconds, "
        f"{known.query_rows:,} rows, {known.query_bytes / 1_000_000:,g} MB of answer, "
        f"{known.query_megabytes:,} MB of memory; {known.query_characters:,} characters with "
        f"{known.query_nesting} brackets within brackets."
    )


def encoded(query: str) -> str:
    """Return a query as an address holds it; empty where it is too long for one."""
    short = quote(query, safe="")
    return short if len(short) <= LONGEST else ""


def marked(query: str, place: tuple[int, int]) -> str:
    """Return the line that a fault stands in, with its number, and a mark under the column."""
    line, column = place
    lines = query.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    text = lines[line - 1].rstrip("\r")
    at = min(max(column - 1, 0), len(text))
    first = max(at - _SHOWN, 0)
    before = ("…" if first else "") + text[first:at]
    after = text[at : at + _SHOWN] + ("…" if len(text) > at + _SHOWN else "")
    head = f"{line} | "
    # A tab before the mark stays one, so that the mark stands under its column however wide a tab is.
    gap = "".join(sign if sign == "\t" else " " for sign in head + before)
    return f"{head}{before}{after}\n{gap}^"


def place_of(error: AtlasError) -> tuple[int, int] | None:
    """Return line and column of a fault: the guard's, or those that an engine's message names."""
    if isinstance(error, RefusedError):
        return error.place
    found = _PLACE.search(str(error))
    return (int(found[1]), int(found[2])) if found else None


def _follow_address() -> None:
    """Put the query of the address into the editor where the address is not the one last seen here."""
    given = address.given().get(SPARQL, "")
    if DRAFT in st.session_state and st.session_state.get(_SEEN) == given:
        # Set anew, it outlives a run in which the box is not drawn.
        st.session_state[DRAFT] = st.session_state[DRAFT]
        return
    st.session_state[DRAFT] = given or _BEGINNING
    st.session_state[_SEEN] = st.session_state[_ASKED] = given
    st.session_state.pop(_ANSWER, None)


def _ask() -> None:
    query = str(st.session_state[DRAFT])
    if query != st.session_state.get(_ASKED):
        for name in charts.CHOICES:
            address.write(name, None)
    held = query if encoded(query) else ""
    address.write(SPARQL, held)
    st.session_state[_ASKED], st.session_state[_SEEN] = query, held
    st.session_state.pop(_ANSWER, None)


def _check(query: str) -> None:
    """Say of a query that was not asked yet whether it may be."""
    try:
        guard.read(query, guard.limits())
    except QueryError as error:
        _refused(query, error)
        return
    if query != _BEGINNING:
        st.caption("The query can be asked; what stands below, if anything, answers the one before.")


def _answered(query: str, *, stale: bool) -> None:
    try:
        answer = _answer(query)
    except AtlasError as error:
        if not stale:
            _refused(query, error)
        return
    own_answer.show(query, answer, _link(query))


def _answer(query: str) -> Answer:
    """Return the answer, kept for this reader until another is asked or the atlas is built anew."""
    of = (store.origin().place, store.origin().build_id, query)
    kept = st.session_state.get(_ANSWER)
    if kept is None or kept[0] != of:
        with parts.loading("Asking"):
            kept = (of, store.own(query))
        st.session_state[_ANSWER] = kept
    answer: Answer = kept[1]
    return answer


def _refused(query: str, error: AtlasError) -> None:
    st.warning(plain(str(error)))
    place = place_of(error)
    shown = marked(query, place) if place else ""
    if shown:
        st.code(shown, language=None)


def _link(query: str) -> str:
    """Return the address that asks the query anew; empty where it is too long for one."""
    short = encoded(query)
    page = urljoin(st.context.url or "", "query")
    return f"{page}?{PART}=own&{SPARQL}={short}" if short else ""


def _prefixes() -> None:
    known = terms.prefixes()
    with st.expander(f"Prefixes that need no declaration ({len(known)})"):
        st.table(
            {
                "Prefix": [plain(f"{name}:") for name in known],
                "Stands for": [plain(iri) for iri in known.values()],
            },
            border="horizontal",
            hide_index=True,
            alt="Prefixes and what they stand for",
        )
        st.caption("A slash in a local name is escaped: voc:position\\\\/yes, id:state\\\\/DNK.")
