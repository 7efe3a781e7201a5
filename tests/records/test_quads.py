import dataclasses
import json

import pyoxigraph as ox
import pytest

from lanzarote_atlas import resources, settings, terms
from lanzarote_atlas.errors import AtlasError
from lanzarote_atlas.records import context, files, quads
from tests import small_project

BASE = settings.DEFAULT_BASE
XSD = terms.XSD


@pytest.fixture
def mapped(tmp_path):
    """Map the text of one file to quads."""

    def quads_of(text, name="x.yaml"):
        project.add(name, text)
        path = project.data / name
        return list(quads.of_records(files.read([path], project.data).records))

    with small_project.using(tmp_path) as project:
        yield quads_of


def objects(made, local, subject=None):
    """Return the objects of a property of the model, in the order of their texts."""
    chosen = [
        quad.object
        for quad in made
        if quad.predicate.value in {terms.term(local), terms.FIXED_PREFIXES["schema"] + local}
        and (subject is None or quad.subject.value == subject)
    ]
    return sorted(chosen, key=str)


def test_a_record_stands_under_the_address_of_its_kind(mapped):
    made = mapped("type: PromisingPractice\nid: DNK/hotline\n")
    assert {quad.subject.value for quad in made} == {BASE + "id/practice/DNK/hotline"}
    assert [quad.object.value for quad in made if quad.predicate.value == terms.RDF_TYPE] == [
        BASE + "ontology#PromisingPractice"
    ]


def test_each_file_is_a_named_graph(mapped):
    made = mapped("type: State\nid: DNK\niso3: DNK\n", "states/DNK.yaml")
    assert {quad.graph_name.value for quad in made} == {BASE + "graph/data/states/DNK"}


def test_a_file_name_with_odd_characters_still_gives_a_graph(mapped):
    made = mapped("type: State\nid: DNK\niso3: DNK\n", "å b {1}.yaml")
    assert {quad.graph_name.value for quad in made} == {BASE + "graph/data/%C3%A5%20b%20%7B1%7D"}


def test_nested_objects_have_addresses_and_no_blank_node(mapped):
    made = mapped(
        "type: Assessment\nid: DNK/a.b/s\ncitation: {source: s}\n"
        "condition: [{conditionKind: complaint, note: a}, {conditionKind: presence, note: b}]\n"
    )
    here = BASE + "id/assessment/DNK/a.b/s"
    assert [term.value for term in objects(made, "citation")] == [here + "#citation-1"]
    assert [term.value for term in objects(made, "condition")] == [
        here + "#condition-1",
        here + "#condition-2",
    ]
    assert not any(isinstance(term, ox.BlankNode) for quad in made for term in quad.triple)


def test_an_object_nested_in_a_nested_one_has_an_address_of_its_own(mapped):
    made = mapped(
        "type: Disagreement\nid: d\naccount:\n- {summary: a, citation: [{source: s}, {source: t}]}\n"
        "- {summary: b, citation: {source: u}}\n"
    )
    assert [term.value.removeprefix(BASE) for term in objects(made, "citation")] == [
        "id/disagreement/d#account-1-citation-1",
        "id/disagreement/d#account-1-citation-2",
        "id/disagreement/d#account-2-citation-1",
    ]


def test_nested_objects_have_their_class(mapped):
    made = mapped("type: Recommendation\nid: II-1\npart: [{order: 1, summary: a}]\n")
    types = {
        quad.subject.value.rpartition("/")[2]: terms.compact(quad.object.value)
        for quad in made
        if quad.predicate.value == terms.RDF_TYPE
    }
    assert types == {"II-1": "lz:Recommendation", "II-1#part-1": "lz:RecommendationPart"}


@pytest.mark.parametrize(
    ("written", "kind"), [("2018-01-15", "date"), ("'2018-01'", "gYearMonth"), ("'2018'", "gYear")]
)
def test_a_date_has_the_datatype_of_its_form(mapped, written, kind):
    (date,) = objects(mapped(f"type: Measure\nid: m\noccurredOn: {written}\n"), "occurredOn")
    assert date == ox.Literal(written.strip("'"), datatype=ox.NamedNode(XSD + kind))


