"""What is in the atlas, how fresh it is, and the State's record at a glance; three doors lead further in."""

from __future__ import annotations

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import address, frame, marks, parts, positions, store
from lanzarote_atlas.dashboard.text import date, number, plain, sentence, titled

_PRINCIPLES = "iv-jurisdiction-rules"
_FIRST = ("State", "Assessment", "Recommendation", "Provision", "Source")


def render() -> None:
    """Draw the page."""
    address.opened("overview", ())
    code, name = frame.state()
    parts.heading(
        "Lanzarote Atlas",
        "How States protect children against online sexual exploitation, compared under the Lanzarote "
        "Convention (CETS No. 201): provisions, jurisdiction, recommendations and what became of them. Every "
        "fact shows where it was read.",
    )
    _doors(name)
    st.header(f"{name} at a glance", anchor=False)
    _recommendations(code)
    _jurisdiction(code, name)
    _gaps(code)
    st.header("What is in the atlas", anchor=False)
    _contents()


def _doors(name: str) -> None:
    doors = (
        (
            "Compare",
            f"Which principles of jurisdiction does {name} apply, and on which conditions?",
            "jurisdiction",
        ),
        ("Find gaps", f"What did the Committee ask of {name}, and what became of it?", "recommendations"),
        ("Follow links", "From an article to all that rests on it, and back.", "provisions"),
    )
    for column, (title, question, page) in zip(st.columns(3), doors, strict=True):
        with column, st.container(border=True, height="stretch"):
            parts.link(f"**{title}**", page)
            st.markdown(plain(question))


def _recommendations(code: str) -> None:
    answer = store.ask("recommendations-by-chapter", state=code)
    rows = [
        {
            "Chapter": plain(titled(row["chapter"])),
            "Require": row["require"],
            "Request": row["request"],
            "Invite": row["invite"],
            "Open": row["open"],
        }
        for row in answer.rows
    ]
    parts.table(
        answer, rows, "Recommendations by chapter and level", empty="No recommendation reaches this State."
    )
    with st.popover("What the levels mean"):
        st.markdown(parts.meanings("obligation-level", ("require", "request", "invite")))


def _jurisdiction(code: str, name: str) -> None:
    answer = store.ask("positions", state=code, theme=_PRINCIPLES)
    rows = [
        positions.glance(cell)
        for cell in positions.cells(answer.rows)
        if cell.is_principle and not cell.principle
    ]
    parts.table(
        answer, rows, f"Principles of jurisdiction: {name}", empty="No source here looked at this State."
    )
    parts.small(positions.LEGEND)


def _gaps(code: str) -> None:
    answer = store.ask("gaps-by-kind", state=code)
    rows = [
        {
            "Kind of gap": plain(sentence(row["label"])),
            "Open": row["open"],
            "Answer reported": row["answered"],
            "Closed": row["closed"],
            "What it means": plain(row["definition"]),
        }
        for row in answer.rows
    ]
    parts.table(answer, rows, "Gaps by kind", empty="No gap is derived for this State.")


def _contents() -> None:
    fresh = store.ask("freshness")
    rows = [
        {
            "Grade": marks.grade(row["grade"]),
            "Sources": number(row["sources"]),
            "Newest issued": date(row["lastIssued"]),
            "Last read": date(row["lastRead"]),
        }
        for row in fresh.rows
    ]
    parts.table(fresh, rows, "How fresh the sources are", empty="The atlas holds no source yet.")
    answer = store.ask("contents")
    counts = {terms.local_name(row["kind"]): row["number"] for row in answer.rows}
    for column, kind in zip(st.columns(len(_FIRST)), _FIRST, strict=True):
        known = store.word("", kind)
        column.metric(
            sentence(known.label) + "s", number(counts.get(kind, "0")), help=plain(known.definition)
        )
    rows = [
        {
            "Kind": plain(sentence(row["label"])),
            "Number": number(row["number"]),
            "What it is": plain(row["definition"]),
        }
        for row in answer.rows
    ]
    with st.expander("All kinds"):
        parts.table(answer, rows, "Things by kind", empty="The atlas is empty.")
