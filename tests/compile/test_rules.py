"""The rules that turn claims into cells and gaps, each on the smallest graph that shows it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from lanzarote_atlas import store, terms
from lanzarote_atlas.compile import rules
from lanzarote_atlas.store import embedded

AS_AT = "2026-11-21"
PREFIXES = """
@prefix lz: <https://w3id.org/lanzarote-atlas/ontology#> .
@prefix voc: <https://w3id.org/lanzarote-atlas/vocabulary/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/lanzarote-atlas/id/> .
"""
WORLD = """
<state/DNK> a lz:State .
<source/report> lz:evidenceGrade <../vocabulary/evidence-grade/official> ;
  dcterms:issued "2023-05-25"^^xsd:date .
<source/code> lz:evidenceGrade <../vocabulary/evidence-grade/secondary> ;
  dcterms:issued "2021-09-20"^^xsd:date .
<source/old> lz:evidenceGrade <../vocabulary/evidence-grade/official> ; dcterms:issued "2010"^^xsd:gYear .
<source/undated> lz:evidenceGrade <../vocabulary/evidence-grade/official> .
<../vocabulary/criterion/c> a lz:Criterion ; lz:strength <../vocabulary/strength/obligation> ;
  lz:expectedValue <../vocabulary/position/yes> .
<../vocabulary/criterion/p> a lz:Criterion ; lz:strength <../vocabulary/strength/endeavour> .
<participation/d> lz:instrument <instrument/cets-201> ; lz:state <state/DNK> ;
  lz:inForceOn "2010-07-01"^^xsd:date .
"""


def claim(name, value, source="report", *, stage="in-force", confidence="high", more=""):  # noqa: PLR0913 - each one says what differs
    """Return an assessment of Denmark on criterion c, cited to one source."""
    said = value if value.isdigit() else f"<../vocabulary/position/{value}>"
    return f"""<assessment/{name}> a lz:Assessment ; lz:state <state/DNK> ;
      lz:criterion <../vocabulary/criterion/c> ; lz:value {said} ;
      lz:legalStage <../vocabulary/legal-stage/{stage}> ;
      lz:confidence <../vocabulary/confidence/{confidence}> ;
      lz:citation <assessment/{name}#citation-1> {more} .
    <assessment/{name}#citation-1> lz:source <source/{source}> ."""


def derived(*turtle, as_at=AS_AT):
    """Return a store over the world and the given records, with everything that the rules derive."""
    graph = ox.NamedNode(terms.graph("data/test"))
    text = "\n".join((PREFIXES, WORLD, *turtle))
    data = ox.Store()
    embedded.fill(
        data,
        (
            ox.Quad(quad.subject, quad.predicate, quad.object, graph)
            for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)
        ),
    )
    rules.derive(data, as_at)
    return embedded.EmbeddedStore(data)


def column(data, query):
    """Return the first column of a query as local names, sorted."""
    rows = store.table(data.query(query)).rows
    return sorted(terms.local_name(store.text(row[0])) for row in rows if row[0] is not None)


def cell(data, what="lz:value", address="id/cell/DNK/c"):
    """Return what the cell of Denmark and criterion c says."""
    return column(data, f"SELECT ?x {{ <https://w3id.org/lanzarote-atlas/{address}> {what} ?x }}")


def gaps(data, kind):
    """Return about, severity and status of the gaps of a kind."""
    rows = store.table(
        data.query(
            f"""SELECT ?about ?severity ?status {{ ?gap a lz:Gap ; lz:about ?about ; lz:severity ?severity ;
            lz:status ?status ; lz:gapKind <https://w3id.org/lanzarote-atlas/vocabulary/gap-kind/{kind}> }}
            ORDER BY ?about"""
        )
    ).rows
    return sorted({tuple(terms.local_name(store.text(term)) for term in row) for row in rows})


def test_official_goes_before_secondary_and_the_other_stays_beside_the_cell():
    data = derived(claim("a", "yes"), claim("b", "conditional", "code"))
    assert cell(data) == ["yes"]
    assert cell(data, "lz:basedOn") == ["a"]
    assert cell(data, "lz:otherAssessment") == ["b"]


def test_higher_confidence_goes_before_lower():
    data = derived(claim("a", "yes", confidence="medium"), claim("b", "no"))
    assert cell(data) == ["no"]


def test_later_source_decides_between_equals():
    data = derived(claim("a", "yes"), claim("b", "no", "old"))
    assert cell(data) == ["yes"]
    assert cell(data, "lz:otherAssessment") == ["b"]


def test_equals_that_agree_are_merged_with_all_their_conditions():
    limit = "; lz:condition <assessment/{0}#condition-1>"
    data = derived(
        claim("a", "conditional", more=limit.format("a")),
        claim("b", "conditional", "old", more=limit.format("b")),
    )
    assert cell(data, "lz:basedOn") == ["a", "b"]
    assert len(cell(data, "lz:condition")) == 2


