"""Quality queries: each finds the fault that it is named for, passes what is right; the data have none.

A misspelt predicate returns no row and would pass for ever; so every query has a file in tests/faults that
must trigger it and one that must not. In the first, the faulty records are those whose id begins with `bad`.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from lanzarote_atlas import catalogue, resources, store, terms
from lanzarote_atlas.check import quality
from lanzarote_atlas.store.embedded import EmbeddedStore

FAULTS = resources.project() / "tests" / "faults"
QUERIES = {path.stem: path for path in quality.queries()}
FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".trig": ox.RdfFormat.TRIG}

every_query = pytest.mark.parametrize("name", QUERIES)


@pytest.fixture(scope="session")
def asserted(built):
    """What was read, without what the rules derived: the quality queries run before the rules."""
    derived = terms.graph("derived/")
    quads = ox.parse(path=str(built.trig), format=ox.RdfFormat.TRIG)
    return EmbeddedStore.of_quads(quad for quad in quads if not quad.graph_name.value.startswith(derived))


def fixture(name: str, kind: str) -> list[ox.Quad]:
    paths = [path for path in (FAULTS / name).glob(f"{kind}.*") if path.suffix in FORMATS]
    assert len(paths) == 1, (
        f"tests/faults/{name} needs one {kind}.ttl (or .trig, where the fault is between files)"
    )
    quads = list(ox.parse(path=str(paths[0]), format=FORMATS[paths[0].suffix]))
    # A Turtle file stands for one data file.
    graph = ox.NamedNode(terms.graph("data/fixture"))
    return [
        ox.Quad(*quad.triple, graph) if isinstance(quad.graph_name, ox.DefaultGraph) else quad
        for quad in quads
    ]


def faults(name: str, data: EmbeddedStore) -> list[dict[str, str]]:
    _, text = catalogue.split_header(resources.read_text(QUERIES[name]))
    return store.table(data.query(text)).dicts()


def is_bad(term: ox.NamedNode | ox.BlankNode | ox.Triple) -> bool:
    return "#" not in term.value and terms.local_name(term.value).rsplit("/", 1)[-1].startswith("bad")


@every_query
def test_header_tells_problem_and_remedy(name):
    header, text = catalogue.split_header(resources.read_text(QUERIES[name]))
    assert set(header) == {"title", "problem", "remedy"}
    assert all(header.values())
    assert text.rstrip().rsplit("}", 1)[-1].strip().startswith("ORDER BY ?fault")


@every_query
def test_query_finds_its_fault(name):
    quads = fixture(name, "bad")
    expected = {quad.subject.value for quad in quads if is_bad(quad.subject)}
    found = faults(name, EmbeddedStore.of_quads(quads))
    assert expected
    assert {row["fault"] for row in found} == expected
    assert all(set(row) == {"fault", "detail"} for row in found)


@every_query
def test_query_passes_what_is_right(name):
    quads = fixture(name, "good")
    assert quads
    assert faults(name, EmbeddedStore.of_quads(quads)) == []


@every_query
def test_data_have_no_such_fault(name, asserted):
    assert faults(name, asserted) == []


def test_every_fixture_has_its_query():
    assert {path.name for path in FAULTS.iterdir()} == set(QUERIES)
