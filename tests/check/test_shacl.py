"""What is put to pyshacl in another way, to be quick, finds what pyshacl finds when asked plainly."""

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import SH

from lanzarote_atlas import resources
from lanzarote_atlas.check import shacl
from tests.ontology import test_shapes

PREFIXES = """@prefix : <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def n_triples(turtle):
    return shacl.n_triples(ox.parse(turtle, format=ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def every_fault():
    """One graph with the fault of every case of the shapes' own tests."""
    faults = [
        case.faulty.replace(":thing", f":thing-{place}") for place, case in enumerate(test_shapes.CASES)
    ]
    return n_triples(test_shapes.PREFIXES + test_shapes.WORLD + "\n".join(faults))


@pytest.fixture(scope="module")
def every_shape():
    folder = resources.project() / "ontology" / "shapes"
    return [n_triples(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.ttl"))]


def plainly(data, shapes):
    """Return what pyshacl finds when it is given data and shapes as they stand."""
    shape_graph = rdflib.Graph()
    for shape in shapes:
        shape_graph.parse(data=shape, format="nt")
    _, report, _ = pyshacl.validate(
        rdflib.Graph().parse(data=data, format="nt"), shacl_graph=shape_graph, allow_warnings=True
    )

    def said(result, name):
        value = report.value(result, name)
        return "" if value is None or isinstance(value, rdflib.BNode) else str(value)

    return sorted(
        shacl.Violation(
            said(result, SH.focusNode),
            said(result, SH.resultPath),
            said(result, SH.resultMessage),
            said(result, SH.value),
        )
        for result in report.subjects(rdflib.RDF.type, SH.ValidationResult)
    )


def found(data, shapes, focus=()):
    with shacl.Validation(data, shapes, focus) as validation:
        return validation.violations()


def test_every_violation_is_found_as_pyshacl_finds_it(every_fault, every_shape):
    violations = found(every_fault, every_shape)
    assert len(violations) >= len(test_shapes.CASES)
    assert violations == plainly(every_fault, every_shape)


@pytest.mark.parametrize("others", [1, 2])
def test_other_processes_find_what_this_one_finds(every_fault, every_shape, others, monkeypatch):
    alone = found(every_fault, every_shape)
    monkeypatch.setattr(shacl, "_WORTH_A_PROCESS", 0)
    with shacl.Validation(every_fault, every_shape, others=others) as validation:
        assert len(validation._others) == others
        assert validation.violations() == alone


def test_a_focus_leaves_out_other_nodes_and_nothing_of_its_own(every_fault, every_shape):
    everything = found(every_fault, every_shape)
    focus = sorted({violation.focus for violation in everything if violation.focus.startswith("https:")})[::2]
    of_these = [violation for violation in everything if violation.focus in focus]
    assert of_these
    assert found(every_fault, every_shape, focus) == of_these


@pytest.mark.parametrize(
    "target",
    ["sh:targetClass :Kind", "sh:targetNode :a , :b", "sh:targetObjectsOf :to", "sh:targetSubjectsOf :from"],
)
@pytest.mark.parametrize("focus", [(), ("https://example.org/a",)])
def test_each_kind_of_target_reaches_its_nodes(target, focus):
    shape = n_triples(
        f"{PREFIXES} :Shape a sh:NodeShape ; {target} ; "
        "sh:property [ sh:path :p ; sh:or ( [ sh:nodeKind sh:IRI ] [ sh:maxLength 3 ] ) ] ."
    )
    data = n_triples(
        f"{PREFIXES} :Part rdfs:subClassOf :Kind . :c :to :a , :b ; :p 'too long' . "
        ":a a :Kind ; :from :c ; :p 'too long' . :b a :Part ; :from :c ; :p 'too long' ."
    )
    reached = [violation.focus[-1] for violation in found(data, [shape], focus)]
    assert reached == (["a"] if focus else ["a", "b"])


def test_a_shape_that_another_one_names_still_holds_for_its_values():
    shape = n_triples(
        f"{PREFIXES} :Whole a sh:NodeShape ; sh:targetClass :Whole ; "
        "sh:property [ sh:path :part ; sh:node :Part ] . "
        ":Part a sh:NodeShape ; sh:targetClass :Part ; sh:property [ sh:path :name ; sh:minCount 1 ] ."
    )
    data = n_triples(f"{PREFIXES} :w a :Whole ; :part :p .")
    violations = found(data, [shape])
    assert "https://example.org/part" in {violation.path for violation in violations}
    assert violations == plainly(data, [shape])
