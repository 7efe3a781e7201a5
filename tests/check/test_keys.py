import pytest

from tests import small_project

OBSERVATION = """type: Observation
id: DNK/iv-rules
polarity: in-line
theme: iv-jurisdiction-rules
topic: Rules on jurisdiction
summary: The rules cover the offences.
citation: {source: factsheet, section: IV}
"""
RECOMMENDATION = """type: Recommendation
id: X-unnumbered
obligationLevel: invite
addressee: all-parties
theme: iv-jurisdiction-rules
basis: cets-201/art-25
basisKind: stated
monitoringRound: '2'
summary: Share what was learnt.
citation: {source: factsheet, section: X}
"""


@pytest.fixture
def project(tmp_path):
    with small_project.using(tmp_path) as project:
        yield project


@pytest.mark.parametrize("about", ["state: DNK", "addressee: all-parties", "addressee: SWE"])
def test_an_observation_is_of_a_state_or_of_all(project, about):
    project.add("observation.yaml", OBSERVATION + about + "\n")
    assert project.faults() == []


def test_an_observation_of_nobody_is_a_fault(project):
    project.add("observation.yaml", OBSERVATION)
    assert [str(fault) for fault in project.faults()] == [
        "data/observation.yaml:1: DNK/iv-rules: record: needs a `state` or an `addressee`"
    ]


def test_a_recommendation_may_have_no_number(project):
    project.add("recommendation.yaml", RECOMMENDATION)
    assert project.faults() == []


@pytest.mark.parametrize("date", ["2018-01-15", "'2018-01'", "'2018'", "2020-02-29"])
def test_a_date_may_be_a_day_a_month_or_a_year(project, date):
    project.edit("assessments/DNK.yaml", "2013-07-01", date)
    assert project.faults() == []


def test_a_summary_may_have_600_characters(project):
    text = "Children may consent to sexual activities from the age of fifteen."
    project.edit("assessments/DNK.yaml", text, "x" * 600)
    assert project.faults() == []


def test_a_long_value_is_shown_shortened(project):
    project.edit("assessments/DNK.yaml", "value: conditional", f"value: {'conditional' * 20}")
    project.edit("assessments/DNK.yaml", "2013-07-01", "x" * 200)
    assert all(len(str(fault)) < 400 for fault in project.faults() if "validFrom" in fault.problem)
