"""The comparison queries: claims that hold whatever the data say.

Each claim is checked against the resolved cells or recomputed here from the matrix, so that the queries,
which read whole properties and join them for speed, cannot drift from what a cell means.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby

import pytest

from lanzarote_atlas import catalogue, resources, store
from lanzarote_atlas.records import yaml_text

FEWEST_COMPARED = 5
NO_POSITION = {"", "described"}
EMPTINESS = {"conflicting", "not reported", "evidence only", "not assessed"}
STATUSES = {"resolved", "conflicting", "not reported", "evidence only", "not assessed"}
# Column of a coverage query -> the status that it counts.
STATUS_OF = {
    "resolved": "resolved",
    "conflicting": "conflicting",
    "notReported": "not reported",
    "evidenceOnly": "evidence only",
    "notAssessed": "not assessed",
}
ATLAS = resources.project() / "data" / "atlas.yaml"
AS_AT = str(yaml_text.parse(ATLAS.read_text(encoding="utf-8"), "atlas.yaml").value["modified"])
KIND_LABELS = """SELECT (STR(?name) AS ?label) WHERE {
  ?kind skos:inScheme <https://w3id.org/lanzarote-atlas/vocabulary/condition-kind> ; skos:prefLabel ?name .
  FILTER (LANG(?name) = "en") }"""
NORDIC = ("DNK", "SWE", "NOR", "ISL")

Rows = list[dict[str, str]]


def answered(atlas, name: str, **given: str) -> Rows:
    """Return the rows of a named query, at the date of the data unless another is given."""
    if any(parameter.name == "asAt" for parameter in catalogue.find(name).parameters):
        given = {"asAt": AS_AT, **given}
    table = store.table(catalogue.run(atlas, name, **given))
    assert not table.truncated
    return table.dicts()


def asked(atlas, text: str) -> Rows:
    return store.table(atlas.query(text)).dicts()


def state_of(address: str) -> str:
    """Return the State in the address of a cell or of a State."""
    return address.split("/id/")[1].split("/")[1]


@pytest.fixture(scope="session")
def matrix(atlas) -> Rows:
    return answered(atlas, "compare-states-by-criteria")


@pytest.fixture(scope="session")
def compared_states(matrix) -> list[str]:
    return sorted({state_of(row["cell"]) for row in matrix})


@pytest.fixture(scope="session")
def positions(matrix) -> dict[tuple[str, str], str]:
    """What each State holds on each criterion on which all its cells have a position that can be compared."""
    cells = defaultdict(list)
    for row in matrix:
        if row["status"] != "not assessed":
            cells[state_of(row["cell"]), row["criterionName"]].append((row["principle"], row["value"]))
    return {
        key: "; ".join(sorted(f"{principle}: {value}" for principle, value in held))
        for key, held in cells.items()
        if not any(value in NO_POSITION | {"not reported"} for _, value in held)
    }


@pytest.fixture(scope="session")
def nearest(atlas, compared_states) -> dict[tuple[str, str], dict[str, str]]:
    """What the query says of each pair of States that it lists."""
    return {
        (state, state_of(row["address"])): row
        for state in compared_states
        for row in answered(atlas, "which-states-are-nearest", state=state)
    }


def likeness(positions, one: str, other: str) -> tuple[int, int]:
    """Return how many criteria have the same value on both sides, and how many have one on both sides."""
    shared = [
        (held, positions[other, criterion])
        for (state, criterion), held in positions.items()
        if state == one and (other, criterion) in positions
    ]
    return sum(here == there for here, there in shared), len(shared)


class TestMatrix:
    def test_each_resolved_cell_is_one_row(self, atlas, matrix):
        cells = asked(atlas, "SELECT ?cell WHERE { ?cell a lz:ResolvedCell } ORDER BY ?cell")
        assert sorted(row["cell"] for row in matrix) == [row["cell"] for row in cells]

    def test_every_state_meets_every_criterion(self, atlas, matrix, compared_states):
        """Standing and reservations, which are recorded as such, need no cell."""
        criteria = {
            row["name"]
            for row in asked(
                atlas,
                """SELECT ?name WHERE {
                  ?criterion a lz:Criterion ; skos:prefLabel ?name
                  FILTER (LANG(?name) = "en" && !CONTAINS(STR(?criterion), "/treaty."))
                } ORDER BY ?name""",
            )
        }
        met = {(state_of(row["cell"]), row["criterionName"]) for row in matrix}
        assert {(state, name) for state in compared_states for name in criteria} <= met

    def test_only_principles_make_several_rows_of_a_criterion(self, matrix):
        keys = Counter((row["state"], row["criterionName"], row["principle"]) for row in matrix)
        assert set(keys.values()) == {1}

    def test_a_row_has_a_value_where_its_cell_is_decided_and_else_a_kind_of_emptiness(self, matrix):
        assert {row["status"] for row in matrix} <= STATUSES
        for row in matrix:
            assert bool(row["value"]) == (row["status"] in {"resolved", "not reported"}), row["cell"]
            assert bool(row["assessments"]) == bool(row["grade"]), row["cell"]
            if row["status"] in {"evidence only", "not assessed"}:
                assert not row["assessments"], row["cell"]

    def test_a_conflicting_cell_shows_the_positions_that_conflict(self, matrix):
        for row in matrix:
            if row["status"] == "conflicting":
                assert "; " in row["otherPositions"], row["cell"]
            assert row["value"] not in row["otherPositions"].split("; ") or not row["value"], row["cell"]

    @pytest.mark.parametrize(
        "given", [{"theme": "iv-jurisdiction-rules"}, {"criterion": "jurisdiction.dual-criminality"}]
    )
    def test_a_parameter_leaves_rows_out_and_changes_none(self, atlas, matrix, given):
        part = answered(atlas, "compare-states-by-criteria", **given)
        names = {row["criterionName"] for row in part}
        assert part == [row for row in matrix if row["criterionName"] in names]


class TestOneOffence:
    def test_a_cell_of_the_offence_comes_before_the_cell_of_all(self, atlas):
        rows = answered(atlas, "compare-states-for-one-offence", offence="csam-distribution")
        assert rows
        for _, group in groupby(rows, key=lambda row: (row["criterionName"], row["state"])):
            reaches = {row["reach"] for row in group}
            assert "this offence" not in reaches or reaches == {"this offence"}
        for row in rows:
            assert (row["reach"] == "this offence") == row["cell"].endswith("/offence/csam-distribution")

    def test_what_is_not_told_apart_is_said_of_the_matrix_too(self, atlas, matrix):
        shown = ("status", "value", "conditions", "grade", "assessments")
        general = {row["cell"]: [row[name] for name in shown] for row in matrix}
        for row in answered(atlas, "compare-states-for-one-offence", offence="grooming"):
            if row["reach"] != "this offence":
                assert [row[name] for name in shown] == general[row["cell"]]

    def test_waiver_of_dual_criminality_reaches_other_offences_in_each_nordic_state(
        self, atlas, compared_states
    ):
        """Iceland waives it for production alone, Norway for all, Sweden in part, Denmark for nationals."""
        missing = set(NORDIC) - set(compared_states)
        if missing:
            pytest.skip(f"no assessments yet of {', '.join(sorted(missing))}")
        held = {
            (state, offence): nationals(
                answered(
                    atlas,
                    "compare-states-for-one-offence",
                    offence=offence,
                    criterion="jurisdiction.dual-criminality",
                ),
                state,
            )
            for state in NORDIC
            for offence in ("csam-production", "csam-distribution")
        }
        assert held["DNK", "csam-production"] == held["DNK", "csam-distribution"] == "not required"
        assert held["NOR", "csam-production"] == held["NOR", "csam-distribution"] == "not required"
        assert held["ISL", "csam-production"] == "not required"
        assert held["ISL", "csam-distribution"] == "required"
        assert held["SWE", "csam-production"] == "not required"
        assert held["SWE", "csam-distribution"] == "partly required"


def nationals(rows: Rows, state: str) -> str:
    """Return a State's position for its nationals; the general one where it tells nobody apart."""
    own = {row["principle"]: row["value"] for row in rows if state_of(row["cell"]) == state}
    return own.get("active nationality", own.get("", ""))


