"""What is in the atlas, how complete and how fresh; all States as tiles; three doors lead further in."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import (
    address,
    comparison,
    europe,
    frame,
    head,
    marks,
    matrix,
    parts,
    positions,
    store,
    tiles,
)
from lanzarote_atlas.dashboard.text import date, number, plain, sentence, titled, within

if TYPE_CHECKING:
    from collections.abc import Mapping

_PRINCIPLES = "iv-jurisdiction-rules"
_SHAPES = {"tiles": "Tiles", "map": "Map"}
_QUESTIONS = "which-questions-does-the-atlas-ask"
_FIRST_CRITERION = "jurisdiction.passive-personality"
_FIRST = ("State", "Assessment", "Recommendation", "Provision", "Source")


def render() -> None:
    """Draw the page."""
    address.opened("overview", ("criterion", "shape"))
    code, name = frame.state()
    parts.heading(
        "Lanzarote Atlas",
        "How States protect children against online sexual exploitation, compared under the Lanzarote "
        "Convention (CETS No. 201): provisions, jurisdiction, recommendations and what became of them. Every "
        "fact shows where it was read.",
    )
    _doors(name)
    _states(code)
    st.header(f"{name} at a glance", anchor=False)
    _recommendations(code)
    _jurisdiction(code, name)
    _gaps(code)
    st.header("What is in the atlas", anchor=False)
    _completeness()
    _contents()
    head.describe_dataset()
    parts.link("Review a document: another State’s factsheet or form", "review", icon=":material/note_add:")


def _doors(name: str) -> None:
    doors = (
        ("Compare", f"How does {within(name)} compare with other States, and why do they differ?", "compare"),
        ("Find gaps", f"What is asked of {within(name)}, what is missing, and who already does it?", "gaps"),
        ("Follow links", "From an article to all that rests on it, and back.", "provisions"),
    )
    for column, (title, question, page) in zip(st.columns(3), doors, strict=True):
        with column, st.container(border=True, height="stretch"):
            parts.link(f"**{title}**", page)
            st.markdown(plain(question))


def _states(code: str) -> None:
    """Draw every State as a tile, shaded and signed by the criterion that the reader picks."""
    st.header("All States at a glance", anchor=False)
    asked = {terms.local_name(row["address"]): row for row in store.ask(_QUESTIONS).rows}
    labels = {
        name: sentence(asked[name]["criterion"])
        for scheme, name in store.words()
        if scheme == "criterion" and name in asked
    }
    if not labels:
        parts.empty("Nothing is on record here.", "Publish a build, or run `lanzarote build`.")
        return
    criterion = address.select("Criterion", "criterion", labels, default=_FIRST_CRITERION) or _FIRST_CRITERION
    st.markdown(plain(asked[criterion]["definition"]))
    answer = store.ask("compare-states-by-criteria", criterion=criterion)
    found = comparison.rows(answer.rows, {criterion: asked[criterion]["criterion"]})
    row = found[0] if found else comparison.Row(criterion, labels[criterion])
    names = frame.state_names()
    stories = matrix.stories({})
    if address.tabs("Shape", "shape", _SHAPES) == "map":
        _map(row, names)
    else:
        st.html(tiles.grid(row, names, stories))
        parts.small("One tile a State, about where it lies; each opens its full story.")
    parts.small(_signs(row))
    with st.expander("The same as a table"):
        title = f"{labels[criterion]}: every State"
        st.html(matrix.Drawing(names, set(), stories, code).by_state(row, list(names), title))
        parts.small(matrix.LEGEND)
    parts.behind(answer)


def _map(row: comparison.Row, names: Mapping[str, str]) -> None:
    chart = europe.drawing(row, names, dark=st.context.theme.type == "dark")
    if chart is None:
        parts.empty(
            "The boundaries for the map are not installed here; the tiles and the table show the same.",
            "`npm install` in the folder of the project fetches them.",
        )
        return
    st.altair_chart(chart, width="stretch")
    parts.small(
        "States outside Europe stand among the tiles and in the table. Boundaries: Natural Earth; "
        "the drawing takes no position on the status of any territory."
    )


def _signs(row: comparison.Row) -> str:
    """Return the legend of the signs that stand in the tiles, each with its number of States."""
    counted = Counter(
        kind
        for answers in row.answers.values()
        for kind in {(answer.sign, answer.word) for answer in answers}
    )
    return " · ".join(f"{sign} {plain(word)} ({states})" for (sign, word), states in counted.most_common())


def _completeness() -> None:
    """Draw on how many criteria each State has a position, and what kind of none it has on the others."""
    answer = store.ask("how-much-is-known-of-each-state")
    kinds = {
        "Resolved": "resolved",
        "Conflicting": "conflicting",
        "Not reported": "notReported",
        "Evidence only": "evidenceOnly",
        "Not assessed": "notAssessed",
    }
    everything = {title: sum(int(row[column]) for row in answer.rows) for title, column in kinds.items()}
    cells = max(sum(everything.values()), 1)
    st.markdown(
        "How complete: "
        + " · ".join(
            f"**{number(str(count))}** {title.lower()} ({100 * count / cells:.0f} %)"
            for title, count in everything.items()
        )
        + ", over all States and criteria."
    )
    rows = [
        {"State": plain(frame.in_language(row["name"]))}
        | {title: row[column] for title, column in kinds.items()}
        | {"Official": row["official"], "Secondary": row["secondary"]}
        for row in answer.rows
    ]
    with st.expander("How complete each State is"):
        parts.table(
            answer,
            rows,
            "Criteria by what is known; assessments by evidence grade",
            empty="No State is compared.",
        )


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