def test_equals_that_differ_without_dates_conflict_and_give_no_value():
    data = derived(claim("a", "yes", "undated"), claim("b", "no", "undated"))
    assert cell(data, "lz:cellStatus") == ["conflicting"]
    assert cell(data) == []
    assert cell(data, "lz:basedOn") == ["a", "b"]
    assert gaps(data, "conflicting") == [("c", "high", "open")]


def test_a_bill_never_decides():
    data = derived(claim("a", "yes", stage="proposed"), claim("b", "no", "code", confidence="low"))
    assert cell(data) == ["no"]


@pytest.mark.parametrize(
    ("begins", "decides"), [("", []), ("2026-01-01", ["yes"]), ("2026-11-21", ["yes"]), ("2026-11-22", [])]
)
def test_enacted_law_decides_from_the_day_on_which_it_begins(begins, decides):
    more = f'; lz:validFrom "{begins}"^^xsd:date' if begins else ""
    assert cell(derived(claim("a", "yes", stage="enacted", more=more))) == decides


@pytest.mark.parametrize(
    ("as_at", "value"),
    [("2010-06-30", ["15"]), ("2010-07-01", ["14"]), ("2012-02-29", ["14"]), ("2012-03-01", ["15"])],
)
def test_an_age_that_was_lowered_and_raised_again_holds_on_its_own_days(as_at, value):
    """As Denmark's age of criminal responsibility was: 15, then 14, then 15 again from 1 March 2012."""
    lowered = '; lz:validFrom "2010-07-01"^^xsd:date ; lz:validTo "2012-02-29"^^xsd:date'
    data = derived(
        claim("before", "15", "old", stage="repealed", more='; lz:validTo "2010-06-30"^^xsd:date'),
        claim("lowered", "14", "old", stage="repealed", more=lowered),
        claim("raised", "15", more='; lz:validFrom "2012-03-01"^^xsd:date'),
        as_at=as_at,
    )
    assert cell(data) == value


def test_superseded_law_gives_way_only_once_its_successor_applies():
    later = '; lz:supersedes <assessment/a> ; lz:validFrom "2026-03-04"^^xsd:date'
    records = (claim("a", "14"), claim("b", "16", "code", more=later))
    assert cell(derived(*records, as_at="2026-03-03")) == ["14"]
    assert cell(derived(*records, as_at="2026-03-04")) == ["16"]


def test_silence_gives_way_to_any_position_and_stays_a_gap_with_its_answer():
    data = derived(claim("a", "not-reported"), claim("b", "yes", "code", confidence="low"))
    assert cell(data) == ["yes"]
    assert cell(data, "lz:otherAssessment") == ["a"]
    assert gaps(data, "not-reported") == [("c", "high", "answer-reported")]


def test_silence_alone_is_not_reported_and_never_a_no():
    data = derived(claim("a", "not-reported"))
    assert cell(data, "lz:cellStatus") == ["not-reported"]
    assert gaps(data, "not-reported") == [("c", "high", "open")]
    assert gaps(data, "standard-not-met") == []


def test_special_rule_decides_in_the_cells_of_its_offences_alone():
    scope = "; lz:prevailsOver <assessment/a> ; lz:offenceScope <../vocabulary/offence/grooming>"
    data = derived(claim("a", "no", more=""), claim("b", "yes", "code", more=scope))
    assert cell(data) == ["no"]
    assert cell(data, address="id/cell/DNK/c/offence/grooming") == ["yes"]
    assert cell(data, address="id/cell/DNK/c/offence/corruption") == []


def test_position_confined_to_a_principle_contradicts_no_other():
    confined = "; lz:principleScope <../vocabulary/criterion/p>"
    data = derived(claim("a", "no", "undated"), claim("b", "yes", "undated", more=confined))
    assert cell(data) == ["no"]
    assert cell(data, address="id/cell/DNK/c/p") == ["yes"]
    assert gaps(data, "conflicting") == []


def test_standard_is_not_met_where_the_cell_says_the_opposite_and_not_where_it_is_conditional():
    assert gaps(derived(claim("a", "no")), "standard-not-met") == [("c", "high", "open")]
    assert gaps(derived(claim("a", "conditional")), "standard-not-met") == []


def test_criterion_that_nothing_bears_on_is_not_assessed():
    data = derived(claim("a", "yes"))
    assert gaps(data, "not-assessed") == [("p", "medium", "open")]


def test_criterion_with_evidence_alone_is_neither_assessed_nor_unlooked_at():
    seen = "<measure/m> a lz:Measure ; lz:state <state/DNK> ; lz:criterion <../vocabulary/criterion/p> ."
    data = derived(claim("a", "yes"), seen)
    assert cell(data, "lz:cellStatus", "id/cell/DNK/p") == ["evidence-only"]
    assert gaps(data, "not-assessed") == []


def test_overtaken_source_makes_the_cell_stale_only_after_its_day():
    day = '; lz:staleAfter "2026-07-03"^^xsd:date'
    records = (claim("a", "15", more=day),)
    assert gaps(derived(*records, as_at="2026-07-03"), "stale") == []
    assert gaps(derived(*records, as_at="2026-07-04"), "stale") == [("c", "high", "open")]