class TestDifferences:
    def test_a_state_never_differs_from_itself(self, atlas, compared_states):
        for state in compared_states[:5]:
            rows = answered(atlas, "how-does-a-state-differ-from-others", state=state, other=state)
            assert {row["result"] for row in rows} <= {"same", "unknown"}, state
            assert all(row["value"] == row["otherValue"] for row in rows)

    def test_a_state_is_not_compared_with_itself_unasked(self, atlas, compared_states):
        rows = answered(atlas, "how-does-a-state-differ-from-others", state="DNK")
        others = {state_of(row["otherPosition"]) for row in rows}
        assert others <= set(compared_states) - {"DNK"}

    def test_one_pair_is_the_same_rows_as_in_the_comparison_with_all(self, atlas, compared_states):
        other = next(state for state in reversed(compared_states) if state != "DNK")
        pair = answered(atlas, "how-does-a-state-differ-from-others", other=other)
        name = pair[0]["otherState"]
        every = answered(atlas, "how-does-a-state-differ-from-others")
        assert pair == [row for row in every if row["otherState"] == name]

    def test_the_other_way_round_swaps_the_sides(self, atlas, compared_states):
        other = next(state for state in reversed(compared_states) if state != "DNK")
        there = answered(atlas, "how-does-a-state-differ-from-others", state="DNK", other=other)
        back = answered(atlas, "how-does-a-state-differ-from-others", state=other, other="DNK")
        sides = ("value", "otherValue"), ("conditionsHere", "conditionsThere"), ("position", "otherPosition")
        assert len(there) == len(back)
        for one, turned in zip(there, back, strict=True):
            assert one["criterionName"] == turned["criterionName"]
            assert one["result"] == turned["result"]
            assert all(one[here] == turned[its] and one[its] == turned[here] for here, its in sides), one[
                "criterionName"
            ]

    def test_results_follow_from_values_and_conditions(self, atlas):
        for row in answered(atlas, "how-does-a-state-differ-from-others"):
            limits = row["conditionsHere"] or row["conditionsThere"]
            if row["result"] == "same":
                assert row["value"] == row["otherValue"], row
                assert not limits, row
            elif row["result"] == "differs":
                assert row["value"] != row["otherValue"] or limits, row
                assert not {row["value"], row["otherValue"]} & EMPTINESS, row
            else:
                assert not limits, row


