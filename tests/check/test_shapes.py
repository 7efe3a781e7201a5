import pytest

from lanzarote_atlas.errors import AtlasError
from tests import small_project

PREFIXES = """@prefix lz: <https://w3id.org/lanzarote-atlas/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


@pytest.fixture
def project(tmp_path):
    with small_project.using(tmp_path) as project:
        yield project


def shape(project, text):
    project.add("../ontology/shapes/extra.ttl", PREFIXES + text)
    return [str(fault) for fault in project.faults()]


def test_a_violation_in_a_nested_part_is_told_at_its_line(project):
    told = shape(
        project,
        "lz:X a sh:NodeShape ; sh:targetClass lz:Condition ; "
        'sh:property [ sh:path lz:threshold ; sh:maxInclusive 5 ; sh:message "too many years" ] .',
    )
    record = "data/assessments/DNK.yaml:9: DNK/jurisdiction.passive-personality/factsheet"
    assert told == [f"{record}: threshold: too many years (found '6'); see ontology/shapes"]


def test_a_violation_in_a_part_that_stands_alone_is_told_at_its_line(project):
    told = shape(
        project,
        "lz:X a sh:NodeShape ; sh:targetNode "
        "<https://w3id.org/lanzarote-atlas/id/assessment/DNK/age.sexual-consent/factsheet#citation-1> ; "
        'sh:property [ sh:path lz:paragraph ; sh:minCount 1 ; sh:message "no paragraph" ] .',
    )
    record = "data/assessments/DNK.yaml:26: DNK/age.sexual-consent/factsheet"
    assert told == [f"{record}: paragraph: no paragraph; see ontology/shapes"]


def test_a_violation_of_the_ontology_itself_is_told_of_the_ontology(project):
    told = shape(
        project,
        "lz:X a sh:NodeShape ; sh:targetClass lz:Criterion ; "
        'sh:property [ sh:path lz:theme ; sh:minCount 1 ; sh:message "no theme" ] .',
    )
    assert [line.partition(": ")[0] for line in told] == ["ontology:1", "ontology:1"]
    assert "vocabulary/criterion/age.sexual-consent: theme: no theme" in told[0]


def test_an_ontology_that_does_not_parse_is_named(project):
    project.add("../ontology/vocabulary/broken.ttl", "<a> <b>")
    with pytest.raises(AtlasError, match=r"ontology/broken\.ttl: "):
        project.faults()


def test_a_shape_that_does_not_parse_is_named(project):
    project.add("../ontology/shapes/broken.ttl", "<a> <b>")
    with pytest.raises(AtlasError, match=r"ontology/shapes/broken\.ttl: "):
        project.faults()
