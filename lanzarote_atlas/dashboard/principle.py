"""The page of one principle of jurisdiction: its rule, its conditions across States, and what bears on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import address, frame, marks, parts, positions, store
from lanzarote_atlas.dashboard.citations import gather
from lanzarote_atlas.dashboard.html import element, table
from lanzarote_atlas.dashboard.text import date, href, lines, linked_all, named, plain, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lanzarote_atlas.dashboard.comparison import Row

CONDITION = "condition"
"""The parameter that names a kind of condition."""
_STANDINGS = {
    "with": "With {kind} as a condition",
    "without": "Without it: who has none",
    "not-applied": "Where the answer is no",
    "unknown": "Not known: no clear position on record, which is never none",
}


def rule(criterion: str, label: str) -> None:
    """Draw the heading and the rule: what is asked, what ties the act to the State, article, strength."""
    answer = store.ask("criterion", criterion=criterion)
    known = answer.rows[0]
    parts.heading(label, plain(known["definition"]))
    facts = {
        "Connecting factor": "; ".join(
            plain(sentence(store.word("connecting-factor", name).label)) for name in lines(known["factors"])
        ),
        "Convention": linked_all(known["standards"]),
        "How strongly it binds": _defined("strength", known["strength"]),
        "What meets it": _defined("position", known["expected"]),
        "How to read it": plain(known["scopeNote"]),
    }
    rows = [{"": f"**{name}**", "The rule": fact} for name, fact in facts.items() if fact]
    parts.table(answer, rows, "The rule", empty="")
    parts.permanent(terms.concept("criterion", criterion))


def _defined(scheme: str, name: str) -> str:
    known = store.word(scheme, name)
    meaning = f": {plain(known.definition)}" if known.definition else ""
    return f"**{plain(sentence(known.label))}**{meaning}" if name else ""


def conditions(row: Row) -> None:
    """Draw how many States hold which position, and under which kinds of condition, each with its States."""
    st.header("Positions and conditions across States", anchor=False)
    held: dict[str, set[str]] = {}
    limits: dict[str, set[str]] = {}
    for state, answers in row.answers.items():
        for answer in answers:
            held.setdefault(f"{answer.sign} {answer.word}", set()).add(state)
            for condition in answer.conditions:
                limits.setdefault(condition, set()).add(state)
    _counted("Position", held, str)
    _counted("Condition", limits, partial(_to_kind, row.criterion))


def _to_kind(criterion: str, condition: str) -> str:
    """Return "minimum penalty 6 years" as a link to who has a condition of that kind, and who has none."""
    kinds = sorted(_kinds().items(), key=lambda pair: -len(pair[1]))
    kind = next((name for name, label in kinds if condition.startswith(label)), None)
    if kind is None:
        return condition
    return element("a", condition, href=href("jurisdiction", {"principle": criterion, CONDITION: kind}))


def _kinds() -> dict[str, str]:
    return {name: known.label for (of, name), known in store.words().items() if of == "condition-kind"}


def who_has_none(criterion: str) -> None:
    """Draw the choice of a kind of condition: who has it, who has none, and of whom nobody can tell."""
    st.header("Who has a condition, and who has none", anchor=False, help=parts.meaning("", "Condition"))
    kinds = {name: sentence(label) for name, label in _kinds().items()}
    kind = address.select("Kind of condition", CONDITION, kinds, every="Choose a kind")
    if not kind:
        return
    answer = store.ask("who-applies-a-principle-without-a-condition", criterion=criterion, kind=kind)
    for standing, heading in _STANDINGS.items():
        members = [row for row in answer.rows if row["standing"] == standing]
        title = heading.format(kind=plain(_kinds()[kind]))
        st.subheader(f"{title} ({len({row['state'] for row in members})})", anchor=False)
        _standing(standing, members, criterion)
    parts.cite_view(f"{kinds[kind]}: who has the condition, and who has none", answer)
    parts.behind(answer)


def _standing(standing: str, rows: Sequence[Mapping[str, str]], criterion: str) -> None:
    """Draw the States of one standing: those with a position in a table, the others in a line."""
    if not rows:
        parts.empty("No State.")
    elif standing in {"not-applied", "unknown"}:
        st.markdown(", ".join(dict.fromkeys(_to_story(row, criterion) for row in rows)))
    else:
        shown = [_with(row, criterion) if standing == "with" else _without(row, criterion) for row in rows]
        parts.grid(shown, _STANDINGS[standing].format(kind="it"))


def _to_story(row: Mapping[str, str], criterion: str) -> str:
    cell = f"{terms.local_name(row['state'])}/{criterion}"
    confined = f", for {plain(row['principle'])}" if row["principle"] else ""
    return f"[{plain(frame.state_name(row['state']))}]({href('compare', {'cell': cell})}){confined}"


def _with(row: Mapping[str, str], criterion: str) -> dict[str, str]:
    return {
        "State": _to_story(row, criterion),
        "Years": plain(row["threshold"]) or "–",
        "In words": plain(row["said"]),
        "Provision": linked_all(row["provisions"]) or "none named",
        "Source": f"{linked_all(row['sources'])} {marks.grade(row['grade'])}",
    }


def _without(row: Mapping[str, str], criterion: str) -> dict[str, str]:
    return {
        "State": _to_story(row, criterion),
        "Position": plain(sentence(row["value"])),
        "Other conditions": plain(row["conditions"]) or "none on record",
        "Provision": linked_all(row["provisions"]) or "none named",
        "Source": f"{linked_all(row['sources'])} {marks.grade(row['grade'])}",
    }


def _counted(what: str, states: dict[str, set[str]], shown: Callable[[str], str]) -> None:
    order = list(frame.state_names())
    rows = [
        element(
            "tr",
            element("th", shown(name), scope="row"),
            element("td", str(len(members))),
            element("td", ", ".join(frame.state_name(state) for state in sorted(members, key=order.index))),
        )
        for name, members in sorted(states.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    if rows:
        head = [element("th", title, scope="col") for title in (what, "States", "Which")]
        st.html(table(f"{what}s across States", head, [element("tbody", *rows)]))


def special(criterion: str) -> None:
    """Draw the special rules of all States for named offences."""
    answer = store.ask("special-rules", criterion=criterion)
    rules = positions.special(answer.rows)
    if not rules:
        return
    st.header("Special rules for named offences", anchor=False)
    for one in rules:
        st.markdown(f"**{plain(frame.state_name(one['code']))}**")
        positions.entry_of_special(one)
    parts.behind(answer, "list")


def statements(criterion: str) -> None:
    """Draw the reservations and declarations on the provisions that set the standard."""
    st.header("Reservations and declarations", anchor=False, help=parts.meaning("", "Reservation"))
    standards = named(store.ask("criterion", criterion=criterion).rows[0]["standards"])
    for label, provision in standards:
        answer = store.ask("who-has-reserved-on-an-article", provision=terms.local_name(provision))
        rows = [
            {
                "State": plain(frame.in_language(row["name"])),
                "Kind": plain(sentence(row["kind"])),
                "Provisions": plain(row["provisions"]),
                "What it says": plain(row["summary"]),
                "Made": date(row["madeOn"]) or "–",
                "Withdrawn": date(row["withdrawnOn"]) or "no",
                "Source": f"{plain(row['sources'])} {marks.grade(row['grade'])}",
            }
            for row in answer.rows
        ]
        parts.table(
            answer, rows, f"Statements on {plain(label)}", empty="No source here tells of one; it may exist."
        )
    if not standards:
        parts.empty("No provision sets a standard here, so that no statement can concern it.")


def recommendations(criterion: str) -> None:
    """Draw what the Committee asks on this point."""
    st.header("Recommendations", anchor=False)
    answer = store.ask("recommendations-on-a-criterion", criterion=criterion)
    for cited in gather(answer.rows, "recommendation"):
        number = plain(cited["numbers"]) or "without a number"
        parts.entry(
            f"{marks.level(cited['level'])} **{number}** to {plain(cited['addressee'])}",
            plain(cited["summary"]),
            parts.joined(plain(sentence(cited["bearing"])), f"Source: {cited.line()}"),
        )
        parts.link(
            f"Recommendation {number}",
            "recommendations",
            recommendation=terms.local_name(cited["recommendation"]),
        )
    if not answer.rows:
        parts.empty("No recommendation on record asks for this or rests on its provisions.")
    parts.behind(answer, "list")
