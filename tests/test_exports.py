import csv
import io
import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas import exports, terms
from lanzarote_atlas.store import Table, Triples

XSD = terms.XSD
TERMS = [
    ox.NamedNode("http://x/å?a=1&b=2#c"),
    ox.BlankNode("node"),
    ox.Literal("plain"),
    ox.Literal(""),
    ox.Literal('a "quoted", text;\nin lines\r\n\t\\ é 日本 \u2028'),
    ox.Literal("hej", language="da"),
    ox.Literal("15", datatype=ox.NamedNode(XSD + "integer")),
    ox.Literal("2013-07", datatype=ox.NamedNode(XSD + "gYearMonth")),
    ox.Literal("=1+1"),
    ox.Triple(ox.NamedNode("http://s"), ox.NamedNode("http://p"), ox.Literal("o", language="en")),
    None,
]


def by_the_engine(table):
    """Return what pyoxigraph itself writes for the same rows."""
    values = " ".join(
        f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in table.rows
    )
    names = " ".join(f"?{name}" for name in table.columns)
    answer = ox.Store().query(f"SELECT {names} {{ VALUES ({names}) {{ {values} }} }}")
    return json.loads(answer.serialize(format=ox.QueryResultsFormat.JSON))


@pytest.mark.parametrize(
    "term", [term for term in TERMS if not isinstance(term, ox.BlankNode | ox.Triple)], ids=str
)
def test_json_is_what_the_engine_writes(term):
    table = Table(("a", "b"), [(term, ox.Literal("x"))])
    assert json.loads(exports.as_json(table)) == by_the_engine(table)


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=4))
def test_json_of_any_texts_is_what_the_engine_writes(texts):
    table = Table(("a",), [(ox.Literal(text),) for text in texts])
    assert json.loads(exports.as_json(table)) == by_the_engine(table)


def test_json_reads_back_as_the_same_rows():
    table = Table(("a", "b"), [(term, ox.Literal("x")) for term in TERMS])
    back = ox.parse_query_results(exports.as_json(table), format=ox.QueryResultsFormat.JSON)
    assert [tuple(row) for row in back] == list(table.rows)


@pytest.mark.parametrize("answer", [True, False])
def test_json_of_a_truth_value_is_what_the_engine_writes(answer):
    written = (
        ox.Store()
        .query("ASK {}" if answer else "ASK { ?s ?p ?o }")
        .serialize(format=ox.QueryResultsFormat.JSON)
    )
    assert json.loads(exports.as_json(answer)) == json.loads(written)


def test_csv_has_a_header_and_line_ends_of_its_standard():
    table = Table(("a", "b"), [(ox.NamedNode("http://x"), None)])
    assert exports.as_csv(table) == "a,b\r\nhttp://x,\r\n"


def test_csv_of_no_rows_is_the_header():
    assert exports.as_csv(Table(("a", "b"), [])) == "a,b\r\n"


@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.text('a,";\n\r ')),
        max_size=4,
    )
)
def test_csv_reads_back_as_the_same_texts(rows):
    table = Table(("a", "b"), [tuple(map(ox.Literal, row)) for row in rows])
    back = list(csv.reader(io.StringIO(exports.as_csv(table), newline="")))
    assert back == [["a", "b"], *map(list, rows)]


def test_turtle_has_the_prefixes_of_the_atlas_and_reads_back():
    triple = ox.Triple(
        ox.NamedNode(terms.term("a")), ox.NamedNode(terms.RDF_TYPE), ox.Literal('x\n"y"', language="en")
    )
    text = exports.as_turtle(Triples([triple]))
    assert "@prefix lz:" in text
    assert [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)] == [triple]
