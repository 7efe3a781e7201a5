"""Answers as text: CSV, SPARQL 1.1 results in JSON, and Turtle."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lanzarote_atlas import terms

if TYPE_CHECKING:
    from lanzarote_atlas.store import Table, Term, Triples

_STRING = terms.XSD + "string"


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
