import pytest

from lanzarote_atlas.records import context
from tests import small_project


@pytest.fixture
def loaded(tmp_path):
    with small_project.using(tmp_path):
        yield context.load()


def test_a_key_that_names_a_thing_or_a_concept_has_an_area(loaded):
    assert loaded.areas["state"] == "id/state"
    assert loaded.areas["value"] == "vocabulary/position"
    assert loaded.areas["addressee"] == "id/state"
    assert "summary" not in loaded.areas


def test_words_with_addresses_of_their_own_are_known_by_key(loaded):
    assert set(loaded.words["addressee"]) == {"all-parties", "parties-not-yet-doing-so"}
    assert loaded.words["state"] == {}


def test_dates_and_web_addresses_are_told_apart_from_texts(loaded):
    assert {"issued", "validFrom", "occurredOn"} <= loaded.dates
    assert {"exactMatch", "url", "license"} <= loaded.addresses
    assert not loaded.addresses & {"state", "summary", "issued"}


def test_every_type_has_an_address_for_its_ids(loaded):
    assert loaded.record_iri("State", "DNK") == "https://w3id.org/lanzarote-atlas/id/state/DNK"
    assert loaded.area_of("PromisingPractice") == "id/practice"
    assert loaded.area_of("Retired") == "id"


def test_another_base_moves_addresses_and_leaves_areas(tmp_path):
    with small_project.using(tmp_path, LANZAROTE_BASE="http://localhost/x/"):
        loaded = context.load()
        assert loaded.record_iri("State", "DNK") == "http://localhost/x/id/state/DNK"
        assert loaded.areas["state"] == "id/state"
