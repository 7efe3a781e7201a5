import pyoxigraph as ox
import pytest

from lanzarote_atlas import store

TABLE = store.Table(("a", "b"), [(ox.NamedNode("http://x"), None), (ox.Literal("1"), ox.BlankNode("n"))])


def test_a_table_gives_a_column_from_top_to_bottom():
    assert list(TABLE.values("b")) == [None, ox.BlankNode("n")]


def test_rows_as_texts_have_an_empty_text_where_nothing_is_bound():
    assert TABLE.dicts() == [{"a": "http://x", "b": ""}, {"a": "1", "b": "_:n"}]


def test_a_quoted_triple_has_a_text_too():
    triple = ox.Triple(ox.NamedNode("http://s"), ox.NamedNode("http://p"), ox.Literal("o"))
    assert "http://s" in store.text(triple)


@pytest.mark.parametrize("answer", [True, store.Triples([])])
def test_rows_are_asked_of_a_select_query_alone(answer):
    assert store.table(TABLE) is TABLE
    with pytest.raises(TypeError, match="expected rows"):
        store.table(answer)