class TestLikeness:
    def test_it_is_recomputed_from_the_matrix(self, nearest, positions, compared_states):
        pairs = [(one, other) for one in compared_states for other in compared_states if one != other]
        expected = {pair: likeness(positions, *pair) for pair in pairs}
        found = {pair: (int(row["same"]), int(row["compared"])) for pair, row in nearest.items()}
        assert found == {pair: both for pair, both in expected.items() if both[1] >= FEWEST_COMPARED}
        for pair, row in nearest.items():
            same, compared = expected[pair]
            assert float(row["share"]) == pytest.approx(same / compared, abs=0.0006)

    def test_it_is_symmetric_and_lies_between_nothing_and_one(self, nearest):
        for (one, other), row in nearest.items():
            assert 0 <= float(row["share"]) <= 1
            assert row["share"] == nearest[other, one]["share"]

    def test_the_nearest_come_first(self, atlas):
        shares = [float(row["share"]) for row in answered(atlas, "which-states-are-nearest")]
        assert shares == sorted(shares, reverse=True)


class TestCoverage:
    def test_counts_by_state_are_those_of_the_matrix(self, atlas, matrix):
        for row in answered(atlas, "how-much-is-known-of-each-state"):
            own = [cell for cell in matrix if cell["state"] == row["name"]]
            for column, status in STATUS_OF.items():
                criteria = {cell["criterionName"] for cell in own if cell["status"] == status}
                assert int(row[column]) == len(criteria), (row["name"], column)

    def test_counts_by_criterion_are_those_of_the_matrix(self, atlas, matrix):
        for row in answered(atlas, "how-much-is-known-of-each-criterion"):
            own = [cell for cell in matrix if cell["criterionName"] == row["criterionName"]]
            for column, status in STATUS_OF.items():
                states = {cell["state"] for cell in own if cell["status"] == status}
                assert int(row[column]) == len(states), (row["criterionName"], column)

    def test_both_count_every_assessment(self, atlas):
        total = int(asked(atlas, "SELECT (COUNT(?a) AS ?n) WHERE { ?a a lz:Assessment }")[0]["n"])
        for name in ("how-much-is-known-of-each-state", "how-much-is-known-of-each-criterion"):
            rows = answered(atlas, name)
            assert sum(int(row["official"]) + int(row["secondary"]) for row in rows) == total, name


