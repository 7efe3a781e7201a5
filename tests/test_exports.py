import csv
import datetime as dt
import io
import json

import openpyxl
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
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


# --- files that a reader takes home

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "＝1"]
TAKEN = exports.Taken(
    title="Positions, “so to say”",
    query="positions",
    parameters={"state": "DNK", "text": "=1 & more"},
    sparql="SELECT *\n{ ?s ?p ?o }",
    address="http://atlas.example/query?query=positions",
    build_id="ab" * 32,
    as_at="2026-11-21",
    day="2026-11-22",
)
THING = ox.NamedNode(terms.thing("state", "DNK"))
SOURCE = ox.NamedNode(terms.thing("source", "factsheet"))


def integer(text):
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "integer"))


@pytest.mark.parametrize(
    ("text", "kind"), [("INF", "double"), ("NaN", "double"), ("many", "integer"), ("1e999", "double")]
)
def test_what_no_workbook_holds_as_a_number_stays_text(text, kind):
    odd = ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
    assert exports.amount(odd) is None
    book = sheets(exports.xlsx_file(Table(("a",), [(odd,)]), TAKEN))
    assert book["Rows"]["A2"].value == text


def date(text):
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "date"))


ROWS = Table(
    ("state", "label", "age", "from", "source", "sourceTitle"),
    [
        (
            THING,
            ox.Literal("=1+1", language="en"),
            integer("-15"),
            date("2015-03-01"),
            SOURCE,
            ox.Literal("Sheet"),
        ),
        (THING, ox.Literal("Æøå, “x”\nnext"), None, date("1899-01-01"), SOURCE, ox.Literal("Sheet")),
    ],
)


def sheets(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_sources_are_those_cited_in_the_rows():
    assert exports.sources(ROWS) == {SOURCE.value: "Sheet"}
    assert exports.sources(Table(("a",), [(ox.Literal("x"),)])) == {}


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_file_begins_as_a_formula(text):
    content = exports.csv_file(Table(("a",), [(ox.Literal(text),)]), TAKEN).decode("utf-8-sig")
    _, (cell, *_) = csv.reader(io.StringIO(content, newline=""))
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", ["-15", "+4.5", "a=b", "1-2"])
def test_a_number_or_a_text_with_a_sign_inside_stays_as_it_is(text):
    content = exports.csv_file(Table(("a",), [(ox.Literal(text),)]), TAKEN).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline="")))[1][0] == text


def test_a_csv_file_is_a_plain_table_in_pandas_whose_rows_say_where_they_come_from():
    frame = pd.read_csv(io.BytesIO(exports.csv_file(ROWS, TAKEN)))
    assert list(frame.columns) == [*ROWS.columns, "atlas_query", "atlas_build", "atlas_date", "atlas_licence"]
    assert len(frame) == 2
    assert frame["age"].tolist()[0] == -15
    assert frame["label"].tolist() == ["'=1+1", "Æøå, “x”\nnext"]
    assert set(frame["atlas_build"]) == {"ab" * 32}
    assert set(frame["atlas_query"]) == {"positions?state=DNK&text=%3D1+%26+more"}
    assert set(frame["atlas_licence"]) == {exports.LICENCE}


def test_a_workbook_holds_texts_as_texts_numbers_as_numbers_and_dates_as_dates():
    rows = sheets(exports.xlsx_file(ROWS, TAKEN))["Rows"]
    assert [cell.value for cell in rows[1]] == list(ROWS.columns)
    assert (rows["B2"].value, rows["B2"].data_type) == ("=1+1", "s")
    assert (rows["C2"].value, rows["C2"].data_type) == (-15, "n")
    assert rows["D2"].value == dt.datetime(2015, 3, 1)  # noqa: DTZ001 - a workbook knows no zones
    assert rows["D3"].value == "1899-01-01"
    assert rows["B3"].value == "Æøå, “x”\nnext"
    assert rows["C3"].value is None


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula(text):
    book = sheets(exports.xlsx_file(Table(("a",), [(ox.Literal(text),)]), TAKEN))
    assert [cell.data_type for sheet in book for row in sheet for cell in row if cell.data_type == "f"] == []


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=3))
def test_a_workbook_of_any_texts_can_be_opened(texts):
    book = sheets(exports.xlsx_file(Table(("a",), [(ox.Literal(text),) for text in texts]), TAKEN))
    assert book["Rows"]["A1"].value == "a"


def test_a_workbook_says_where_it_comes_from():
    about = {row[0].value: row[1].value for row in sheets(exports.xlsx_file(ROWS, TAKEN))["About"]}
    assert about["Build"] == "ab" * 32
    assert about["Date of the data"] == "2026-11-21"
    assert about["Licence"] == exports.LICENCE
    assert about["Parameter state"] == "DNK"
    assert about["Source: Sheet"] == SOURCE.value
    assert about["SPARQL"] == TAKEN.sparql


def test_json_ld_reads_back_as_the_view_its_rows_and_their_things():
    stated = Table(
        ("subject", "property", "value"),
        [
            (THING, ox.NamedNode(terms.RDF_TYPE), ox.NamedNode(terms.term("State"))),
            (THING, ox.NamedNode(terms.term("iso3")), ox.Literal("DNK")),
            (
                THING,
                ox.NamedNode(terms.prefixes()["skos"] + "prefLabel"),
                ox.Literal("Danmark", language="da"),
            ),
        ],
    )
    graph = rdflib.Graph().parse(data=exports.json_ld_file(ROWS, stated, TAKEN), format="json-ld")
    state = rdflib.URIRef(THING.value)
    assert (state, rdflib.RDF.type, rdflib.URIRef(terms.term("State"))) in graph
    assert (state, rdflib.SKOS.prefLabel, rdflib.Literal("Danmark", lang="da")) in graph
    (view,) = graph.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset)
    assert graph.value(view, rdflib.DCTERMS.license) == rdflib.URIRef(exports.LICENCE)
    assert graph.value(view, rdflib.DCAT.version) == rdflib.Literal("ab" * 32)
    assert graph.value(view, rdflib.DCTERMS.modified) == rdflib.Literal(
        "2026-11-21", datatype=rdflib.XSD.date
    )
    assert graph.value(view, rdflib.DCTERMS.source) == rdflib.URIRef(SOURCE.value)
    assert graph.value(view, rdflib.URIRef("http://www.w3.org/ns/shacl#select")) == rdflib.Literal(
        TAKEN.sparql
    )
    rows = list(graph.items(graph.value(view, rdflib.URIRef("https://schema.org/itemListElement"))))
    column = terms.prefixes()["lz"].removesuffix("ontology#") + "query/positions#"
    assert len(rows) == 2
    assert graph.value(rows[0], rdflib.URIRef(column + "state")) == state
    assert graph.value(rows[0], rdflib.URIRef(column + "age")) == rdflib.Literal(-15)
    assert graph.value(rows[1], rdflib.URIRef(column + "age")) is None


def test_what_is_stated_of_things_comes_with_their_citations(atlas):
    named = Table(("a",), [(ox.NamedNode(terms.thing("recommendation", "II-3")),), (ox.Literal("x"),)])
    stated = exports.statements(atlas, named)
    subjects = {term.value for term in stated.values("subject")}
    assert terms.thing("recommendation", "II-3") in subjects
    assert any("#citation" in subject for subject in subjects)
    graph = rdflib.Graph().parse(data=exports.json_ld_file(named, stated, TAKEN), format="json-ld")
    assert len(graph) > len(stated.rows)
