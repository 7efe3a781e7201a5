"""Rules: CONSTRUCT queries that derive what was not read, each into a named graph of its own.

They run in the order of their file names, so that a rule may rest on an earlier one. Each is described in the
graph as a `lz:Rule`, to which derived things point by `prov:wasGeneratedBy`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import catalogue, resources, terms
from lanzarote_atlas.compile import days
from lanzarote_atlas.errors import AtlasError, QueryError
from lanzarote_atlas.store import sparql_text

if TYPE_CHECKING:
    from pathlib import Path

_DERIVED = "derived/"
_N_TRIPLES = ox.RdfFormat.N_TRIPLES


def paths() -> list[Path]:
    """Return the rule files in the order in which they run: `10-provision-tree.rq` before `20-….rq`."""
    return sorted((resources.project() / "queries" / "rules").glob("*.rq"))


def name_of(path: Path) -> str:
    """Return the name of a rule: its file's stem without the number that orders it."""
    return path.stem.partition("-")[2] or path.stem


def derive(store: ox.Store, as_at: str) -> dict[str, bytes]:
    """Run every rule over the default graph of a store; return what each derived, as N-Triples by graph.

    The default graph has to be the union of all graphs (`unite`); the derived triples are added to it.
    `as_at` is the ISO date at which the derived cells hold: `$asAt` in a rule. The results stay text, because
    millions of triples as Python's objects cost more than all rules; a triple may stand in it more than once.
    """
    derived: dict[str, bytes] = {}
    date = ox.Literal(as_at, datatype=ox.NamedNode(terms.XSD + "date"))
    for path in paths():
        triples = _run(store, path, date)
        store.bulk_extend(ox.parse(triples, format=_N_TRIPLES, lenient=True))
        graph = terms.graph(_DERIVED + name_of(path))
        derived[graph] = derived.get(graph, b"") + triples
    return derived


def _run(store: ox.Store, path: Path, as_at: ox.Literal) -> bytes:
    """Return what a rule constructs and its description, as N-Triples."""
    header, text = catalogue.read_header(path, "title", "summary")
    try:
        triples = _constructed(store, sparql_text.bind(text, {"asAt": as_at}))
    except (QueryError, SyntaxError) as error:
        message = f"queries/rules/{path.name}: {error}"
        raise AtlasError(message) from error
    return triples + _description(name_of(path), header)


def _constructed(store: ox.Store, query: str) -> bytes:
    sparql_text.refuse_unsafe(query)
    if sparql_text.form(query) != "CONSTRUCT":
        message = "a rule is a CONSTRUCT query"
        raise QueryError(message)
    if {"GRAPH", "FROM"} & sparql_text.words(query):
        message = "a rule reads the union of all graphs, so it names none: leave GRAPH or FROM out"
        raise QueryError(message)
    answer = store.query(query, prefixes=terms.prefixes(), custom_functions=days.FUNCTIONS)
    return (answer.serialize(format=_N_TRIPLES) if isinstance(answer, ox.QueryTriples) else None) or b""


def _description(name: str, header: dict[str, str]) -> bytes:
    rule = ox.NamedNode(terms.thing("rule", name))
    said: dict[str, ox.NamedNode | ox.Literal] = {
        terms.RDF_TYPE: ox.NamedNode(terms.term("Rule")),
        terms.FIXED_PREFIXES["dcterms"] + "title": ox.Literal(header["title"], language="en"),
        terms.term("summary"): ox.Literal(header["summary"], language="en"),
    }
    triples = (ox.Triple(rule, ox.NamedNode(key), value) for key, value in said.items())
    return ox.serialize(triples, format=_N_TRIPLES) or b""
