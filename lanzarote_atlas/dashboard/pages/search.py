"""One box over everything that has a name or a text: found, ranked, with the words around the match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import search, terms
from lanzarote_atlas.dashboard import address, parts, store
from lanzarote_atlas.dashboard.text import number, page_of, plain, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lanzarote_atlas.search import Found, Hit, Piece


def render() -> None:
    """Draw the page."""
    address.opened("search", ("text", "kind", address.PAGE))
    parts.heading(
        "Search",
        "Everything in the atlas that has a name or a text: States, recommendations, provisions, positions, "
        "sources, terms. Words may be begun only, or slightly misspelt.",
    )
    index = store.search_index()
    if index is None:
        parts.empty(
            "An endpoint answers here, and full-text search needs a build of the atlas.",
            "Run `lanzarote build` and start the dashboard without LANZAROTE_ENDPOINT.",
        )
        return
    left, right = st.columns([3, 2])
    with left:
        words = address.search_box("Words", "text", explain="All of them must stand in what is found.")
    everything = search.find(index, words, most=0)  # counts alone
    with right:
        kind = _kind(everything) if everything.kinds else None
    if not words:
        _suggest()
    elif not everything.kinds:
        parts.empty(
            f"Nothing in the atlas has “{plain(words)}”, nor words like it.",
            "Try fewer words, only their beginnings, or an English term; statutes are found by their names.",
        )
    else:
        _show(index, words, kind, everything)


def _kind(found: Found) -> str | None:
    options = {name: f"{_kind_name(name)} ({number(str(many))})" for name, many in found.kinds.items()}
    return address.select(
        "Kind", "kind", options, every=f"All kinds ({number(str(sum(found.kinds.values())))})"
    )


def _kind_name(name: str) -> str:
    return sentence(store.word("", name).label)


def _suggest() -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("For example:", width="content")
        for words in ("grooming", "passive personality", "IV-5", "straffeloven"):
            parts.link(words, "search", text=words)


def _show(index: Path, words: str, kind: str | None, everything: Found) -> None:
    many = everything.kinds[kind] if kind else sum(everything.kinds.values())
    shown = parts.paged(range(many), "results")
    found = search.find(index, words, kind=kind or "", most=len(shown), skip=shown[0])
    if found.read_as:
        st.markdown(
            f":material/spellcheck: Nothing has “{plain(words)}” as written. "
            f"Shown: **{plain(found.read_as)}**."
        )
    st.markdown(f"**{number(str(many))} {'result' if many == 1 else 'results'}**")
    for hit in found.hits:
        _result(hit)


def _result(hit: Hit) -> None:
    page, parameters = page_of(hit.iri) or ("query", {"query": "statements", "thing": hit.iri})
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            parts.link(f"**{plain(hit.label)}**", page, parameters)
            st.markdown(f":gray-badge[{plain(_kind_name(hit.kind))}]", width="content")
        if hit.around:
            st.markdown(_marked(hit.around))
        parts.small(f"`{terms.compact(hit.iri)}`")


def _marked(pieces: Sequence[Piece]) -> str:
    """Return a found text as Markdown, its matched words in bold."""
    # Blanks between the pieces are kept: plain() would drop those at the ends.
    shown = (
        f"**{plain(piece.text)}**"
        if piece.matched
        else plain(f"x{piece.text}x").removeprefix("x").removesuffix("x")
        for piece in pieces
    )
    return "".join(shown)
