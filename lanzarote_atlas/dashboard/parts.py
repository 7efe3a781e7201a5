"""Pieces that every page is made of: tables with what stands behind them, links, citations, empty states.

A table never stands alone: under it one line opens its named query with parameters in place, its rows as
files and its citation. What is folded is drawn only when a reader opens it, so it costs a page nothing.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn, TypeVar, cast
from urllib.parse import urlencode, urljoin

import pyarrow as pa
import streamlit as st

from lanzarote_atlas import catalogue, citation, exports, permanent_addresses, terms
from lanzarote_atlas.dashboard import address, store
from lanzarote_atlas.dashboard.text import date, named, number, page_of, plain, sentence, within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
    from streamlit.navigation.page import Page

    from lanzarote_atlas.citation import Citation
    from lanzarote_atlas.dashboard.store import Answered
    from lanzarote_atlas.store import Table

_Item = TypeVar("_Item")

PAGES = "pages"
"""Where the frame keeps the page table of the session."""
DRAWN = "drawn"
"""Where the frame begins, at each run, the count of pieces drawn."""
HOME_STATE = "DNK"
ROWS = 30
"""How many things of a list one page shows."""
_FORMS = {
    "CSV": ("csv", "text/csv"),
    "XLSX": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "JSON-LD": ("json-ld", "application/ld+json"),
}
_NOTHING: Mapping[str, str | None] = MappingProxyType({})
_CITATIONS = {"text": "Text", "bibtex": "BibTeX", "csl-json": "CSL-JSON", "ris": "RIS"}


def link(
    label: str,
    page: str,
    given: Mapping[str, str | None] = _NOTHING,
    /,
    *,
    icon: str = "",
    **parameters: str | None,
) -> None:
    """Draw a link to a page of the dashboard; State, date and names go along unless given otherwise.

    Parameters whose names come from an address or from data are passed as `given`: they may have any name.
    Where the installation has no such page, the label alone stands there.
    """
    pages = _pages()
    if page not in pages:
        st.markdown(label, width="content")
        return
    st.page_link(pages[page], label=label, icon=icon, query_params=_onward({**given, **parameters}))


def go(page: str, /, **parameters: str | None) -> NoReturn:
    """Leave for another page at once, as if the reader had followed a link."""
    st.switch_page(_pages()[page], query_params=_onward(parameters))


def _pages() -> Mapping[str, Page]:
    return cast("Mapping[str, Page]", st.session_state[PAGES])


def _onward(parameters: Mapping[str, str | None]) -> dict[str, str]:
    chosen = address.carried() | dict(parameters)
    if chosen.get(address.STATE) == HOME_STATE:
        del chosen[address.STATE]
    return {name: value for name, value in chosen.items() if value}


def entry(head: str, body: str, foot: str) -> None:
    """Draw one thing of a list: heading with its signs, text, and the line that says where it was read."""
    with st.container(border=True):
        told(f"{head}  \n{body}" if body else head, foot)


def told(text: str, foot: str) -> None:
    """Draw a text and under it its foot in small letters: as one piece, which a long list draws faster."""
    st.markdown(f"{text}\n\n:small[{foot}]" if foot else text)


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
                link(plain(label), target[0], target[1])


def table(answer: Answered, rows: Sequence[Mapping[str, str]], caption: str, *, empty: str) -> None:
    """Draw rows as a table with its caption, then the query behind it; `empty` says what no row means."""
    if rows:
        st.markdown(f"**{caption}**")
        grid(rows, caption)
    else:
        st.markdown(f"**{caption}**  \n{empty}")
    behind(answer)


def grid(rows: Sequence[Mapping[str, str]], title: str) -> None:
    """Draw rows of Markdown texts, at least one, as a table; who hears the page is told its title."""
    columns({name: [row[name] for row in rows] for name in rows[0]}, title)


def columns(told: Mapping[str, Sequence[str]], title: str) -> None:
    """Draw columns of Markdown texts as a table; who hears the page is told its title."""
    # In the form in which the browser is sent it: made by way of pandas, a table takes twenty times as long.
    cells = {name: pa.array(texts, pa.string()) for name, texts in told.items()}
    st.table(pa.table(cells), border="horizontal", alt=title, hide_index=True)


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
    """Draw what stands under every table and list: its query, where to run it, its files and citation."""
    if answer.truncated:
        st.warning(
            "More rows match than the limit of this installation lets through; the last ones are not shown."
        )
    _behind(answer, what, _key(answer))


@st.fragment
def _behind(answer: Answered, what: str, key: str) -> None:
    query = catalogue.find(answer.name)
    folded = _folded(f"Query, download, cite: {query.title}", key)
    if not folded.open:
        return
    with folded:
        st.caption(f"`{answer.name}` · {plain(query.question)}")
        st.code(answer.sparql, language="sparql", wrap_lines=True)
        with st.container(horizontal=True, vertical_alignment="center"):
            link(
                "Open in Query",
                "query",
                {"query": answer.name, **_as_chosen(answer)},
                icon=":material/play_arrow:",
            )
            _downloads(answer, f"The rows of this {what}", key)
        formats(_of_view(answer))


def _folded(title: str, key: str) -> ExpanderContainer:
    return st.expander(title, icon=":material/database:", key=f"behind.{key}", on_change="rerun")


def _as_chosen(answer: Answered) -> dict[str, str | None]:
    """Return the parameters as an address holds them: the date is one that the whole page has."""
    chosen: dict[str, str | None] = dict(answer.parameters)
    date = chosen.pop(store.AS_AT, None)
    return chosen | ({address.AT: date} if date and date != address.today() else {})


def _downloads(answer: Answered, what: str, key: str) -> None:
    """Draw a button for each form of an answer."""
    _buttons(partial(store.terms_of, answer), _taken(answer), what, _stem(answer), key)


def _buttons(rows: Callable[[], Table], taken: exports.Taken, what: str, stem: str, key: str) -> None:
    """Draw a button for each form; a file is made when its button is pressed."""
    for form, (make, media) in _FORMS.items():
        st.download_button(
            form,
            data=partial(_file, rows, taken, make),
            file_name=f"{stem}.{form.lower().replace('-', '')}",
            mime=media,
            icon=":material/download:",
            on_click="ignore",
            key=f"{form}.{key}",
            help=f"{what} as {form}, with build, date, licence and sources",
        )


def behind_command(command: str, rows: Callable[[], Table], taken: exports.Taken, stem: str) -> None:
    """Draw what stands under a table that no query makes: the command that does, its files and citation."""
    _behind_command(command, rows, taken, stem, _unlike(stem))


@st.fragment
def _behind_command(
    command: str, rows: Callable[[], Table], taken: exports.Taken, stem: str, key: str
) -> None:
    folded = _folded(f"Command, download, cite: {taken.title}", key)
    if not folded.open:
        return
    with folded:
        st.code(command, language="shell", wrap_lines=True)
        with st.container(horizontal=True, vertical_alignment="center"):
            _buttons(rows, taken, "These rows", stem, key)
        named = (taken.query, taken.parameters)
        formats(citation.of_view(taken.title, taken.address, named, store.stand(), taken.day))


def _taken(answer: Answered) -> exports.Taken:
    title = catalogue.find(answer.name).title
    return taken(title, answer.name, answer.parameters, _query_page(answer), answer.sparql)


def taken(title: str, name: str, parameters: Mapping[str, str], seen: str, sparql: str = "") -> exports.Taken:
    """Return what a file taken here and now says of itself; `seen` is the full address of the view."""
    source = store.origin()
    return exports.Taken(
        title=title,
        query=name,
        parameters=parameters,
        sparql=sparql,
        address=seen,
        build_id=source.build_id,
        as_at=source.as_at,
        day=address.today(),
    )


def _query_page(answer: Answered) -> str:
    """Return the full address at which an answer is seen anew, as this build has it; empty for no browser."""
    home = urljoin(st.context.url or "", ".")
    return lasting(f"{home}query", {"query": answer.name, **_as_chosen(answer)}) if home else ""


def seen_at(chosen: Mapping[str, str | None] = _NOTHING) -> str:
    """Return the full address of the page as it stands, as this build has it; empty without browser.

    `chosen` is what the page shows by its own choice, which may be another one after the next build.
    """
    return lasting(st.context.url, {**address.given(), **chosen}) if st.context.url else ""


def lasting(page: str, given: Mapping[str, str | None]) -> str:
    """Return the address of a page with the day and the build in it, so that it goes on saying the same.

    An endpoint keeps no builds: before one the address has none.
    """
    lasting = {address.AT: address.as_at(), **given, address.BUILD: store.origin().kept}
    return f"{page}?{urlencode({name: value for name, value in lasting.items() if value})}"


def _file(answered: Callable[[], Table], taken: exports.Taken, make: str) -> bytes:
    rows = answered()
    if make == "json-ld":
        return exports.json_ld_file(rows, exports.statements(store.data(), rows), taken)
    return exports.csv_file(rows, taken) if make == "csv" else exports.xlsx_file(rows, taken)


def _key(answer: Answered) -> str:
    return _unlike(f"{answer.name}.{sorted(answer.parameters.items())}")


def _unlike(key: str) -> str:
    """Return a key that no other piece of this run has: a thing may stand on a page twice."""
    drawn: Counter[str] = st.session_state.setdefault(DRAWN, Counter())
    drawn[key] += 1
    return f"{key}.{drawn[key]}"


def file_name(answer: Answered, ending: str) -> str:
    """Return a file name that says query, parameters and build."""
    return f"{_stem(answer)}.{ending}"


def _stem(answer: Answered) -> str:
    values = [value.strip().replace("/", "-") for value in answer.parameters.values()]
    build = store.origin().build_id[:12]
    return "_".join(part for part in (answer.name, *values, build) if part)


def cite(iri: str, label: str = "Cite") -> None:
    """Draw a button that opens the citation of a thing: a cell, State, provision, the dataset."""
    _cite(iri, label, _unlike(iri))


@st.fragment
def _cite(iri: str, label: str, key: str) -> None:
    opened = st.popover(
        label, icon=":material/format_quote:", key=f"cite.{key}", on_change="rerun", type="tertiary"
    )
    if opened.open:
        with opened:
            formats(citation.of_thing(store.data(), iri, store.stand(), kept=not store.origin().is_endpoint))


def cite_view(title: str, answer: Answered, thing: str = "") -> None:
    """Draw a button that opens the citation of the page as it stands: a comparison, a list, its address.

    `thing` is the address of what the page shows, without a build, where it has one in the atlas.
    """
    _cite_view(title, answer, thing, _key(answer))


@st.fragment
def _cite_view(title: str, answer: Answered, thing: str, key: str) -> None:
    opened = st.popover(
        "Cite this view", icon=":material/format_quote:", key=f"cite.{key}", on_change="rerun"
    )
    if opened.open:
        with opened:
            formats(_of_view(answer, title, as_read(thing) if thing else seen_at()))


def _of_view(answer: Answered, title: str = "", seen_at: str = "") -> Citation:
    taken = _taken(answer)
    named = (answer.name, answer.parameters)
    return citation.of_view(title or taken.title, seen_at or taken.address, named, store.stand(), taken.day)


def formats(cited: Citation) -> None:
    """Draw a citation in the four formats, each to be copied."""
    for tab, form in zip(st.tabs(list(_CITATIONS.values())), _CITATIONS, strict=True):
        with tab:
            st.code(citation.formatted(cited, form), language=None, wrap_lines=True)


def as_read(iri: str) -> str:
    """Return the permanent address of a thing as this build has it; its own before an endpoint."""
    return permanent_addresses.in_build(iri, store.origin().kept)


def permanent(iri: str, *, citable: bool = True) -> None:
    """Draw the permanent address of a thing and, but in a long list, that with its build and its citation."""
    if not citable:
        small(f"Permanent address: `{iri}`")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":small[Permanent address: `{iri}`]", width="content")
        if as_read(iri) != iri:
            st.markdown(f":small[As this build has it: `…{as_read(iri).removeprefix(iri)}`]", width="content")
        cite(iri)


def empty(what: str, remedy: str = "") -> None:
    """Draw that nothing is there: what that means, and what the reader can do. Empty is never a no."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f":material/inbox: {what}" + (f"  \n:small[{remedy}]" if remedy else ""))


