"""Pieces that every page is made of: tables with the query behind them, links, permanent addresses, terms.

A table never stands alone: under it are its named query with parameters in place, the way to run it anew, and
its rows as CSV.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

import streamlit as st

from lanzarote_atlas import catalogue, exports
from lanzarote_atlas.dashboard import address, store
from lanzarote_atlas.dashboard.text import named, number, page_of, plain, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.navigation.page import Page

    from lanzarote_atlas.dashboard.store import Answered

_Item = TypeVar("_Item")

PAGES = "pages"
"""Where the frame keeps the page table of the session."""
HOME_STATE = "DNK"
ROWS = 50
"""How many things of a list one page shows."""


def link(label: str, page: str, *, icon: str = "", **parameters: str | None) -> None:
    """Draw a link to a page of the dashboard; the State of reference goes along."""
    pages = cast("Mapping[str, Page]", st.session_state[PAGES])
    chosen = {"state": _state_to_carry(), **parameters}
    st.page_link(
        pages[page],
        label=label,
        icon=icon,
        query_params={name: value for name, value in chosen.items() if value},
    )


def _state_to_carry() -> str | None:
    state = address.given().get(address.COMMON)
    return None if state == HOME_STATE else state


def entry(head: str, body: str, foot: str) -> None:
    """Draw one thing of a list: heading with its signs, text, and the line that says where it was read."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"{head}  \n{body}" if body else head)
        small(foot)


def small(text: str) -> None:
    """Draw Markdown in small letters of full contrast: where a fact was read is not an aside."""
    st.markdown(f":small[{text}]")


def links(title: str, column: str) -> None:
    """Draw a link to each thing of a column "label <address>", side by side under a title."""
    pairs = named(column)
    if not pairs:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{title}**", width="content")
        for label, iri in pairs:
            target = page_of(iri)
            if target:
                link(plain(label), target[0], **target[1])


def table(answer: Answered, rows: Sequence[Mapping[str, str]], caption: str, *, empty: str) -> None:
    """Draw rows as a table with its caption, then the query behind it; `empty` says what no row means."""
    if rows:
        st.markdown(f"**{caption}**")
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        st.table(columns, border="horizontal", alt=caption, hide_index=True)
    else:
        st.markdown(f"**{caption}**  \n{empty}")
    behind(answer)


def paged(items: Sequence[_Item], what: str) -> Sequence[_Item]:
    """Return the page of a long list that the address names, and draw the choice of it; a short one whole."""
    pages = range(0, max(len(items), 1), ROWS)
    spans = {
        str(place + 1): f"{number(str(first + 1))}–{number(str(min(first + ROWS, len(items))))}"
        f" of {number(str(len(items)))}"
        for place, first in enumerate(pages)
    }
    if len(spans) == 1:
        address.value(address.PAGE, spans)
        return items
    chosen = address.select(sentence(what), address.PAGE, spans, default="1") or "1"
    return items[(int(chosen) - 1) * ROWS : int(chosen) * ROWS]


def behind(answer: Answered, what: str = "table") -> None:
    """Draw what stands under every table and list: its query, where to run it anew, its rows as CSV."""
    if answer.truncated:
        st.warning(
            "More rows match than the limit of this installation lets through; the last ones are not shown."
        )
    query = catalogue.find(answer.name)
    with st.expander(f"Query behind this {what}: {query.title}", icon=":material/database:"):
        st.caption(f"`{answer.name}` · {plain(query.question)}")
        st.code(answer.sparql, language="sparql")
        with st.container(horizontal=True, vertical_alignment="center"):
            link(
                "Open in Query", "query", icon=":material/play_arrow:", query=answer.name, **answer.parameters
            )
            st.download_button(
                "Download as CSV",
                data=partial(as_csv, answer),
                file_name=file_name(answer, "csv"),
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=f"csv.{answer.name}.{sorted(answer.parameters.items())}",
            )


def as_csv(answer: Answered) -> bytes:
    """Return the rows of an answer as CSV, with the query's own column names."""
    return exports.as_csv(store.terms_of(answer)).encode()


def file_name(answer: Answered, ending: str) -> str:
    """Return a file name that says query, parameters and build."""
    values = [value.strip().replace("/", "-") for value in answer.parameters.values()]
    build = store.origin().build_id[:12]
    return "_".join(part for part in (answer.name, *values, build) if part) + f".{ending}"


def permanent(iri: str) -> None:
    """Draw the permanent address of what the page shows."""
    small(f"Permanent address: `{iri}`")


def heading(title: str, introduction: str) -> None:
    """Draw the heading of a page and the sentence that says what it is for."""
    st.title(title, anchor=False)
    st.markdown(introduction, width=720)


def meaning(scheme: str, name: str) -> str:
    """Return a word and its definition, for a help text; the scheme "" holds classes and properties."""
    known = store.word(scheme, name)
    return f"**{plain(sentence(known.label))}**: {plain(known.definition)}" if known.definition else ""


def meanings(scheme: str, names: Sequence[str]) -> str:
    """Return words of a scheme with their definitions, one a paragraph, for a help text."""
    return "\n\n".join(filter(None, (meaning(scheme, name) for name in names)))


def options(scheme: str) -> dict[str, str]:
    """Return the concepts of a scheme, name to label, in the scheme's order."""
    return {name: sentence(known.label) for (of, name), known in store.words().items() if of == scheme}


def note(text: str) -> str:
    """Return a remark as Markdown, or an empty text where there is none."""
    return f"  \n*Note: {plain(text)}*" if text else ""


def joined(*facts: str) -> str:
    """Return the facts that are there as one line, set apart by dots."""
    return " · ".join(fact for fact in facts if fact)
