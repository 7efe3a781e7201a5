"""SHACL validation of the graph with pyshacl, each result brought back to the record and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rdflib
from rdflib.namespace import SH

from lanzarote_atlas import resources, terms
from lanzarote_atlas.errors import AtlasError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox

    from lanzarote_atlas.records.files import Record


def faults(quads: Iterable[ox.Quad], by_iri: dict[str, Record]) -> Iterator[Fault]:
    """Yield a fault for every violation of ontology/shapes; `by_iri` leads from an address to its record."""
    import pyshacl  # noqa: PLC0415 - takes a third of a second, and most commands never validate

    _, report, _ = pyshacl.validate(
        rdf_graph(quads), shacl_graph=_shapes(), advanced=False, inference="none", allow_warnings=True
    )
    if not isinstance(report, rdflib.Graph):
        message = f"the shapes cannot be applied: {report!r}"
        raise AtlasError(message)
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        yield _fault(report, result, by_iri)


def rdf_graph(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """Return the triples of quads as an rdflib graph (graph names dropped)."""
    import pyoxigraph as ox  # noqa: PLC0415 - keeps rdflib and pyoxigraph apart for readers of this module

    triples = ox.Dataset(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    graph = rdflib.Graph()
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    return graph


def _shapes() -> rdflib.Graph:
    import pyoxigraph as ox  # noqa: PLC0415 - as in rdf_graph

    quads: list[ox.Quad] = []
    for path in sorted((resources.project() / "ontology" / "shapes").glob("*.ttl")):
        try:
            quads += ox.parse(resources.read_text(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        except SyntaxError as error:
            message = f"ontology/shapes/{path.name}: {error}"
            raise AtlasError(message) from error
    return rdf_graph(quads)


def _fault(report: rdflib.Graph, result: rdflib.term.Node, by_iri: dict[str, Record]) -> Fault:
    focus = str(report.value(result, SH.focusNode))
    message = str(report.value(result, SH.resultMessage) or "breaks a shape")
    path = report.value(result, SH.resultPath)
    value = report.value(result, SH.value)
    key = terms.local_name(str(path)) if path is not None else ""
    found = f" (found {terms.compact(str(value))!r})" if value is not None else ""
    record = by_iri.get(focus) or by_iri.get(focus.partition("#")[0])
    if record is None:
        return Fault("ontology", 1, terms.compact(focus), f"{key}: {message}{found}", "see ontology/shapes")
    problem = f"{key}: {message}{found}" if key else f"{message}{found}"
    return record.fault(problem, "see ontology/shapes", _place(record, focus, key))


def _place(record: Record, focus: str, key: str) -> tuple[str | int, ...]:
    """Return the path of the part that a fragment address names: `#citation-2` is citation, item 1."""
    fragment = focus.partition("#")[2]
    if not fragment:
        return (key,)
    part, _, place = fragment.rpartition("-")
    held = record.body.get(part)
    return (part, int(place) - 1, key) if isinstance(held, list) and place.isdigit() else (part, key)
