"""The worked scenarios: each was checked by hand against the provisions cited, and its reasoning stays.

After a change of the data, `pytest tests/scenario --update-golden` rewrites the golden texts; the diff is
what the change did to the outcomes, and a scenario whose outcome changes is checked by hand again.
"""

import json

import pytest

from lanzarote_atlas import resources, scenario
from lanzarote_atlas.errors import UsageError
from lanzarote_atlas.scenario import Truth, report

EXAMPLES = scenario.worked()
GOLDEN = resources.project() / "tests" / "scenario" / "golden"
OUTCOMES = {
    "denmark-2018-case": ({"DNK"}, {"USA"}, "DNK"),
    "minor-offender-above-age": ({"DNK"}, {"NOR"}, "NOR"),
    "minor-offender-below-age": (set(), set(), "DNK"),
    "national-abroad-no-offence": ({"DNK"}, set(), "DNK"),
    "resident-alien": ({"DNK"}, set(), "DNK"),
    "server-in-the-united-states": ({"SWE"}, {"USA"}, "USA"),
    "victim-only-above-six-years": ({"DNK"}, {"AUS"}, "DNK"),
    "victim-only-below-six-years": (set(), {"AUS"}, "DNK"),
}
every_example = pytest.mark.parametrize("name", EXAMPLES)


def judged(name, law):
    return scenario.judge(scenario.read(EXAMPLES[name], law), law)


def without_build(text):
    return "\n".join(line for line in text.splitlines() if not line.startswith("Build ")) + "\n"


def test_every_worked_scenario_has_its_outcome_here():
    assert EXAMPLES.keys() == OUTCOMES.keys()


@every_example
def test_outcome_is_the_one_checked_by_hand(name, law):
    outcome = judged(name, law)
    claiming, possible, _ = OUTCOMES[name]
    assert {one.state.iso3 for one in outcome.concurrence.claiming} == claiming
    assert {one.state.iso3 for one in outcome.concurrence.possible} == possible
    assert len(outcome.scenario.checked) > 100


@every_example
def test_rows_say_of_every_state_and_principle_what_the_outcome_says(name, law):
    outcome = judged(name, law)
    table = report.rows(outcome, law)
    told = {(row["state"], row["result"], row["principle"], row["principleResult"]) for row in table.dicts()}
    assert told == {
        (one.state.iri, one.result, principle.principle.iri, principle.result)
        for one in outcome.states
        for principle in one.principles
    }
    cited = {row["assessment"] for row in table.dicts() if row["source"]}
    assert cited == {
        position.iri
        for one in outcome.states
        for principle in one.principles
        for ground in principle.grounds
        for position in ground.positions
        if law.sources.get(position.iri)
    }


@every_example
def test_overview_and_trace_stay_as_they_were(name, law, request):
    outcome = judged(name, law)
    texts = {
        name: report.as_text(outcome, law),
        f"{name}-trace": report.as_text(outcome, law, OUTCOMES[name][2]),
    }
    for stem, text in texts.items():
        path = GOLDEN / f"{stem}.txt"
        if request.config.getoption("--update-golden"):
            path.write_text(without_build(text), encoding="utf-8")
        assert without_build(text) == path.read_text(encoding="utf-8"), stem


def test_no_golden_text_is_left_over():
    assert {path.stem.removesuffix("-trace") for path in GOLDEN.glob("*.txt")} == set(OUTCOMES)


@every_example
def test_json_holds_the_whole_reasoning_and_the_advice(name, law):
    document = json.loads(report.as_json(judged(name, law), law))
    assert "no legal advice" in document["advice"]
    assert len(document["states"]) == 51
    for state in document["states"]:
        assert len(state["principles"]) == 6
        for principle in state["principles"]:
            assert principle["trace"]["result"] == principle["result"]
            assert principle["trace"]["steps"]


def test_six_years_decide_where_the_victim_is_the_only_link(law):
    below, above = (judged(f"victim-only-{side}-six-years", law).state("DNK") for side in ("below", "above"))
    assert (below.result, above.result) == (Truth.UNMET, Truth.MET)
    (met,) = above.of(Truth.MET)
    (ground,) = met.grounds
    leaf = next(leaf for leaf in ground.step.leaves() if leaf.asked == "minimum penalty")
    assert leaf.fact.endswith(
        "id/assessment/DNK/jurisdiction.passive-personality/straffeloven-7a#condition-2"
    )
    assert [(given.field, given.value) for given in leaf.inputs] == [("penalty-maximum", "DNK: 8 years")]


def test_claims_of_two_parties_meet_under_the_rule_on_consultation(law):
    concurrence = judged("minor-offender-above-age", law).concurrence
    assert concurrence.conflicts is Truth.UNKNOWN
    assert {one.state.iso3 for one in concurrence.parties} == {"DNK", "NOR"}
    assert concurrence.provision == "Article 25(8)"


def test_the_state_where_the_suspect_is_shows_its_law_on_extradition(law):
    (custody,) = judged("denmark-2018-case", law).custody
    assert custody.holder.state.iso3 == "DNK"
    assert {law.cited(position.all("provision")) for position in custody.extradition} == {
        "Extradition Act § 18; Extradition Act § 19",
        "Extradition Act § 21",
    }
    assert custody.duty.result is Truth.UNKNOWN
    assert custody.duty.open_questions() == ("the decision of Denmark on extradition",)
    (alien,) = judged("resident-alien", law).custody
    assert alien.duty.result is Truth.UNMET


def test_a_state_outside_the_atlas_is_refused_with_the_nearest(law):
    outcome = judged("resident-alien", law)
    for show in (report.as_text, report.as_json):
        with pytest.raises(UsageError, match="did you mean 'DNK'"):
            show(outcome, law, "DNC")
