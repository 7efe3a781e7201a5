"""The page of one principle of jurisdiction: its rule, its conditions across States, and what bears on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import frame, marks, parts, positions, store
from lanzarote_atlas.dashboard.citations import gather
from lanzarote_atlas.dashboard.text import date, lines, linked_all, named, plain, sentence

if TYPE_CHECKING:
    from lanzarote_atlas.dashboard.comparison import Row


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
    _counted("Position", held)
    _counted("Condition", limits)


def _counted(what: str, states: dict[str, set[str]]) -> None:
    order = list(frame.state_names())
    rows = [
        {
            what: plain(name),
            "States": str(len(members)),
            "Which": plain(", ".join(frame.state_name(state) for state in sorted(members, key=order.index))),
        }
        for name, members in sorted(states.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        st.table(columns, border="horizontal", alt=f"{what}s across States", hide_index=True)


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
