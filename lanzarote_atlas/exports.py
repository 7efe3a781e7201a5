"""Answers as text and as files: CSV, SPARQL 1.1 results in JSON, Turtle; and what a reader takes home.

A file taken from a page (CSV, XLSX, JSON-LD) says where it comes from: build, date of the data, licence,
query with its parameters, sources. No cell of one is read as a formula.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lanzarote_atlas import catalogue, citation, store, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lanzarote_atlas.store import Store, Table, Term, Triples

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_STRING = terms.XSD + "string"
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal", "double", "float")}
_DATE = terms.XSD + "date"
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_SHACL = "http://www.w3.org/ns/shacl#"
_CELL = 32_767
"""Letters that a cell of a workbook can hold."""
_WIDE = 60
_FIRST_YEAR = 1900
"""Before it a workbook knows no dates."""


@dataclass(frozen=True)
class Taken:
    """What a file says of itself: which view was taken, with which parameters, of which build, when."""

    title: str
    query: str
    """The name of the query."""
    parameters: Mapping[str, str]
    sparql: str
    """Empty where no query makes the view."""
    address: str
    """Where the view is seen; empty where that is not known."""
    build_id: str
    as_at: str
    """Date of the data, ISO 8601."""
    day: str
    """The day on which it was taken, ISO 8601."""

    def facts(self) -> dict[str, str]:
        """Return what every form of a file says, label to text; what is not known is left out."""
        facts = {
            "Title": self.title,
            "Query": citation.asked(self.query, self.parameters),
            "Address": self.address,
            "Build": self.build_id,
            "Date of the data": self.as_at,
            "Taken on": self.day,
            "Licence": LICENCE,
        }
        return {label: text for label, text in facts.items() if text}


def as_csv(table: Table) -> str:
    """Return rows as CSV with a header line (RFC 4180)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, table.columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(table.dicts())
    return out.getvalue()


def as_json(answer: Table | bool) -> str:  # noqa: FBT001 - the answer of an ASK query
    """Return rows or a truth value as SPARQL 1.1 Query Results JSON."""
    if isinstance(answer, bool):
        return json.dumps({"head": {}, "boolean": answer})
    bindings = [
        {name: _term(term) for name, term in zip(answer.columns, row, strict=True) if term is not None}
        for row in answer.rows
    ]
    return json.dumps(
        {"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}, ensure_ascii=False
    )


def _term(term: Term) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _term(part) for name, part in parts.items()}}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == _STRING:
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def as_turtle(answer: Triples) -> str:
    """Return triples as Turtle with the atlas's prefixes."""
    out = io.BytesIO()
    ox.serialize(answer.triples, out, format=ox.RdfFormat.TURTLE, prefixes=terms.prefixes())
    return out.getvalue().decode()


def sources(table: Table) -> dict[str, str]:
    """Return the sources cited in the rows, address to title; none where no column names them."""
    rows = table.dicts() if "source" in table.columns else []
    return {row["source"]: row.get("sourceTitle") or row["source"] for row in rows if row["source"]}


