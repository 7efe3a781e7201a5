"""At any day a State's answer holds exactly the assessments that its dates, read in Python, let it hold.

The reading is the test's own: from stage, first and last date and successor of each record, by comparing
dates, and by none of the rules and spans that the queries rest on.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lanzarote_atlas import catalogue, store, terms

FACTS = """
PREFIX lz: <https://w3id.org/lanzarote-atlas/ontology#>
SELECT ?assessment ?state ?criterion ?stage ?from ?to ?later
WHERE {
  ?assessment a lz:Assessment ; lz:state ?state ; lz:criterion ?criterion ; lz:legalStage ?stage .
  OPTIONAL { ?assessment lz:validFrom ?from . }
  OPTIONAL { ?assessment lz:validTo ?to . }
  OPTIONAL { ?later lz:supersedes ?assessment . }
}"""
FEW = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@dataclass
class Fact:
    """An assessment as its record tells it."""

    state: str
    criterion: str
    stage: str
    begins: str
    ends: str
    later: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def facts(atlas) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for row in store.table(atlas.query(FACTS)).dicts():
        state, criterion, stage = (terms.local_name(row[name]) for name in ("state", "criterion", "stage"))
        fact = found.setdefault(row["assessment"], Fact(state, criterion, stage, row["from"], row["to"]))
        fact.later |= {row["later"]} - {""}
    return found


def first(date: str) -> dt.date:
    """Return the first day of a date, month or year."""
    year, month, day = [*map(int, date.split("-")), 1, 1][:3]
    return dt.date(year, month, day)


def last(date: str) -> dt.date:
    """Return the last day of a date, month or year."""
    parts = [*map(int, date.split("-"))]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return dt.date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def law(fact: Fact) -> bool:
    """Tell whether a record tells of law at all, so that it can decide or take another's place."""
    return fact.stage in {"in-force", "repealed"} or (fact.stage == "enacted" and bool(fact.begins))


def holds(fact: Fact, day: dt.date, facts: dict[str, Fact]) -> bool:
    if not law(fact) or (fact.stage == "repealed" and not fact.ends):
        return False
    if (fact.begins and day < first(fact.begins)) or (fact.ends and day > last(fact.ends)):
        return False
    successors = [facts[later] for later in fact.later if law(facts[later])]
    return not any(not one.begins or first(one.begins) <= day for one in successors)


def edges(facts: dict[str, Fact]) -> list[dt.date]:
    """Return each day on which some record begins or ends, with the days beside it."""
    begin = {first(fact.begins) for fact in facts.values() if fact.begins}
    end = {last(fact.ends) for fact in facts.values() if fact.ends}
    return sorted({day + dt.timedelta(days=by) for day in begin | end for by in (-1, 0, 1)})


def answered(atlas, state: str, day: dt.date) -> set[str]:
    rows = store.table(catalogue.run(atlas, "positions", state=state, asAt=day.isoformat())).dicts()
    return {row["assessment"] for row in rows if row["assessment"]}


@FEW
@given(st.data())
def test_the_assessments_of_a_state_are_those_that_hold_on_the_day(atlas, facts, data):
    state = data.draw(st.sampled_from(sorted({fact.state for fact in facts.values()})))
    anywhen = st.dates(dt.date(1950, 1, 1), dt.date(2035, 12, 31))
    day = data.draw(
        st.sampled_from(
            edges({iri: one for iri, one in facts.items() if one.state == state}) or [dt.date(2020, 1, 1)]
        )
        | anywhen
    )
    wanted = {
        iri
        for iri, fact in facts.items()
        if fact.state == state and not fact.criterion.startswith("treaty.") and holds(fact, day, facts)
    }
    assert answered(atlas, state, day) == wanted


@FEW
@given(st.data())
def test_a_comparison_changes_from_one_day_to_the_next_only_where_a_record_begins_or_ends(atlas, facts, data):
    """What differs between two days that follow one another rests on a record that begins or ends then."""
    day = data.draw(st.sampled_from([day for day in edges(facts) if day.year > 1950]))
    criterion = data.draw(st.sampled_from(sorted({fact.criterion for fact in facts.values()} - {"treaty."})))
    before, after = (
        {
            (
                row["cell"].partition("/from/")[0].partition("/before/")[0],
                row["value"],
                row["conditions"],
                row["status"],
            )
            for row in store.table(
                catalogue.run(atlas, "compare-states-by-criteria", criterion=criterion, asAt=one.isoformat())
            ).dicts()
        }
        for one in (day, day + dt.timedelta(days=1))
    )
    changed = {terms.compact(cell).split("/")[2] for cell, *_ in before ^ after}
    moved = {
        fact.state
        for fact in facts.values()
        if fact.criterion == criterion
        and holds(fact, day, facts) != holds(fact, day + dt.timedelta(days=1), facts)
    }
    assert changed <= moved