def recommendation(addressee, level="request", more=""):
    """Return a recommendation with the number II-9."""
    return f"""<recommendation/II-9> a lz:Recommendation ; lz:number "II-9" ; lz:addressee <{addressee}> ;
      lz:obligationLevel <../vocabulary/obligation-level/{level}> {more} ."""


@pytest.mark.parametrize(
    ("addressee", "more", "found"),
    [
        ("state/DNK", "", 1),
        ("state/SWE", "", 0),
        ("../vocabulary/addressee/all-parties", "", 1),
        ("../vocabulary/addressee/parties-not-yet-doing-so", "", 0),
        ("../vocabulary/addressee/parties-not-yet-doing-so", "; lz:namesState <state/DNK>", 1),
    ],
)
def test_recommendation_is_open_for_the_states_that_it_reaches(addressee, more, found):
    assert len(gaps(derived(recommendation(addressee, more=more)), "recommendation-open")) == found


@pytest.mark.parametrize(
    ("level", "severity"), [("require", "high"), ("request", "medium"), ("invite", "low")]
)
def test_severity_follows_the_level(level, severity):
    data = derived(recommendation("state/DNK", level))
    assert gaps(data, "recommendation-open") == [("II-9", severity, "open")]


def answer(kind):
    """Return a follow-up measure of a kind that is linked to II-9."""
    return f"""<measure/{kind}> a lz:Measure ; lz:state <state/DNK> ; lz:answers <recommendation/II-9> ;
      lz:followUpKind <../vocabulary/follow-up-kind/{kind}> ."""


SEARCH = """<evidence-search/s> a lz:EvidenceSearch ; lz:state <state/DNK> ;
  lz:searchedFor <recommendation/II-9> ."""
CLOSING = "<observation/o> a lz:Observation ; lz:state <state/DNK> ; lz:closes <recommendation/II-9> ."


@pytest.mark.parametrize(
    ("records", "status"),
    [
        ((), "open"),
        ((answer("proposed"),), "open"),
        ((answer("already-in-law"),), "answer-reported"),
        ((answer("enacted-since"), SEARCH), "answer-reported"),
        ((answer("policy"),), "answer-reported"),
        ((answer("policy"), SEARCH), "open"),
        ((answer("enacted-since"), CLOSING), "closed"),
    ],
)
def test_only_the_committees_own_word_closes_and_a_bill_answers_nothing(records, status):
    data = derived(recommendation("state/DNK"), *records)
    assert gaps(data, "recommendation-open") == [("II-9", "medium", status)]


def test_each_status_of_a_recommendation_has_its_own_days():
    later = answer("enacted-since")[:-2] + ' ; lz:validFrom "2024-07"^^xsd:gYearMonth .'
    cited = "; lz:citation <c> . <c> lz:source <source/report>"
    data = derived(recommendation("state/DNK", more=cited), later)
    days = """SELECT ?status ?from ?until { ?gap lz:gapKind ?kind ; lz:status ?status ; lz:holdsFrom ?from ;
      lz:holdsUntil ?until FILTER (STRENDS(STR(?kind), "recommendation-open")) } ORDER BY ?from"""
    rows = [
        tuple(terms.local_name(store.text(term)) for term in row)
        for row in store.table(data.query(days)).rows
    ]
    assert rows == [("open", "2023-05-25", "2024-07-01"), ("answer-reported", "2024-07-01", "9999-12-31")]


def test_further_number_says_what_the_text_says_without_being_a_second_text():
    data = derived(recommendation("state/DNK", more='; lz:number "III-7"'))
    assert cell(data, "lz:obligationLevel", "id/recommendation/III-7") == ["request"]
    assert cell(data, "lz:sameTextAs", "id/recommendation/III-7") == ["II-9"]
    assert column(data, "SELECT ?text { ?text a lz:Recommendation }") == ["II-9"]


def test_provisions_know_what_they_are_part_of_up_to_the_instrument():
    article = "<provision/a> a lz:Provision ; lz:instrument <instrument/i> ."
    part = "<provision/a/1> a lz:Provision ; lz:instrument <instrument/i> ; eli:is_part_of <provision/a> ."
    data = derived(article, part)
    assert column(
        data, "SELECT ?whole { <https://w3id.org/lanzarote-atlas/id/provision/a> eli:is_part_of ?whole }"
    ) == ["i"]
    assert column(
        data, "SELECT ?part { <https://w3id.org/lanzarote-atlas/id/instrument/i> eli:has_part ?part }"
    ) == ["a"]


def test_every_derived_cell_and_gap_names_its_rule_and_what_it_comes_from():
    data = derived(claim("a", "no"), recommendation("state/DNK"))
    for kind in ("Gap", "ResolvedCell"):
        without = f"""SELECT ?thing {{ ?thing a lz:{kind} .
          FILTER NOT EXISTS {{ ?thing prov:wasGeneratedBy ?rule . ?rule a lz:Rule }} }}"""
        assert column(data, without) == []
    unfounded = "SELECT ?gap { ?gap a lz:Gap . FILTER NOT EXISTS { ?gap prov:wasDerivedFrom ?fact } }"
    assert column(data, unfounded) == []