def csv_file(table: Table, taken: Taken) -> bytes:
    """Return rows as CSV for spreadsheets: UTF-8 with its mark, no cell that begins as a formula does.

    The last four columns say of each row which query, build, date and licence it has, so that a row that is
    sorted, cut out or pasted elsewhere still says so, and no program stumbles over lines that are not rows.
    """
    own = {
        "atlas_query": citation.asked(taken.query, taken.parameters),
        "atlas_build": taken.build_id,
        "atlas_date": taken.as_at,
        "atlas_licence": LICENCE,
    }
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*table.columns, *own])
    writer.writerows([*map(_cell, row), *own.values()] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Return a cell's text, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(term: Term | None) -> str:
    """Return an answer's cell: a number below zero begins as a formula does, and is none."""
    text = store.text(term)
    return text if _NUMBER.fullmatch(text) else harmless(text)


def xlsx_file(table: Table, taken: Taken) -> bytes:
    """Return rows as a workbook: numbers and dates as such, else text; a second sheet tells the rest."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only for this format

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("Rows")
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(table.columns):
            sheet.write_string(0, place, name, head)
            values = [store.text(term) for term in table.values(name)]
            sheet.set_column(place, place, min(_WIDE, max(map(len, [name, *values])) + 2))
        for line, row in enumerate(table.rows, start=1):
            for place, term in enumerate(row):
                _write_cell(sheet, line, place, term)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        _write_about(book.add_worksheet("About"), taken, sources(table), head)
    return out.getvalue()


def _write_cell(sheet: Any, line: int, place: int, term: Term | None) -> None:  # noqa: ANN401 - untyped library
    text = store.text(term)
    kind = term.datatype.value if isinstance(term, ox.Literal) else ""
    number = amount(term)
    if number is not None:
        sheet.write_number(line, place, number)
    elif kind == _DATE and (day := _day(text)):
        sheet.write_datetime(line, place, day)
    elif text:
        sheet.write_string(line, place, text[:_CELL])


def amount(term: Term | None) -> float | None:
    """Return the number that a literal is; None for any other term and for what no workbook holds."""
    if not isinstance(term, ox.Literal) or term.datatype.value not in _NUMBERS:
        return None
    try:
        number = float(term.value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _day(text: str) -> dt.datetime | None:
    try:
        day = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return day if day.tzinfo is None and day.year >= _FIRST_YEAR else None


def _write_about(sheet: Any, taken: Taken, cited: Mapping[str, str], head: Any) -> None:  # noqa: ANN401 - as above
    lines = [
        *taken.facts().items(),
        *((f"Parameter {name}", value) for name, value in taken.parameters.items()),
        *((f"Source: {title}", address) for address, title in cited.items()),
    ]
    lines += [("SPARQL", taken.sparql)] if taken.sparql else []
    sheet.set_column(0, 0, _WIDE // 2)
    sheet.set_column(1, 1, 2 * _WIDE)
    for line, (label, text) in enumerate(lines):
        sheet.write_string(line, 0, label, head)
        sheet.write_string(line, 1, text[:_CELL])


def statements(data: Store, table: Table) -> Table:
    """Return what the atlas states of every thing named in the rows, citations and conditions included."""
    named = dict.fromkeys(
        term.value
        for row in table.rows
        for term in row
        if isinstance(term, ox.NamedNode) and term.value.startswith(terms.prefixes()["id"])
    )
    found = [store.table(catalogue.run(data, "statements", thing=address)) for address in named]
    rows = dict.fromkeys(row for answer in found for row in answer.rows)
    return store.Table(("subject", "property", "value"), tuple(rows))


def json_ld_file(table: Table, stated: Table, taken: Taken) -> bytes:
    """Return rows as JSON-LD 1.1: the view with build, licence and query, its rows, and the things they name.

    `stated` holds the statements of those things. A column is a property of the view's own, so that nothing
    is said of a thing but what the atlas states of it.
    """
    columns = f"{terms.prefixes()['lz'].removesuffix('ontology#')}query/{taken.query}#"
    cited = [{"@id": address, "dcterms:title": title} for address, title in sources(table).items()]
    document = {
        "@context": {**terms.prefixes(), "sh": _SHACL, "column": columns},
        "@type": "dcat:Dataset",
        "dcterms:title": taken.title,
        "dcterms:license": {"@id": LICENCE},
        "dcterms:modified": _date_literal(taken.as_at),
        "dcterms:identifier": citation.asked(taken.query, taken.parameters),
        "dcterms:created": _date_literal(taken.day),
        "dcat:landingPage": {"@id": taken.address} if taken.address else None,
        "dcat:version": taken.build_id or None,
        "sh:select": taken.sparql,
        "dcterms:source": cited,
        "schema:itemListElement": {"@list": list(_rows(table))},
        "dcterms:hasPart": list(_things(stated)),
    }
    kept = {name: value for name, value in document.items() if value}
    return json.dumps(kept, ensure_ascii=False, indent=1).encode()


def _date_literal(iso: str) -> dict[str, str] | None:
    return {"@value": iso, "@type": "xsd:date"} if iso else None


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    for row in table.rows:
        cells = zip(table.columns, row, strict=True)
        yield {f"column:{name}": _value(term) for name, term in cells if term is not None}


def _things(stated: Table) -> Iterator[dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in stated.rows:
        node = nodes.setdefault(_reference(subject), {"@id": _reference(subject)})
        if store.text(predicate) == terms.RDF_TYPE:
            node.setdefault("@type", []).append(terms.compact(store.text(value)))
        else:
            node.setdefault(terms.compact(store.text(predicate)), []).append(_value(value))
    return iter(nodes.values())


def _value(term: Term | None) -> dict[str, str]:
    if not isinstance(term, ox.Literal):
        return {"@id": _reference(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _STRING:
        return {"@value": term.value}
    return {"@value": term.value, "@type": term.datatype.value}


def _reference(term: Term | None) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else store.text(term)