class TestTreaty:
    def test_the_running_count_never_falls_and_counts_each_state_once(self, atlas):
        rows = answered(atlas, "who-ratified-when")
        counted = [row for row in rows if row["ratifiedSoFar"]]
        counts = [int(row["ratifiedSoFar"]) for row in counted]
        assert counts == sorted(counts)
        assert counts[-1] == len(counted) == len({row["name"] for row in counted})
        assert {row["name"] for row in rows if row["ratifiedOn"]} == {row["name"] for row in counted}

    def test_every_participation_is_a_row(self, atlas):
        found = {row["participation"] for row in answered(atlas, "who-ratified-when")}
        every = asked(
            atlas, "SELECT ?p WHERE { ?p a lz:Participation ; lz:instrument id:instrument\\/cets-201 }"
        )
        assert found == {row["p"] for row in every}

    def test_reservations_on_an_article_are_those_on_its_parts(self, atlas):
        article = answered(atlas, "who-has-reserved-on-an-article", provision="cets-201/art-25")
        every = answered(atlas, "who-has-reserved-on-an-article")
        assert article == [row for row in every if row["article"] == "Article 25"]
        for row in article:
            assert "Article 25" in row["provisions"]


class TestDualCriminality:
    def test_every_compared_state_has_a_row(self, atlas, matrix):
        named = {row["name"] for row in answered(atlas, "which-states-require-dual-criminality-for-whom")}
        assert named == {row["state"] for row in matrix}

    def test_an_offence_stands_in_one_row_of_a_state_and_principle(self, atlas):
        seen = Counter(
            (row["name"], row["principle"], offence)
            for row in answered(atlas, "which-states-require-dual-criminality-for-whom")
            for offence in row["offences"].split("; ")
        )
        assert set(seen.values()) == {1}

    def test_one_state_alone_has_the_rows_that_it_has_among_all(self, atlas):
        every = answered(atlas, "which-states-require-dual-criminality-for-whom")
        alone = answered(atlas, "which-states-require-dual-criminality-for-whom", state="DNK")
        assert alone == [row for row in every if row["name"] == "Denmark"]


class TestModels:
    def test_who_meets_a_recommendation_is_ordered_by_evidence_then_conditions(self, atlas):
        rows = answered(atlas, "who-meets-what-a-recommendation-asks", recommendation="II-10")
        labels = [row["label"] for row in asked(atlas, KIND_LABELS)]
        kinds = [
            {label for label in labels for text in row["conditions"].split("; ") if text.startswith(label)}
            for row in rows
        ]
        assert any(kinds)
        weights = [(row["grade"], len(found)) for row, found in zip(rows, kinds, strict=True)]
        assert weights == sorted(weights)
        assert {row["value"] for row in rows} <= {"yes", "conditional"}

    @pytest.mark.parametrize("recommendation", ["II-3", "II-10", "IV-5", "IV-9"])
    def test_the_models_of_the_pages_are_those_of_the_question(self, atlas, recommendation):
        asked_for = answered(atlas, "who-meets-what-a-recommendation-asks", recommendation=recommendation)
        shown = answered(atlas, "models", recommendation=recommendation)
        assert list(dict.fromkeys(row["cell"] for row in shown)) == [row["cell"] for row in asked_for]

    def test_a_further_number_of_a_recommendation_answers_alike(self, atlas):
        further = asked(
            atlas,
            """SELECT ?further ?first WHERE {
              ?further lz:sameTextAs ?first . ?first lz:asksFor/lz:expectedValue ?any
            } ORDER BY ?further""",
        )
        for row in further:
            one, other = (
                answered(
                    atlas, "who-meets-what-a-recommendation-asks", recommendation=row[name].split("/")[-1]
                )
                for name in ("further", "first")
            )
            assert one == other


class TestAges:
    @pytest.mark.parametrize(
        ("day", "age"), [("2009-06-01", "15"), ("2011-01-01", "14"), ("2012-03-01", "15")]
    )
    def test_denmark_s_age_of_criminal_responsibility_was_lowered_and_raised_again(self, atlas, day, age):
        rows = answered(atlas, "what-are-the-ages", asAt=day)
        assert [row["ageOfCriminalResponsibility"] for row in rows if state_of(row["address"]) == "DNK"] == [
            age
        ]

    def test_every_compared_state_is_a_row_and_the_span_is_the_difference(self, atlas, compared_states):
        rows = answered(atlas, "what-are-the-ages")
        assert set(compared_states) <= {state_of(row["address"]) for row in rows}
        for row in rows:
            if row["span"]:
                assert int(row["span"]) == int(row["ageOfConsent"]) - int(row["ageOfCriminalResponsibility"])
