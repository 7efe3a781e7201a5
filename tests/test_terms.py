import pyoxigraph as ox
import pytest

from lanzarote_atlas import terms
from tests import small_project

BASE = "https://w3id.org/lanzarote-atlas/"


@pytest.fixture(autouse=True)
def default_base(tmp_path):
    with small_project.using(tmp_path):
        yield


def test_addresses_are_made_in_one_place():
    assert terms.term("State") == BASE + "ontology#State"
    assert terms.thing("provision", "cets-201/art-25/1/d") == BASE + "id/provision/cets-201/art-25/1/d"
    assert terms.concept("position", "yes") == BASE + "vocabulary/position/yes"
    assert terms.graph("data/states/DNK") == BASE + "graph/data/states/DNK"


@pytest.mark.parametrize("local", ["a b", "å", "<x>", 'q"', "{}", "a#b", "a?b", "%", "\\", "a\nb"])
def test_an_odd_name_gives_an_address_that_rdf_takes(local):
    for made in (terms.thing("state", local), terms.concept("position", local), terms.graph(local)):
        assert ox.NamedNode(made).value == made


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (BASE + "ontology#State", "lz:State"),
        (BASE + "id/state/DNK", "id/state/DNK"),
        ("http://www.w3.org/2004/02/skos/core#prefLabel", "skos:prefLabel"),
        ("https://example.org/x", "https://example.org/x"),
        ("a plain text", "a plain text"),
    ],
)
def test_an_address_has_a_short_form(iri, short):
    assert terms.compact(iri) == short


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (BASE + "id/recommendation/II-3", "II-3"),
        (BASE + "id/provision/cets-201/art-25/2", "cets-201/art-25/2"),
        (BASE + "vocabulary/obligation-level/request", "request"),
        (BASE + "ontology#State", "State"),
        ("http://purl.org/dc/terms/title", "title"),
    ],
)
def test_the_local_name_is_what_stands_after_the_kind(iri, name):
    assert terms.local_name(iri) == name


def test_prefixes_follow_the_base(tmp_path):
    with small_project.using(tmp_path / "other", LANZAROTE_BASE="http://localhost/"):
        assert terms.prefixes()["lz"] == "http://localhost/ontology#"
        assert terms.compact("http://localhost/id/state/DNK") == "id/state/DNK"
        assert terms.prefixes()["skos"] == "http://www.w3.org/2004/02/skos/core#"


def test_an_address_is_encoded_once():
    once = terms.encoded("https://x/a b|c%20\\")
    assert once == "https://x/a%20b%7Cc%20%5C"
    assert terms.encoded(once) == once
