"""The documents that the atlas rests on, and all that is taken from each, place by place."""

from __future__ import annotations

import re
from itertools import groupby

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.citation import place
from lanzarote_atlas.dashboard import address, frame, marks, parts, store
from lanzarote_atlas.dashboard.text import date, linked, number, plain, sentence

_SUMMARY = 240
_ROMAN = {"I": 1, "V": 5, "X": 10}


def render() -> None:
    """Draw the list, or the one source that the address names."""
    address.opened("sources", ("source", "grade", "of", "year", "text", address.PAGE))
    chosen = parts.row_of_address("source", "sources")
    if chosen:
        _source(terms.local_name(chosen["source"]))
    else:
        _list(store.ask("sources"))


def _list(answer: store.Answered) -> None:
    parts.heading(
        "Sources",
        "Every fact of the atlas was read in one of these documents. A title leads to all that is taken from "
        "it.",
    )
    parts.link("Review a document: another State’s factsheet or form", "review", icon=":material/note_add:")
    grades = parts.options("evidence-grade")
    states = frame.state_names()
    left, middle, right, last = st.columns(4)
    with left:
        words = address.search_box(
            "Words", "text", explain="Part of the title or of the publisher's name."
        ).lower()
    with middle:
        state = address.select(
            "Facts about", "of", states, every="All States", explain="Sources of at least one fact about it."
        )
    with right:
        grade = address.select(
            "Grade", "grade", grades, explain=parts.meanings("evidence-grade", list(grades))
        )
    with last:
        issued = sorted({row["issued"][:4] for row in answer.rows if row["issued"]}, reverse=True)
        year = address.select("Year", "year", {name: name for name in issued}, every="All years")
    about = {row["source"] for row in store.ask("sources-of-a-state", state=state).rows} if state else set()
    found = [
        row
        for row in sorted(answer.rows, key=lambda row: (-int(row["facts"]), row["title"], row["source"]))
        if grade in (None, row["grade"])
        and (not year or row["issued"].startswith(year))
        and (not state or row["source"] in about)
        and words in f"{row['title']} {row['publisher']}".lower()
    ]
    rows = [
        {
            "Title": linked(row["title"], row["source"]),
            "Publisher": plain(row["publisher"]),
            "Issued": date(row["issued"]) or "no date",
            "Grade": marks.grade(row["grade"]),
            "Read": plain(row["extent"]),
            "Facts": number(row["facts"]),
        }
        for row in parts.paged(found, "sources")
    ]
    parts.table(
        answer, rows, f"Sources ({number(str(len(found)))})", empty="No source matches these choices."
    )


def _source(source: str) -> None:
    answer = store.ask("source", source=source)
    told = answer.rows[0]
    parts.link("All sources", "sources", icon=":material/arrow_back:")
    st.title(plain(told["title"]), anchor=False)
    parts.not_there("source", told["issued"])
    facts = [
        plain(told["publisher"]),
        date(told["issued"]) or "no date",
        f"changed {date(told['modified'])}" if told["modified"] else "",
        marks.grade(told["grade"]),
        f"read: {plain(told['extent'])}" + (f", on {date(told['readOn'])}" if told["readOn"] else ""),
        f"language: {plain(told['languages'])}" if told["languages"] else "",
    ]
    st.markdown(" · ".join(fact for fact in facts if fact) + parts.note(told["note"]))
    for label, url in (("Open the document", told["url"]), ("The copy that was read", told["copy"])):
        if url.startswith(("http://", "https://")):
            st.link_button(label, url, icon=":material/open_in_new:")
    parts.permanent(terms.thing("source", source))
    parts.behind(answer, "text")
    _facts(source)


def _facts(source: str) -> None:
    answer = store.ask("source-facts", source=source)
    rows = sorted(answer.rows, key=_order)
    st.header(f"What is taken from it ({len(rows)})", anchor=False)
    for section, group in groupby(parts.paged(rows, "facts"), key=lambda row: row["sections"]):
        columns: dict[str, list[str]] = {"What": [], "Kind": [], "Place": []}
        for row in group:
            columns["What"].append(f"**{_label(row)}**  \n{plain(shortened(row['summary']))}".rstrip())
            columns["Kind"].append(plain(sentence(store.word("", row["kind"]).label)))
            columns["Place"].append(plain(place(row | {"sections": ""})) or "–")
        title = f"Section {section}" if section else "Without a section"
        st.subheader(plain(title), anchor=False)
        parts.columns(columns, title)
    if not rows:
        parts.empty("Nothing is taken from it yet.")
    parts.behind(answer, "list")


def shortened(text: str) -> str:
    """Return the beginning of a summary: here a reader sees what there is, elsewhere all of it."""
    return text if len(text) <= _SUMMARY else text[:_SUMMARY].rsplit(" ", 1)[0] + "…"


def _label(row: dict[str, str]) -> str:
    """Return what a fact is called; a position by its State and criterion."""
    if row["kind"] == "Assessment":
        state, _, rest = terms.local_name(row["fact"]).partition("/")
        return plain(f"{frame.state_name(state)}: {store.word('criterion', rest.split('/')[0]).label}")
    return linked(row["label"], row["fact"])


def _order(row: dict[str, str]) -> tuple[int, int, int, str, str]:
    """Return where a fact stands in its source: section, paragraph, footnote, then the locator as it is."""
    section = row["sections"].split(",")[0].strip()
    return (_roman(section), _first(row["paragraphs"]), _first(row["footnotes"]), row["locator"], row["fact"])


def _first(numbers: str) -> int:
    found = [int(item) for item in re.findall(r"\d+", numbers)]
    return min(found, default=0)


def _roman(section: str) -> int:
    if not section or set(section) - set(_ROMAN):
        return 0
    values = [_ROMAN[sign] for sign in section]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
