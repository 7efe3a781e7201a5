"""The growth benchmark multiplies soundly, judges what it says it judges, and leaves nothing behind."""

import pyoxigraph as ox
import pytest

from benchmarks import build_bench, scale_bench
from lanzarote_atlas import catalogue, terms
from lanzarote_atlas.store.embedded import EmbeddedStore
from tests import small_project

TIMES = 7  # more than are loaded in one call
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def small_build(tmp_path_factory):
    with small_project.using(tmp_path_factory.mktemp("small")) as project:
        made = project.build().build
    catalogue.queries.cache_clear()
    return made


@pytest.fixture(scope="module")
def single(small_build):
    return EmbeddedStore.open(small_build.store, "")


@pytest.fixture(scope="module")
def loaded(small_build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("loaded")
    template = scale_bench._template(small_build)
    return {times: scale_bench._load(template, times, folder / str(times)) for times in (1, TIMES)}


def number(store, query):
    return int(store.query(query).rows[0][0].value)


def triples(store):
    return set(store.query("CONSTRUCT WHERE { ?s ?p ?o }").triples)


def of_type(kind):
    return f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s a <{terms.term(kind)}> }}"


def test_one_times_is_the_build_itself(single, loaded, small_build):
    assert triples(loaded[1].store) == triples(single)
    assert loaded[1].quads == number(loaded[1].store, COUNT_NAMED) == small_build.manifest.quads


def test_things_and_criteria_stand_n_times_and_states_once(single, loaded):
    for kind in ("Assessment", "Criterion", "Provision", "Citation", "Source"):
        assert number(loaded[TIMES].store, of_type(kind)) == TIMES * number(single, of_type(kind)) > 0, kind
    assert number(loaded[TIMES].store, of_type("State")) == number(single, of_type("State"))
    assert number(loaded[TIMES].store, COUNT_NAMED) == loaded[TIMES].quads


def test_a_copy_is_the_build_under_other_names(loaded, single):
    """What the copy says, its number taken off again, is what the build says."""
    suffix = f"-c{TIMES}"
    said = {str(triple) for triple in triples(loaded[TIMES].store) if suffix in str(triple)}
    about_copied = {str(triple) for triple in triples(single) if scale_bench._is_copied(triple.subject)}
    assert {text.replace(suffix, "") for text in said} == about_copied


def test_the_default_graph_holds_each_triple_once(loaded):
    store = loaded[TIMES].store
    distinct = "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } }"
    assert number(store, COUNT) == number(store, distinct)


def test_the_limit_holds_for_queries_about_one_thing_whose_answer_is_as_long_as_before():
    def grown(*, rows, one_thing):
        return scale_bench.Grown("q", "criterion", 1.0, 4.0, 5, rows, one_thing)

    assert grown(rows=5, one_thing=True).judged
    assert "MISSED" in grown(rows=5, one_thing=True).cells()
    for other in (grown(rows=6, one_thing=True), grown(rows=5, one_thing=False)):
        assert not other.judged
        assert "MISSED" not in other.cells()


def test_queries_are_measured_at_both_sizes_and_nothing_is_left(built, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(scale_bench, "_RUNS", 1)
    queries = list(scale_bench._chosen())
    chosen = [next(query for query in queries if key in query.example) for key in ("criterion", "state")]
    monkeypatch.setattr(scale_bench, "_chosen", lambda: iter(chosen))
    section = scale_bench.queries(built, 2)
    assert {row["name"] for row in section.data} == {query.name for query in chosen}
    assert {len(row) for row in section.rows} == {len(section.columns)}
    assert all(row["before"] > 0 and row["after"] > 0 for row in section.data)
    assert list(tmp_path.iterdir()) == []


def test_builds_are_measured_at_each_size(tmp_path):
    with small_project.using(tmp_path) as project:
        (project.root / "lanzarote_atlas").symlink_to(small_project.ROOT / "lanzarote_atlas")
        section = scale_bench.builds((1, 2), rounds=1)
    one, again, two = section.data
    assert [run["times"] for run in section.data] == [1, 1, 2]
    assert two["quads"] > one["quads"] == again["quads"]
    assert one["processor"] > 0
    assert two["megabytes"] > 0
    assert min(run["engine"] for run in section.data) > 0


def test_growth_is_the_power_of_the_quads_with_which_means_grow():
    def built(processor, engine, quads):
        return scale_bench.Built(build_bench.Run("built", 1, 1, 1, processor, quads), engine)

    section = scale_bench._growth({1: [built(9, 1, 100), built(11, 1, 100)], 4: [built(80, 2, 400)]})
    build, engine, _ = section.figures
    assert build.value == pytest.approx(1.5)
    assert not build.held
    assert engine.value == pytest.approx(0.5)


def test_only_iris_are_renamed():
    assert not scale_bench._is_copied(ox.Literal(terms.thing("source", "a")))
    assert scale_bench._is_copied(ox.NamedNode(terms.thing("source", "a")))
    assert not scale_bench._is_copied(ox.NamedNode(terms.thing("state", "DNK")))
    assert not scale_bench._is_copied(ox.NamedNode(terms.concept("position", "yes")))


def test_an_address_is_marked_before_the_fragment_of_its_part():
    part = ox.NamedNode(terms.thing("assessment", "DNK/a") + "#citation-1")
    marked = scale_bench._marked(part)
    assert scale_bench._copy(marked.encode(), 3).decode().endswith("/assessment/DNK/a-c3#citation-1>")
