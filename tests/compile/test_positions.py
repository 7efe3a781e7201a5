"""Positions: a fact is in the answer exactly on the days on which it is valid."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lanzarote_atlas import store, terms
from lanzarote_atlas.compile import days
from tests.compile.test_rules import AS_AT, claim, column, derived, gaps

NEVER, EVER = "0001-01-01", "9999-12-31"
POSITION = "https://w3id.org/lanzarote-atlas/id/position/DNK/c"


def dates():
    """Days, months and years of a short span, so that they meet and overlap often."""
    day = st.dates(dt.date(2018, 1, 1), dt.date(2022, 12, 31)).map(dt.date.isoformat)
    return st.tuples(day, st.sampled_from((4, 7, 10))).map(lambda drawn: drawn[0][: drawn[1]])


@st.composite
def facts(draw):
    """Up to four facts: the name, first and last date of each, where it has them, and whom it supersedes."""
    found = []
    for name in "abcd"[: draw(st.integers(1, 4))]:
        begins = draw(st.none() | dates())
        ends = draw(st.none() | dates())
        earlier = draw(st.none() | st.sampled_from([fact[0] for fact in found])) if found else None
        found.append((name, begins, ends, earlier))
    return found


def typed(date):
    return f'"{date}"^^xsd:' + {4: "gYear", 7: "gYearMonth", 10: "date"}[len(date)]


def record(name, begins, ends, earlier):
    said = {"validFrom": begins and typed(begins), "validTo": ends and typed(ends)}
    said["supersedes"] = earlier and f"<assessment/{earlier}>"
    more = "".join(f" ; lz:{key} {value}" for key, value in said.items() if value)
    return claim(name, "yes", more=more)


def span(fact, found):
    """Return the first day of a fact, and the first on which it is no longer valid."""
    name, begins, ends, _ = fact
    until = [days.day_after(ends)] if ends else []
    until += [days.first_day(later[1]) if later[1] else NEVER for later in found if later[3] == name]
    return (days.first_day(begins) if begins else NEVER), min(until, default=EVER)


def held(data, day):
    """Return the facts that the position of the day considers."""
    return column(
        data,
        f"""SELECT ?fact {{ ?position a lz:Position ; lz:criterion <{terms.concept("criterion", "c")}> ;
          lz:holdsFrom ?from ; lz:holdsUntil ?until ; lz:considers ?fact
          FILTER (?from <= "{day}"^^xsd:date && "{day}"^^xsd:date < ?until) }}""",
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(facts(), st.lists(dates().map(days.first_day), min_size=1, max_size=4))
def test_a_fact_is_in_the_answer_exactly_on_the_days_on_which_it_is_valid(found, some_days):
    data = derived(*(record(*fact) for fact in found))
    spans = {fact[0]: span(fact, found) for fact in found}
    edges = [edge for both in spans.values() for edge in both if NEVER < edge < EVER]
    eves = [(dt.date.fromisoformat(edge) - dt.timedelta(days=1)).isoformat() for edge in edges]
    for day in (*some_days, *edges, *eves):
        assert held(data, day) == sorted(
            name for name, (begins, until) in spans.items() if begins <= day < until
        )


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(facts())
def test_positions_follow_one_another_without_gap_or_overlap(found):
    data = derived(*(record(*fact) for fact in found))
    criterion = terms.concept("criterion", "c")
    days_of_it = f"""SELECT ?from ?until {{ ?position a lz:Position ; lz:criterion <{criterion}> ;
      lz:holdsFrom ?from ; lz:holdsUntil ?until }} ORDER BY ?from"""
    rows = store.table(data.query(days_of_it)).rows
    spans = [tuple(store.text(term) for term in row) for row in rows]
    assert spans[0][0] == NEVER
    assert spans[-1][1] == EVER
    assert [until for _, until in spans[:-1]] == [begins for begins, _ in spans[1:]]


LAW_OF_2023 = claim("a", "yes", more='; lz:validFrom "2023-07-01"^^xsd:date')


@pytest.mark.parametrize(
    ("as_at", "bare"), [("2023-06-30", "not-assessed"), ("2023-07-01", "resolved"), (AS_AT, "resolved")]
)
def test_the_bare_address_is_that_of_the_date_of_the_data(as_at, bare):
    data = derived(LAW_OF_2023, as_at=as_at)
    said = "SELECT ?s { <%s> lz:generalCell/lz:cellStatus ?s }"
    assert column(data, said % POSITION) == [bare]
    other = "/from/2023-07-01" if bare == "not-assessed" else "/before/2023-07-01"
    assert column(data, said % (POSITION + other)) == sorted({"not-assessed", "resolved"} - {bare})


def test_a_cell_of_another_date_is_neither_a_resolved_cell_nor_its_gap_a_gap():
    data = derived(LAW_OF_2023)
    assert "before" not in " ".join(column(data, "SELECT ?c { ?c a lz:ResolvedCell }"))
    assert gaps(data, "not-assessed") == [("p", "medium", "open")]
    then = "SELECT ?g { ?g a lz:GapAtOtherDate ; lz:holdsUntil ?u FILTER (STR(?u) = '2023-07-01') }"
    assert len(column(data, then)) == 1


def test_words_of_a_position_name_each_principle_and_condition_in_order():
    labels = """<../vocabulary/cell-status/resolved> skos:prefLabel "resolved"@en .
      <../vocabulary/position/conditional> skos:prefLabel "conditional"@en .
      <../vocabulary/criterion/p> skos:prefLabel "passive personality"@en .
      <../vocabulary/condition-kind/minimum-penalty> skos:prefLabel "minimum penalty"@en ."""
    limit = """; lz:condition <assessment/a#condition-1> .
      <assessment/a#condition-1> lz:threshold 6 ;
        lz:conditionKind <../vocabulary/condition-kind/minimum-penalty>"""
    confined = "; lz:principleScope <../vocabulary/criterion/p>"
    skos = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
    data = derived(
        skos + labels, claim("a", "conditional", more=limit), claim("b", "conditional", more=confined)
    )
    words = (
        f"SELECT ?t ?c ?clear {{ <{POSITION}> lz:positionText ?t ; lz:conditionText ?c ; lz:clear ?clear }}"
    )
    rows = store.table(data.query(words)).rows
    said = [tuple(store.text(term) for term in row) for row in rows]
    assert said == [("conditional; passive personality: conditional", "minimum penalty 6 years", "true")]


LABELS = {
    "listed-offence": "listed offence",
    "minimum-penalty": "minimum penalty",
    "victim-age": "age of the victim",
    "nationality": "nationality",
    "residence": "residence",
}


@pytest.mark.parametrize(
    ("kind", "test", "examines", "years", "said"),
    [
        ("listed-offence", "", (), 0, "listed offence"),
        ("minimum-penalty", "", (), 1, "minimum penalty 1 year"),
        ("minimum-penalty", "more-than", (), 0.5, "minimum penalty over 0.5 years"),
        ("minimum-penalty", "more-than", (), 1, "minimum penalty over 1 year"),
        (
            "minimum-penalty",
            "at-least",
            ("penalty-minimum",),
            3,
            "minimum penalty 3 years (shortest that the law allows)",
        ),
        ("victim-age", "", (), 15, "age of the victim under 15 years"),
        ("victim-age", "at-least", (), 15, "age of the victim from 15 years"),
        ("nationality", "is-state", ("victim-nationality",), 0, "nationality of the victim"),
        (
            "nationality",
            "is-not-state",
            ("offender-nationality-now",),
            0,
            "nationality of the offender (foreign)",
        ),
        ("nationality", "is-none", ("offender-nationality-now",), 0, "nationality of the offender (none)"),
        (
            "nationality",
            "is-not-state",
            ("offender-nationality-now", "victim-nationality"),
            0,
            "nationality of offender and victim (foreign)",
        ),
        ("nationality", "is-none", ("ship-or-aircraft",), 0, "nationality"),
        ("nationality", "", (), 0, "nationality"),
        (
            "residence",
            "is-state",
            ("offender-nationality-now", "offender-residence-now"),
            0,
            "residence or nationality of the offender",
        ),
        (
            "residence",
            "is-not-state",
            ("offender-residence-at-act",),
            0,
            "residence of the offender (abroad)",
        ),
    ],
)
def test_a_condition_in_words_tells_apart_what_is_not_the_same(kind, test, examines, years, said):
    assert words(condition(kind, test, examines, years)) == [said]


def test_a_condition_that_lists_states_and_another_of_its_kind_have_words_of_their_own():
    listed = condition("nationality", "is-state", ("offender-nationality-now",))
    listed += " ; lz:listsState <state/SWE>, <state/NOR>"
    assert words(listed, condition("nationality", "is-state", ("offender-nationality-now",))) == [
        "nationality of the offender",
        "nationality of the offender (a State listed)",
    ]


def condition(kind, test="", examines=(), years=0):
    """Return what is said of a condition, in Turtle."""
    told = [f"lz:conditionKind <{terms.concept('condition-kind', kind)}>"]
    told += [f"lz:test <{terms.concept('condition-test', test)}>"] if test else []
    told += [f"lz:examines <{terms.concept('scenario-field', field)}>" for field in examines]
    told += [f"lz:threshold {years}"] if years else []
    return " ; ".join(told)


def words(*conditions):
    """Return the words that the position has of the conditions of an assessment."""
    kinds = [
        f'<{terms.concept("condition-kind", kind)}> skos:prefLabel "{label}"@en .'
        for kind, label in LABELS.items()
    ]
    victims, younger = (
        terms.concept("condition-kind", "victim-age"),
        terms.concept("condition-test", "less-than"),
    )
    parts = [f"<assessment/a#condition-{number}>" for number in range(1, len(conditions) + 1)]
    data = derived(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        '<../vocabulary/cell-status/resolved> skos:prefLabel "resolved"@en .',
        f"<{victims}> lz:test <{younger}> .",
        *kinds,
        claim("a", "conditional", more=f"; lz:condition {', '.join(parts)}"),
        *(f"{part} {said} ." for part, said in zip(parts, conditions, strict=True)),
    )
    return column(data, f"SELECT ?c {{ <{POSITION}> lz:conditionText ?c }} ORDER BY ?c")
