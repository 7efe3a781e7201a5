import pytest

from lanzarote_atlas.compile import assemble
from lanzarote_atlas.errors import AtlasError
from tests import small_project

HEADER = "#+ title: A query\n#+ problem: it is so\n#+ remedy: change it\n"


@pytest.fixture
def project(tmp_path):
    with small_project.using(tmp_path) as project:
        yield project


def test_a_row_about_the_ontology_is_told_of_the_ontology(project):
    project.add(
        "../queries/quality/a.rq", HEADER + "SELECT (<https://w3id.org/lanzarote-atlas/x> AS ?fault) {}"
    )
    assert [str(fault) for fault in project.faults()] == ["ontology:1: x: it is so; change it"]


def test_a_row_about_a_part_is_told_of_its_record(project):
    project.add(
        "../queries/quality/a.rq",
        HEADER + "SELECT (<https://w3id.org/lanzarote-atlas/id/state/DNK#citation-1> AS ?fault) {}",
    )
    assert [str(fault) for fault in project.faults()] == ["data/states.yaml:3: DNK: it is so; change it"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("#+ title: A\n#+ problem: b\nSELECT ?fault {}", "quality/a.rq: header lacks 'remedy'"),
        ("SELECT ?fault {}", "quality/a.rq: header lacks 'title'"),
        ("#+ title: [\nSELECT ?fault {}", "quality/a.rq: header:2: -: not YAML"),
        (HEADER + "SELECT ?fault { ?a }", "queries/quality/a.rq: the query does not parse at line 1"),
        (HEADER + "ASK {}", "queries/quality/a.rq: a quality query selects \\?fault"),
        (HEADER + "SELECT ?row {}", "queries/quality/a.rq: a quality query selects \\?fault"),
        (HEADER + "SELECT ?fault { SERVICE <http://x/> { ?fault ?p ?o } }", "queries/quality/a.rq: SERVICE"),
    ],
)
def test_a_quality_query_that_cannot_run_is_named(project, text, told):
    """A query that is silently passed over would let every fault of its kind through."""
    project.add("../queries/quality/a.rq", text)
    with pytest.raises(AtlasError, match=told):
        project.faults()


def test_no_reader_s_limit_on_rows_hides_a_fault(tmp_path):
    with small_project.using(tmp_path, LANZAROTE_QUERY_ROWS="1") as project:
        project.edit("states.yaml", "{en: Sweden}", "{en: SWEDEN}")
        project.edit("states.yaml", "{en: Denmark, da: Danmark}", "{en: DENMARK}")
        assert len(project.faults()) == 2


def test_each_step_is_noted_as_it_begins(project):
    steps = []
    assemble.assemble(project.data, steps.append)
    assert steps == ["reading", "checking keys and references", "checking shapes", "checking quality"]
