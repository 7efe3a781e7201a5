import pyoxigraph as ox
import pytest

from lanzarote_atlas.errors import QueryError, StoreError
from lanzarote_atlas.store import embedded
from lanzarote_atlas.store.embedded import EmbeddedStore


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT * { ?s ?p }", "line 1, column 19"),
        ("SELECT *\nWHERE {\n  ?s ?p ?o ;;; .\n  FILTER (\n}", "line 5, column 2"),
        ("PREFIX a: <http://a/>\nSELECT * { a:b b:c ?o }", "line 2, column"),
    ],
)
def test_a_query_that_does_not_parse_says_where(query, place):
    with pytest.raises(QueryError, match=f"the query does not parse at {place}"):
        EmbeddedStore.of_quads([]).query(query)


def test_a_fault_without_a_place_is_told_as_it_is():
    assert embedded._explain(SyntaxError("odd")) == "the query does not parse: odd"


def test_an_engine_that_fails_while_answering_is_a_query_error():
    """The engine reads rows as they are asked for, so it can fail after the query was taken."""

    class Failing:
        def query(self, *_args, **_kwargs):
            raise OSError("disk gone")

    with pytest.raises(QueryError, match="could not be answered: disk gone"):
        EmbeddedStore(Failing()).query("SELECT * {}")


def test_a_store_on_disk_is_opened_by_many_and_changed_by_none(tmp_path):
    disk = ox.Store(str(tmp_path / "store"))
    embedded.fill(disk, [ox.Quad(*[ox.NamedNode(f"http://x/{name}") for name in "spog"])])
    disk.flush()
    del disk
    first = EmbeddedStore.open(tmp_path / "store", "abc")
    second = EmbeddedStore.open(tmp_path / "store", "abc")
    assert first.query("ASK { ?s ?p ?o }") is second.query("ASK { GRAPH ?g { ?s ?p ?o } }") is True
    assert first.build_id == "abc"
    with pytest.raises(RuntimeError, match="read-write"):
        first._store.add(ox.Quad(*[ox.NamedNode(f"http://x/{name}") for name in "abcd"]))


@pytest.mark.parametrize(
    "make", [lambda _: None, lambda path: path.mkdir(), lambda path: path.write_text("x")]
)
def test_a_folder_without_a_store_says_how_to_make_one(tmp_path, make):
    make(tmp_path / "store")
    with pytest.raises(StoreError, match="run `lanzarote build`"):
        EmbeddedStore.open(tmp_path / "store", "")


def test_the_build_s_own_queries_have_no_limit(monkeypatch):
    monkeypatch.setenv("LANZAROTE_QUERY_ROWS", "1")
    embedded.settings.current.cache_clear()
    try:
        query = "SELECT ?n { VALUES ?n { 1 2 3 } }"
        assert len(EmbeddedStore.of_quads([]).query(query).rows) == 1
        assert len(EmbeddedStore.of_quads([], most=embedded.UNLIMITED).query(query).rows) == 3
    finally:
        monkeypatch.undo()
        embedded.settings.current.cache_clear()
