"""A cell or an assessment is a nanopublication at an address that answers as long as its build is kept."""

import pyoxigraph as ox
import pytest
import rdflib
from nanopub import Nanopub, NanopubConf

from lanzarote_atlas import nanopublications, terms
from lanzarote_atlas.errors import UsageError
from tests import small_project

THINGS = (
    "id/cell/DNK/jurisdiction.passive-personality",
    "id/cell/DNK/jurisdiction.territoriality",
    "id/cell/SWE/law.grooming",
    "id/assessment/DNK/jurisdiction.passive-personality/straffeloven-7a",
    "id/assessment/DNK/jurisdiction.territoriality/factsheet",
)
AGE = "id/assessment/DNK/age.sexual-consent/factsheet"


@pytest.mark.parametrize("thing", THINGS)
def test_the_nanopub_library_takes_it_as_valid(built, thing):
    made = nanopublications.of_address(built.folder.parent, thing)
    graph = rdflib.Dataset()
    graph.parse(data=made.trig, format="trig")
    read = Nanopub(rdf=graph, conf=NanopubConf())
    assert read.is_valid
    assert str(read.metadata.np_uri) == made.address
    assert {str(subject) for subject in read.assertion.subjects()} >= {made.thing}
    assert list(read.provenance.objects(None, rdflib.PROV.wasDerivedFrom))


def test_its_address_has_the_build_in_it_and_answers_to_itself(built):
    out = built.folder.parent
    made = nanopublications.of_address(out, THINGS[0])
    thing = f"{terms.prefixes()['id']}cell/DNK/jurisdiction.passive-personality"
    assert made.address == f"{thing}/build/{built.manifest.build_id[:16]}"
    assert nanopublications.of_address(out, made.address) == made
    assert (made.superseded, made.superseded_by) == (False, "")


def test_the_assertion_of_an_assessment_holds_its_conditions_and_the_provenance_its_citations(built):
    made = nanopublications.of_address(built.folder.parent, THINGS[3])
    said = {name: set() for name in ("head", "assertion", "provenance", "pubinfo")}
    for quad in made.quads:
        said[quad.graph_name.value.rsplit("#", 1)[1]].add(terms.local_name(quad.predicate.value))
    assert said["assertion"] >= {"value", "condition", "threshold", "summary", "state", "criterion"}
    assert said["provenance"] >= {"wasDerivedFrom", "locator", "footnote"}
    assert not said["assertion"] & {"citation", "rank", "cell", "footnote"}
    assert not said["assertion"] & {"holdsFrom", "holdsUntil"}
    assert said["pubinfo"] == {"created", "creator", "identifier", "isVersionOf", "license", "valid"}


def test_the_days_on_which_a_cell_holds_are_asserted_with_it(built):
    made = nanopublications.of_address(built.folder.parent, THINGS[0])
    asserted = {terms.local_name(quad.predicate.value) for quad in made.quads}
    assert {"holdsFrom", "holdsUntil"} <= asserted


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """A project built, changed, and built again: its folder and the two builds."""
    with small_project.using(tmp_path_factory.mktemp("project")) as project:
        old = project.build().build
        text = (
            (project.data / "assessments/DNK.yaml")
            .read_text(encoding="utf-8")
            .replace("value: 15", "value: 16")
        )
        project.add("assessments/DNK.yaml", text[: text.index("- type")] + text[text.rindex("- type") :])
        yield project.out, old, project.build().build


def value(made):
    (found,) = [quad.object.value for quad in made.quads if quad.predicate.value == terms.term("value")]
    return found


def test_an_old_address_still_says_what_it_said_and_what_is_in_its_place(rebuilt):
    out, old, new = rebuilt
    before = nanopublications.of_address(out, f"{AGE}/build/{old.manifest.build_id[:16]}")
    after = nanopublications.of_address(out, AGE)
    assert (value(before), value(after)) == ("15", "16")
    assert (before.superseded, before.superseded_by) == (True, after.address)
    marks = {terms.local_name(quad.predicate.value): quad.object.value for quad in before.quads}
    assert marks["isReplacedBy"] == after.address
    assert marks["invalidatedAtTime"] == new.manifest.built_at


def test_what_a_later_build_has_no_more_is_superseded_by_nothing(rebuilt):
    out, old, _new = rebuilt
    gone = "id/assessment/DNK/jurisdiction.passive-personality/factsheet"
    before = nanopublications.of_address(out, f"{gone}/build/{old.manifest.build_id}")
    assert (before.superseded, before.superseded_by) == (True, "")
    with pytest.raises(UsageError, match="has nothing at"):
        nanopublications.of_address(out, gone)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        (f"{AGE}/build/{'0' * 16}", "no build '0000000000000000'"),
        ("id/cell/DNK/nothing", "has nothing at"),
        ("id/state/DNK", "no cell, assessment, comparison or scenario"),
        ("https://example.org/id/cell/DNK/x", "no cell, assessment, comparison or scenario"),
        ("id/cell/DNK/a b", "is no address"),
    ],
)
def test_an_address_of_nothing_is_refused_with_the_reason(rebuilt, address, problem):
    with pytest.raises(UsageError, match=problem):
        nanopublications.of_address(rebuilt[0], address)


def test_each_part_is_one_graph_in_the_order_of_a_nanopublication(built):
    made = nanopublications.of_address(built.folder.parent, THINGS[0])
    graphs = list(
        dict.fromkeys(
            quad.graph_name.value.rsplit("#", 1)[1] for quad in ox.parse(made.trig, format=ox.RdfFormat.TRIG)
        )
    )
    assert graphs == ["head", "assertion", "provenance", "pubinfo"]
