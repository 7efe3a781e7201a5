"""The dataset described for crawlers: VoID and DCAT, a sitemap, robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pyoxigraph as ox
from starlette.responses import PlainTextResponse, Response

from lanzarote_atlas import catalogue, questions, settings, terms
from lanzarote_atlas.gateway import documents, dumps, formats
from lanzarote_atlas.page_addresses import href, page_of
from lanzarote_atlas.store import table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.requests import Request

    from lanzarote_atlas.gateway.origins import Dataset
    from lanzarote_atlas.gateway.service import Service
    from lanzarote_atlas.store import Store, Term

_VOID = "http://rdfs.org/ns/void#"
_FOAF = "http://xmlns.com/foaf/0.1/"
_DCAT = terms.FIXED_PREFIXES["dcat"]
_DCTERMS = terms.FIXED_PREFIXES["dcterms"]
_EXAMPLES = (("state", "DNK"), ("recommendation", "II-3"), ("provision", "cets-201/art-25/2"))
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MOST = 50_000
"""Addresses that one sitemap may have."""


async def void(request: Request) -> Response:
    """Return the description of the dataset by VoID and DCAT."""
    media_type = documents.preferred(request, *formats.GRAPHS)
    service, served = documents.public(request), _served(request)
    return await documents.send(
        request, media_type, lambda: documents.as_rdf(_triples(service, served), media_type)
    )


async def sitemap(request: Request) -> Response:
    """Return the pages of the dashboard that show a thing, and those of the service."""
    service, served = documents.public(request), _served(request)

    def made() -> bytes:
        things = questions.rows(served.store, "shown-things").values("thing")
        return _as_sitemap([*_pages(service, things)][:_MOST])

    return await documents.send(request, "application/xml", made)


async def robots(request: Request) -> Response:
    """Return where the sitemap is, and that crawlers leave queries alone."""
    lines = ("User-agent: *", "Disallow: /sparql", f"Sitemap: {documents.public(request)}sitemap.xml", "")
    return PlainTextResponse("\n".join(lines))


def _served(request: Request) -> Dataset:
    service: Service = request.app.state.service
    return service.origin.dataset


def _pages(service: str, things: Iterable[Term | None]) -> Iterator[str]:
    dashboard = settings.current().dashboard
    yield dashboard
    yield from (f"{service}{page}" for page in ("", "ontology.html"))
    for thing in things:
        shown = page_of(text(thing))
        if shown:
            yield dashboard + href(*shown)


def _as_sitemap(addresses: Iterable[str]) -> bytes:
    lines = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in dict.fromkeys(addresses))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_SITEMAP}">\n{lines}</urlset>\n'.encode()


def _triples(service: str, served: Dataset) -> Iterator[ox.Triple]:
    dataset = ox.NamedNode(terms.thing("dataset", "atlas"))

    def said(name: str, value: Term) -> ox.Triple:
        return ox.Triple(dataset, ox.NamedNode(name), value)

    yield said(terms.RDF_TYPE, ox.NamedNode(_VOID + "Dataset"))
    yield said(terms.RDF_TYPE, ox.NamedNode(_DCAT + "Dataset"))
    for row in questions.rows(served.store, "dataset").rows:
        if isinstance(row[1], ox.NamedNode) and row[2] is not None:
            yield said(row[1].value, row[2])
    yield said(_FOAF + "homepage", ox.NamedNode(settings.current().dashboard))
    yield said(_VOID + "sparqlEndpoint", ox.NamedNode(f"{service}sparql"))
    yield said(_VOID + "uriSpace", ox.Literal(settings.current().base))
    yield said(_VOID + "vocabulary", ox.NamedNode(terms.term("")))
    yield said(_DCTERMS + "identifier", ox.Literal(served.build_id))
    for kind, local in _EXAMPLES:
        yield said(_VOID + "exampleResource", ox.NamedNode(terms.thing(kind, local)))
    yield from _sizes(dataset, served.store)
    yield from _access(dataset, service)
    if served.build:
        yield from _distributions(dataset, service)


def _sizes(dataset: ox.NamedNode, store: Store) -> Iterator[ox.Triple]:
    sizes = questions.rows(store, "size").rows[0]
    for name, count in zip(("triples", "distinctSubjects"), sizes, strict=True):
        if count is not None:
            yield ox.Triple(dataset, ox.NamedNode(_VOID + name), count)
    contents = table(store.query(catalogue.find("contents").bound({})))
    for place, row in enumerate(contents.dicts()):
        part = ox.BlankNode(f"class{place}")
        yield ox.Triple(dataset, ox.NamedNode(_VOID + "classPartition"), part)
        yield ox.Triple(part, ox.NamedNode(_VOID + "class"), ox.NamedNode(row["kind"]))
        yield ox.Triple(part, ox.NamedNode(_VOID + "entities"), ox.Literal(int(row["number"])))


def _access(dataset: ox.NamedNode, service: str) -> Iterator[ox.Triple]:
    endpoint = ox.BlankNode("endpoint")
    yield ox.Triple(endpoint, ox.NamedNode(terms.RDF_TYPE), ox.NamedNode(_DCAT + "DataService"))
    yield ox.Triple(endpoint, ox.NamedNode(_DCAT + "endpointURL"), ox.NamedNode(f"{service}sparql"))
    yield ox.Triple(endpoint, ox.NamedNode(_DCAT + "endpointDescription"), ox.NamedNode(f"{service}sparql"))
    yield ox.Triple(endpoint, ox.NamedNode(_DCAT + "servesDataset"), dataset)


def _distributions(dataset: ox.NamedNode, service: str) -> Iterator[ox.Triple]:
    types = "https://www.iana.org/assignments/media-types/"
    for place, (name, dump) in enumerate(dumps.NAMES.items()):
        part, address = ox.BlankNode(f"dump{place}"), ox.NamedNode(f"{service}dumps/{name}")
        yield ox.Triple(dataset, ox.NamedNode(_VOID + "dataDump"), address)
        yield ox.Triple(dataset, ox.NamedNode(_DCAT + "distribution"), part)
        yield ox.Triple(part, ox.NamedNode(terms.RDF_TYPE), ox.NamedNode(_DCAT + "Distribution"))
        yield ox.Triple(part, ox.NamedNode(_DCAT + "downloadURL"), address)
        yield ox.Triple(part, ox.NamedNode(_DCAT + "mediaType"), ox.NamedNode(types + dump.format.media_type))
        if dump.packed:
            yield ox.Triple(
                part, ox.NamedNode(_DCAT + "compressFormat"), ox.NamedNode(types + "application/gzip")
            )
