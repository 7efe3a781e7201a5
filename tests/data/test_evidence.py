"""Nothing of the researched evidence on 51 States is lost on its way into the data."""

from __future__ import annotations

import pytest

from lanzarote_atlas import resources
from lanzarote_atlas.records import files
from tools.atlas_yaml import load
from tools.evidence_sources import source_id, with_own_ids

PARTIES = resources.project().parent / "shared" / "evidence" / "parties"
TYPES = {"treaty.status": "Participation", "treaty.reservation": "Reservation"}

needs_evidence = pytest.mark.skipif(not PARTIES.is_dir(), reason="the evidence is not beside this checkout")


def cited_sources(body):
    """Return the sources that a record or its nested claims cite."""
    citations = body.get("citation") or []
    return {one["source"] for one in (citations if isinstance(citations, list) else [citations])}


@pytest.fixture(scope="module")
def records():
    data = resources.project() / "data"
    return files.read(files.find(data), data).records


@pytest.fixture(scope="module")
def claims(records):
    """Return every (State, criterion, source) that the data hold."""
    found = set()
    for record in records:
        kind, body = record.type, record.body
        criterion = {"Participation": "treaty.status", "Reservation": "treaty.reservation"}.get(kind)
        if kind == "Assessment":
            criterion = body["criterion"]
        if criterion:
            found |= {(body["state"], criterion, source) for source in cited_sources(body)}
    return found


def evidence_of(path):
    evidence = with_own_ids(load(path))
    return {(evidence["party"], fact["criterion"], source_id(fact["source"])) for fact in evidence["facts"]}


@needs_evidence
@pytest.mark.parametrize("state", sorted(path.stem for path in PARTIES.glob("*.yaml")) or ["none"])
def test_every_state_criterion_and_source_of_the_evidence_is_in_the_data(state, claims):
    assert evidence_of(PARTIES / f"{state}.yaml") - claims == set()


@needs_evidence
def test_evidence_speaks_of_fifty_one_states_and_all_are_records(records):
    researched = {path.stem for path in PARTIES.glob("*.yaml")}
    assert len(researched) == 51
    assert researched == {record.id for record in records if record.type == "State"}


def test_no_more_than_a_tenth_of_the_conditions_is_of_no_named_kind(records):
    kinds = [
        condition["conditionKind"]
        for record in records
        if record.type == "Assessment"
        for condition in record.body.get("condition") or []
    ]
    assert len(kinds) > 500
    assert kinds.count("other") <= len(kinds) / 10


def test_every_assessed_state_has_a_participation_or_is_a_comparator(records):
    """The three comparators are no Parties; all other States assessed are."""
    assessed = {record.body["state"] for record in records if record.type == "Assessment"}
    parties = {record.body["state"] for record in records if record.type == "Participation"}
    assert assessed - parties <= {"AUS", "CAN", "USA"}
