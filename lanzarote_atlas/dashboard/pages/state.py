"""All that the atlas holds on one State: treaties, positions, what was noted of it, and what it did."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import address, frame, marks, parts, positions, store
from lanzarote_atlas.dashboard.citations import Cited, gather
from lanzarote_atlas.dashboard.text import (
    date,
    lines,
    linked_all,
    listed,
    named,
    number_line,
    plain,
    sentence,
    titled,
    within,
)

_PARTS = {
    "standing": "Treaties and reservations",
    "positions": "Positions",
    "observations": "What the Committee noted",
    "measures": "Measures and practices",
    "form": "Global Alliance form",
}


def render() -> None:
    """Draw the page."""
    address.opened("state", ("part", "theme", "polarity", address.PAGE))
    code, name = frame.state()
    parts.heading(
        name,
        f"All that the atlas holds on {plain(within(name))}, part by part. "
        "Each fact shows where it was read.",
    )
    parts.link("All States", "states", icon=":material/list:")
    parts.permanent(terms.thing("state", code))
    part = address.tabs("Part", "part", _PARTS)
    {
        "standing": _standing,
        "positions": _positions,
        "observations": _observations,
        "measures": _measures,
        "form": _form,
    }[part](code)


def _theme() -> str | None:
    return address.select(
        "Chapter", "theme", parts.options("theme"), every="All chapters", explain=parts.meaning("", "theme")
    )


def _standing(code: str) -> None:
    st.header("Treaties", anchor=False, help=parts.meaning("", "Participation"))
    answer = store.ask("participations", state=code)
    rows = [
        {
            "Treaty": plain(cited["title"]),
            "Signed": date(cited["signedOn"]) or "–",
            "Ratified": date(cited["ratifiedOn"]) or "–",
            "In force": date(cited["inForceOn"]) or "–",
            "Source": cited.line(),
        }
        for cited in gather(answer.rows, "participation")
    ]
    parts.table(
        answer,
        rows,
        "Treaties that the State takes part in",
        empty="No source here tells of a signature; it may exist.",
    )
    st.header(
        "Reservations, declarations and objections", anchor=False, help=parts.meaning("", "Reservation")
    )
    statements = store.ask("reservations", state=code)
    rows = [
        {
            "Kind": plain(sentence(cited["kind"])),
            "Provisions": linked_all(cited["provisions"]) or "–",
            "What it says": plain(cited["summary"]) + parts.note(cited["note"]),
            "Made": date(cited["madeOn"]) or "–",
            "Withdrawn": date(cited["withdrawnOn"]) or "no",
            "Source": cited.line(),
        }
        for cited in gather(statements.rows, "reservation")
    ]
    parts.table(
        statements, rows, "Statements under the treaties", empty="No source here tells of one; it may exist."
    )


def _positions(code: str) -> None:
    theme = _theme()
    answer = store.ask("positions", state=code, theme=theme)
    cells = positions.cells(answer.rows)
    st.markdown(positions.LEGEND)
    for chapter, group in groupby(cells, key=lambda cell: cell.theme):
        st.header(chapter, anchor=False)
        members = list(group)
        for cell in members:
            if cell.deciding or cell.special:
                positions.entry(cell)
        for line in positions.silence(members):
            st.markdown(line)
    if not cells:
        st.markdown(marks.cell("not-assessed"))
    parts.behind(answer, "list")


def _observations(code: str) -> None:
    left, right = st.columns(2)
    with left:
        theme = _theme()
    with right:
        senses = parts.options("polarity")
        sense = address.select("Sense", "polarity", senses, explain=parts.meanings("polarity", list(senses)))
    answer = store.ask("observations", state=code, theme=theme)
    found = [
        cited for cited in gather(answer.rows, "observation", "chapter") if sense in (None, cited["polarity"])
    ]
    for chapter, group in groupby(parts.paged(found, "observations"), key=lambda cited: cited["chapter"]):
        st.header(titled(chapter), anchor=False)
        for cited in group:
            _observation(cited)
    if not found:
        parts.empty(
            "No observation of this State on record matches the choices.", "Take one away to see more."
        )
    parts.behind(answer, "list")


def _observation(cited: Cited) -> None:
    foot = parts.joined(
        f"Led to {linked_all(cited['recommendations'], ', ')}" if cited["recommendations"] else "",
        f"Speaks of {linked_all(cited['provisions'])}" if cited["provisions"] else "",
        f"Source: {cited.line()}",
    )
    head = f"{marks.polarity(cited['polarity'])} **{plain(cited['topic'])}**"
    parts.entry(head, plain(cited["summary"]) + parts.note(cited["note"]), foot)


def _measures(code: str) -> None:
    for name, key, title, empty in (
        ("measures", "measure", "Measures", "No measure of this State is on record."),
        ("practices", "practice", "Promising practices", "The Committee noted none."),
    ):
        st.header(
            title,
            anchor=False,
            help=parts.meaning("", "Measure" if key == "measure" else "PromisingPractice"),
        )
        answer = store.ask(name, state=code)
        found = gather(answer.rows, key)
        # Practices are few; only the first list is paged, so that the address names one page.
        for cited in parts.paged(found, name) if name == "measures" else found:
            _deed(cited)
        if not found:
            parts.empty(empty)
        parts.behind(answer, "list")


def _deed(cited: Cited) -> None:
    facts = [number_line(line) for line in lines(cited["figures"])]
    body = (
        plain(cited["summary"])
        + parts.note(cited["note"])
        + (f"  \nFigures: {'; '.join(facts)}" if facts else "")
    )
    foot = parts.joined(
        plain(sentence(cited["kind"])),
        _span(cited),
        f"Provision: {linked_all(cited['provisions'])}" if cited["provisions"] else "",
        f"Answers {linked_all(cited['recommendations'], ', ')}" if cited["recommendations"] else "",
        f"Source: {cited.line()}",
    )
    parts.entry(f"**{plain(cited['title'])}**", body, foot)


def _span(cited: Cited) -> str:
    if cited["from"] or cited["to"]:
        return (
            f"from {date(cited['from'])}"
            if not cited["to"]
            else f"{date(cited['from'])} to {date(cited['to'])}"
        )
    return date(cited["when"]) or "no date"


def _form(code: str) -> None:
    st.markdown(
        plain(store.word("", "FormAnswer").definition)
        + f" A goal left blank is shown as such: {marks.cell('not-reported')}"
    )
    answer = store.ask("form-answers", state=code)
    found = gather(answer.rows, "answer")
    for goal, group in groupby(found, key=lambda cited: cited["goal"]):
        st.subheader(f"Goal {plain(goal)}", anchor=False)
        for cited in group:
            _answer(cited)
    if not found:
        parts.empty("No form of this State is on record.")
    parts.behind(answer, "list")


def _answer(cited: Cited) -> None:
    measures = [plain(label) for label, _ in named(cited["measures"])]
    said = plain(cited["summary"]) or "No answer was given."
    parts.entry(
        f"{marks.position(cited['value'], cited['valueLabel'])} **{plain(sentence(cited['question']))}**",
        said
        + parts.note(cited["note"])
        + (f"\n\nMeasures reported:\n{listed(measures)}" if measures else ""),
        parts.joined(date(cited["when"]), f"Source: {cited.line()}"),
    )