def test_a_position_is_a_concept_and_an_age_a_whole_number(mapped):
    made = mapped(
        "records:\n- {type: Assessment, id: a, value: 'yes'}\n- {type: Assessment, id: b, value: 15}\n"
    )
    assert objects(made, "value", BASE + "id/assessment/a") == [
        ox.NamedNode(BASE + "vocabulary/position/yes")
    ]
    assert objects(made, "value", BASE + "id/assessment/b") == [
        ox.Literal("15", datatype=ox.NamedNode(XSD + "integer"))
    ]


def test_an_addressee_is_a_state_or_a_word_with_an_address_of_its_own(mapped):
    made = mapped(
        "records:\n- {type: Recommendation, id: a, addressee: DNK}\n"
        "- {type: Recommendation, id: b, addressee: parties-not-yet-doing-so}\n"
    )
    assert [term.value.removeprefix(BASE) for term in objects(made, "addressee")] == [
        "id/state/DNK",
        "vocabulary/addressee/parties-not-yet-doing-so",
    ]


def test_paragraphs_are_one_whole_number_each(mapped):
    made = mapped("type: Measure\nid: m\ncitation: {source: s, paragraph: [43, 44], footnote: 2}\n")
    integer = ox.NamedNode(XSD + "integer")
    assert objects(made, "paragraph") == [
        ox.Literal("43", datatype=integer),
        ox.Literal("44", datatype=integer),
    ]
    assert objects(made, "footnote") == [ox.Literal("2", datatype=integer)]


def test_texts_are_english_and_names_have_their_language(mapped):
    made = mapped("type: State\nid: DNK\nnote: A note.\nprefLabel: {en: Denmark, da: Danmark}\n")
    assert objects(made, "note") == [ox.Literal("A note.", language="en")]
    labels = {quad.object for quad in made if quad.predicate.value.endswith("prefLabel")}
    assert labels == {ox.Literal("Denmark", language="en"), ox.Literal("Danmark", language="da")}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/menu2\\6\\crc", "https://example.org/menu2%5C6%5Ccrc"),
        ("https://example.org/a b|c", "https://example.org/a%20b%7Cc"),
        ("https://example.org/å?q={x}#y", "https://example.org/å?q=%7Bx%7D#y"),
        ("https://example.org/100%25", "https://example.org/100%25"),
    ],
)
def test_a_web_address_with_odd_characters_is_kept_and_encoded(mapped, url, address):
    """The JSON-LD processor drops an address that RDF cannot hold, without a word."""
    assert objects(mapped(f"type: Source\nid: s\nurl: '{url}'\n"), "url") == [ox.NamedNode(address)]


def test_several_web_addresses_are_all_kept(mapped):
    made = mapped("type: State\nid: DNK\nexactMatch: ['https://example.org/a', 'https://example.org/b c']\n")
    matches = {quad.object.value for quad in made if quad.predicate.value.endswith("exactMatch")}
    assert matches == {"https://example.org/a", "https://example.org/b%20c"}


def test_another_base_takes_the_place_of_the_default_everywhere(tmp_path):
    with small_project.using(tmp_path, LANZAROTE_BASE="http://localhost:8000/atlas/") as project:
        made = list(quads.of_records(files.read(files.find(project.data), project.data).records))
        text = "".join(map(str, made))
        assert settings.DEFAULT_BASE not in text
        assert "<http://localhost:8000/atlas/id/state/DNK>" in text
        assert "<http://localhost:8000/atlas/vocabulary/position/conditional>" in text
        assert "<http://localhost:8000/atlas/ontology#Assessment>" in text
        assert "<http://localhost:8000/atlas/graph/data/states>" in text


def test_what_the_mapping_cannot_hold_names_its_file(mapped):
    with pytest.raises(AtlasError, match="data/x: cannot be mapped to RDF"):
        mapped("type: State\nid: DNK\nprefLabel: {en: {deep: er}}\n")


def test_names_are_resolved_as_the_scopes_of_the_published_context_resolve_them(monkeypatch):
    """Resolving names before the JSON-LD processor sees them changes no quad of the real data."""
    data = resources.project() / "data"
    records = files.read(files.find(data), data).records
    ours = set(quads.of_records(records))
    text = (resources.project() / "ontology" / "context.jsonld").read_text(encoding="utf-8")
    scoped = dataclasses.replace(context.load(), document=json.loads(text)["@context"], areas={})
    monkeypatch.setattr(context, "load", lambda: scoped)
    assert set(quads.of_records(records)) == ours
