"""The service described: SPARQL 1.1 Service Description for machines, a short page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import permanent_addresses, schema_org, settings, terms
from lanzarote_atlas.gateway import documents, dumps, formats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from lanzarote_atlas.gateway.origins import Dataset
    from lanzarote_atlas.gateway.service import Service

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_NAMED = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads"),
)


async def of_service(request: Request) -> Response:
    """Return the description of the service in the format preferred."""
    service: Service = request.app.state.service
    served = service.origin.dataset
    media_type = documents.preferred(request, *formats.GRAPHS, formats.HTML)
    if media_type == formats.HTML:
        return await documents.send(request, media_type, lambda: _page(request, served))
    made = _triples(f"{documents.public(request)}sparql", served)
    return await documents.send(request, media_type, lambda: documents.as_rdf(made, media_type))


def _page(request: Request, served: Dataset) -> bytes:
    return documents.page(
        "home.html",
        service=documents.public(request),
        dashboard=settings.current().dashboard,
        build=permanent_addresses.short(served.build_id),
        graphs=len(served.graphs),
        tables=formats.TABLES,
        rdf=formats.GRAPHS,
        limits=settings.current(),
        dataset=schema_org.dataset(
            served.store,
            served.build_id,
            {
                f"{documents.public(request)}dumps/{name}": dump.format.media_type
                for name, dump in dumps.NAMES.items()
            }
            if served.build
            else None,
        ),
    )


def _triples(endpoint: str, served: Dataset) -> Iterator[ox.Triple]:
    service, dataset, default = (ox.BlankNode(name) for name in ("service", "dataset", "default"))
    yield from _typed(service, "Service")
    yield ox.Triple(service, _sd("endpoint"), ox.NamedNode(endpoint))
    yield ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for name in _NAMED:
        yield ox.Triple(service, _sd("resultFormat"), ox.NamedNode(_FORMATS + name))
    yield ox.Triple(service, _sd("defaultDataset"), dataset)
    yield from _typed(dataset, "Dataset")
    yield ox.Triple(dataset, _sd("defaultGraph"), default)
    yield from _typed(default, "Graph")
    for place, graph in enumerate(sorted(served.graphs)):
        named = ox.BlankNode(f"graph{place}")
        yield ox.Triple(dataset, _sd("namedGraph"), named)
        yield from _typed(named, "NamedGraph")
        yield ox.Triple(named, _sd("name"), ox.NamedNode(graph))


def _typed(node: ox.BlankNode, name: str) -> Iterator[ox.Triple]:
    yield ox.Triple(node, ox.NamedNode(terms.RDF_TYPE), _sd(name))


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