def no_recommendation(name: str, *, narrowed: bool) -> None:
    """Say why a list of what is asked of a State is empty: for the choices, or because nothing is."""
    if narrowed:
        empty("No recommendation matches these choices.", "Take one away to see more.")
    else:
        empty(
            f"No recommendation on record at this day is addressed to {plain(within(name))}.",
            "The Committee addresses the Parties to the Convention, and States that it names.",
        )


def not_there(what: str, begins: str, ends: str = "") -> None:
    """Say that a thing was not there yet, or no longer, on the day at which the page shows the atlas.

    Both are dates, months or years as the data give them, or empty. Nothing is said where it was there.
    """
    shown = address.as_at()
    if begins and begins + "0000-01-01"[len(begins) :] > shown:
        why = f"begins on {date(begins)}"
    elif ends and ends + "0000-12-31"[len(ends) :] < shown:
        why = f"ended on {date(ends)}"
    else:
        return
    st.info(f"As at {date(shown)} this {what} was not there: it {why}. It is shown all the same.")


def row_of_address(name: str, query: str) -> dict[str, str] | None:
    """Return the row of the thing that the address names, from the query that lists its like, at any day.

    The query has a column of that name. None where the address names nothing or, warned of, what is unknown.
    """
    if name not in address.given():
        return None
    listed = store.ask(query, asAt=address.LAST_DAY.isoformat())
    rows = {terms.local_name(row[name]): row for row in listed.rows}
    chosen = address.value(name, rows)
    return rows[chosen] if chosen else None


def loading(what: str) -> AbstractContextManager[None]:
    """Say, while the block runs and it takes long, what is being read or made."""
    return st.spinner(f"{what} …")


def failed(message: str, remedy: str = "") -> None:
    """Draw that something did not work: what, and what the reader or installer can do next."""
    st.error(plain(message) + (f"  \n{plain(remedy)}" if remedy else ""), icon=":material/error:")


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
