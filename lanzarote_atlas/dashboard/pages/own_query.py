"""A query of the reader's own: judged by the guard as it is written, answered in a process that can be ended.

What is written comes from the box of `dashboard/editor` at each pause, and its fault goes back there to be
marked. What was asked stands in the address, so that its link asks it anew.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

import streamlit as st

from lanzarote_atlas import settings, terms
from lanzarote_atlas.dashboard import address, charts, editor, own_answer, parts, store
from lanzarote_atlas.dashboard.text import plain
from lanzarote_atlas.errors import AtlasError, QueryError, RefusedError
from lanzarote_atlas.store import guard

if TYPE_CHECKING:
    from lanzarote_atlas.store import Answer

PART, SPARQL = "part", "sparql"
"""The parameters of the address: which part of the page, and the query that was asked."""
DRAFT = "own-query-text"
"""The key of the text as it was last written, which outlives a run in which the box is not drawn."""
BOX = "own-query-box"
"""The key of the box itself."""
LONGEST = 6000
"""Characters of an address, as it is encoded, that a query may take: many servers stop at 8,000 in all."""
_BEGINNING = (
    "SELECT ?state ?label\nWHERE { ?state a lz:State ; skos:prefLabel ?label }\nORDER BY ?state ?label"
)
_ASKED, _SEEN, _VERSION, _ANSWER = (
    "own-query-asked",
    "own-query-seen",
    "own-query-version",
    "own-query-answer",
)
_PLACE = re.compile(r"(?:line |\bat )(\d{1,9})(?:, column |:)(\d{1,9})")
_HERE = "here: "
_TOLD = re.compile(r" (?:at )?line \d+, column \d+| at \d+:\d+")
"""The place in a message that is told before it."""


def section() -> None:
    """Draw the editor and, once a query was asked, its answer or why there is none."""
    _follow_address()
    text, asked = _written(), str(st.session_state[_ASKED])
    error = _error(text, asked)
    _box(text, error)
    if not error and text not in (asked, _BEGINNING):
        st.caption("The query can be asked; what stands below, if anything, answers the one before.")
    st.caption(plain(limits()))
    _prefixes()
    if asked and not (error and text == asked):
        _answered(asked)


def edit(query: str) -> None:
    """Take a query over into the editor and ask it: what a button on a named query does when pressed."""
    st.query_params.from_dict({**address.carried(), PART: "own"})
    _put(query)
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


def place_of(error: AtlasError) -> tuple[int, int] | None:
    """Return line and column of a fault: the guard's, or those that an engine's message names."""
    if isinstance(error, RefusedError):
        return error.place
    found = _PLACE.search(str(error))
    return (int(found[1]), int(found[2])) if found else None


def reason(error: AtlasError) -> str:
    """Return what is wrong and what is allowed instead, without the place, which is told before it."""
    if not isinstance(error, RefusedError):
        return _TOLD.sub("", str(error), count=1)
    # Among brackets and signs a comma would be one of them.
    here = error.allowed.startswith(_HERE)
    allowed = error.allowed.replace(", ", " · ") if here else f": {error.allowed}"
    return f"{_TOLD.sub('', error.message, count=1)}; allowed{' ' if here else ''}{allowed}"


def _follow_address() -> None:
    """Put the query of the address into the editor where the address is not the one last seen here."""
    given = address.given().get(SPARQL, "")
    if DRAFT in st.session_state and st.session_state.get(_SEEN) == given:
        return
    _put(given or _BEGINNING)
    st.session_state[_SEEN] = given
    st.session_state[_ASKED] = given and _asking()
    st.session_state.pop(_ANSWER, None)


def _put(text: str) -> None:
    """Set the text of the box from here, with the line ends that a box has.

    The first text of a session is of version 0, under which a box that was open before keeps what the reader
    wrote in it; any later one is newer than all before it.
    """
    st.session_state[_VERSION] = time.time_ns() // 1_000_000 if DRAFT in st.session_state else 0
    st.session_state[DRAFT] = text.replace("\r\n", "\n").replace("\r", "\n")


def _written() -> str:
    return str(st.session_state[DRAFT])


def _asking() -> str:
    """Return what is asked: nothing where the box holds blanks alone."""
    return _written() if _written().strip() else ""


def _told() -> editor.Draft | None:
    """Return what the box told last, unless its text has been set from here since."""
    told = editor.draft(BOX)
    return told if told and told.version >= st.session_state[_VERSION] else None


def _take() -> None:
    """Take what the box tells: at a pause, when it is left, or when the query is asked."""
    told = _told()
    if told:
        st.session_state[DRAFT] = told.text
        if told.ask:
            _ask()


def _ask() -> None:
    query = _written()
    if query != st.session_state.get(_ASKED):
        for name in charts.CHOICES:
            address.write(name, None)
    held = query if encoded(query) else ""
    address.write(SPARQL, held)
    st.session_state[_ASKED], st.session_state[_SEEN] = _asking(), held
    st.session_state.pop(_ANSWER, None)


def _error(text: str, asked: str) -> AtlasError | None:
    """Return why the guard would not let the text pass or, where it was asked, why it was not answered."""
    if not text.strip():
        return None
    try:
        guard.read(text, guard.limits())
    except QueryError as error:
        return error
    kept = st.session_state.get(_ANSWER, {}).get(_of(text)) if text == asked else None
    return kept if isinstance(kept, AtlasError) else None


def _box(text: str, error: AtlasError | None) -> None:
    """Draw the box with the error at its place, and below it where it has none."""
    place = place_of(error) if error else None
    fault = editor.Fault(*place, reason(error)) if error and place and _within(text, place) else None
    editor.box(BOX, text, st.session_state[_VERSION], fault, _take)
    if error and not fault:
        st.warning(plain(reason(error) if place else str(error)))
    told = _told()
    if told and told.text != text:
        # The session is new, the box is not: what the reader wrote in it counts.
        st.session_state[DRAFT] = told.text
        st.rerun()


def _within(text: str, place: tuple[int, int]) -> bool:
    """Return whether a place is one of the text: an engine may name the end of what it got, with a limit."""
    line, column = place
    lines = text.split("\n")
    return line <= len(lines) and column <= len(lines[line - 1]) + 1


def _answered(query: str) -> None:
    answer = _answer(query)
    if not isinstance(answer, AtlasError):
        own_answer.show(query, answer, _link(query))
    elif query == _written():
        # It is told above, with its place in the box.
        st.rerun()


def _answer(query: str) -> Answer | AtlasError:
    """Return the answer or why there is none, kept for this reader until another is asked or built anew."""
    of = _of(query)
    kept: dict[tuple[str, str, str], Answer | AtlasError] = st.session_state.setdefault(_ANSWER, {})
    if of not in kept:
        with parts.loading("Asking"):
            answer = _asked_of_store(query)
            # Kept before anything is drawn: a key pressed meanwhile ends this run, not the query.
            kept.clear()
            kept[of] = answer
    return kept[of]


def _asked_of_store(query: str) -> Answer | AtlasError:
    try:
        return store.own(query)
    except AtlasError as error:
        return error


def _of(query: str) -> tuple[str, str, str]:
    return store.origin().place, store.origin().build_id, query


def _link(query: str) -> str:
    """Return the address that asks the query anew; empty where it is too long for one."""
    page = urljoin(st.context.url or "", "query")
    return parts.lasting(page, {PART: "own", SPARQL: query}) if encoded(query) else ""


def _prefixes() -> None:
    known = terms.prefixes()
    with st.expander(f"Prefixes that need no declaration ({len(known)})"):
        rows = [{"Prefix": plain(f"{name}:"), "Stands for": plain(iri)} for name, iri in known.items()]
        parts.grid(rows, "Prefixes and what they stand for")
        st.caption("A slash in a local name is escaped: voc:position\\\\/yes, id:state\\\\/DNK.")
