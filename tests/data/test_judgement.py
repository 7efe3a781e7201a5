"""The rules of judgement that a program can hold: like facts are judged alike, and none beyond its source."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from lanzarote_atlas import resources
from lanzarote_atlas.records import files
from tools.atlas_yaml import load
from tools.evidence_sources import source_id, with_own_ids

PARTIES = resources.project().parent / "shared" / "evidence" / "parties"
DEGREES = {"low": 0, "medium": 1, "high": 2}

# The age in these summaries is no limit of the offence as a whole.
AGE_IS_NO_LIMIT = {
    "AUS/law.grooming/em-2007": "of one of the offences that the bill proposed",
    "FRA/law.grooming/juriblio-2021-478-art5": "an aggravating circumstance",
    "GBR/law.grooming/kangs-grooming": "of one of the three offences described",
}

# The evidence had these lower; a second source cited in the same record states them in terms.
RAISED_WITH_REASON = {
    "IRL/jurisdiction.dual-criminality/ie-1996-act-38-revised-2024",
    "USA/jurisdiction.dual-criminality/usc-18-2423",
}

needs_evidence = pytest.mark.skipif(not PARTIES.is_dir(), reason="the evidence is not beside this checkout")


def listed(value):
    """Return a value that may be one thing or a list as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def sources_of(body):
    return [citation["source"] for citation in listed(body["citation"])]


@pytest.fixture(scope="module")
def records():
    data = resources.project() / "data"
    return files.read(files.find(data), data).records


@pytest.fixture(scope="module")
def assessments(records):
    """Return id and body of every assessment."""
    return {record.id: record.body for record in records if record.type == "Assessment"}


@pytest.fixture(scope="module")
def undated_secondary(records):
    """Return the ids of the sources that are secondary and bear no date."""
    return {
        record.id
        for record in records
        if record.type == "Source"
        and record.body["evidenceGrade"] == "secondary"
        and not record.body.get("issued")
    }


def test_an_age_below_18_of_the_child_makes_solicitation_conditional(assessments):
    """Two States that protect children under 15 must not differ because one reads yes, one conditional."""
    plain = {
        name
        for name, body in assessments.items()
        if body["criterion"] == "law.grooming"
        and body["value"] == "yes"
        and re.search(r"under[- ]1[0-7]\b|under-1[0-7]s", body["summary"])
    }
    assert plain == set(AGE_IS_NO_LIMIT)


def test_a_condition_tells_more_than_the_connecting_factor(assessments):
    """That the offender is a national is what active nationality asks; it is no condition of it."""
    bare = re.compile(r"\w+ (national|citizen)|(habitual )?resident of \w+", re.IGNORECASE)
    grounds = ("jurisdiction.active-nationality", "jurisdiction.habitual-residence")
    repeated = [
        name
        for name, body in assessments.items()
        if body["criterion"] in grounds
        for condition in listed(body.get("condition"))
        if bare.fullmatch(condition.get("note", "").strip())
    ]
    assert repeated == []


def test_an_undated_secondary_source_that_stands_alone_is_not_of_high_confidence(
    assessments, undated_secondary
):
    """A text that tells its own date (an amendment it includes, the year it describes) is not undated."""
    behind = defaultdict(set)
    for body in assessments.values():
        behind[body["state"], body["criterion"]].update(sources_of(body))
    alone = [
        name
        for name, body in assessments.items()
        if body["confidence"] == "high"
        and behind[body["state"], body["criterion"]] <= undated_secondary
        and len(behind[body["state"], body["criterion"]]) == 1
        and not re.search(r"\b(19|20)\d\d\b", body["summary"] + body.get("note", ""))
    ]
    assert alone == []


def test_membership_of_the_barnahus_network_is_of_low_confidence_in_every_state(assessments):
    members = [body for body in assessments.values() if "barnahus-network-map" in sources_of(body)]
    assert len(members) >= 20
    assert {body["confidence"] for body in members} == {"low"}
    assert all("at work" in body["note"] for body in members)


def test_a_unit_not_shown_to_be_dedicated_is_of_low_confidence_in_every_state(assessments):
    doubt = re.compile(
        r"not described as dedicated|is dedicated to|call it dedicated|not a police unit|prosecution section"
    )
    doubted = {
        name: body["confidence"]
        for name, body in assessments.items()
        if body["criterion"] == "investigation.specialised-unit"
        and doubt.search(body["summary"] + body.get("note", ""))
    }
    assert len(doubted) >= 7
    assert set(doubted.values()) == {"low"}


def test_a_rule_of_eu_law_is_told_alike_in_every_state(assessments):
    duties = [
        [(condition["conditionKind"], condition["note"].strip()) for condition in body["condition"]]
        for body in assessments.values()
        if body.get("provision") == "eu-2022-2065/art-18" and "dsa-art-18" in sources_of(body)
    ]
    assert len(duties) >= 20
    assert all(duty == duties[0] for duty in duties)


def test_a_file_of_one_states_law_holds_that_states_law_only():
    """What several States' records rest on stands in a file of its own, not in that of one of them."""
    folder = resources.project() / "data" / "instruments"
    strangers = [
        record["id"]
        for path in folder.glob("[A-Z][A-Z][A-Z].yaml")
        for record in load(path)["records"]
        if not record["id"].removeprefix("provision/").startswith(f"{path.stem}/")
    ]
    assert strangers == []


@needs_evidence
@pytest.mark.parametrize("state", sorted(path.stem for path in PARTIES.glob("*.yaml")) or ["none"])
def test_no_fact_is_surer_than_its_evidence(state, assessments):
    evidence = with_own_ids(load(PARTIES / f"{state}.yaml"))
    best = defaultdict(int)
    for fact in evidence["facts"]:
        key = (fact["criterion"], source_id(fact["source"]))
        best[key] = max(best[key], DEGREES.get(fact.get("confidence"), 2))
    surer = {
        name
        for name, body in assessments.items()
        if body["state"] == state
        and (known := [best[key] for key in _keys(body) if key in best])
        and DEGREES[body["confidence"]] > max(known)
    }
    assert surer <= RAISED_WITH_REASON


@needs_evidence
@pytest.mark.parametrize("state", sorted(path.stem for path in PARTIES.glob("*.yaml")) or ["none"])
def test_no_condition_on_an_earlier_judgment_comes_from_elsewhere(state, assessments):
    """A bar because of a judgment abroad was once added where the evidence says nothing of it."""
    words = (PARTIES / f"{state}.yaml").read_text(encoding="utf-8")
    added = [
        name
        for name, body in assessments.items()
        if body["state"] == state
        and any(one["conditionKind"] == "ne-bis-in-idem" for one in listed(body.get("condition")))
        and not re.search(
            r"acquit|convicted (him|abroad|in)|tried abroad|not tried|judg|pardon|held liable", words
        )
    ]
    assert added == []


def _keys(body):
    return [(body["criterion"], source) for source in sources_of(body)]
