"""The atlas's addresses as linked data: a thing's own address leads to its page or its data (303)."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
from starlette.responses import RedirectResponse, Response

from lanzarote_atlas import catalogue, questions, settings, terms
from lanzarote_atlas.errors import UsageError
from lanzarote_atlas.gateway import documents, formats, versions
from lanzarote_atlas.page_addresses import href, page_of
from lanzarote_atlas.store import Triples, table, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from lanzarote_atlas.gateway.origins import Dataset
    from lanzarote_atlas.gateway.service import Service
    from lanzarote_atlas.store import Store, Term

_SEE_OTHER = 303


async def redirect(request: Request) -> Response:
    """Lead from the address of a thing or concept to the page that shows it, or to its data."""
    local = _local(request.scope)
    if versions.concerns(local):
        return await _to_version(request, local)
    await _said(request, local)
    media_type = documents.preferred(request, *formats.GRAPHS, formats.HTML)
    return _other(_page(local) if media_type == formats.HTML else _data(local, media_type))


async def document(request: Request) -> Response:
    """Return the data of a thing, in the format that the address ends with."""
    local, dot, ending = _local(request.scope).removeprefix("data/").rpartition(".")
    if not dot or ending not in formats.EXTENSIONS:
        message = f"/data/ has documents that end with .{', .'.join(formats.EXTENSIONS)}"
        raise UsageError(message)
    media_type = formats.EXTENSIONS[ending]
    if versions.concerns(local):
        version = await versions.find(request, local)
        if media_type != formats.HTML:
            return await versions.send(request, version, media_type)
        shown = _as_page(local, Triples(version.triples), version.thing)
        page = await versions.made_or_kept(request, version, media_type, lambda: shown)
        return versions.linked(request, version, page)
    said = await _said(request, local)
    if media_type == formats.HTML:
        return await documents.send(request, media_type, lambda: _as_page(local, said))
    return await documents.send(request, media_type, lambda: documents.as_rdf(said.triples, media_type))


async def _to_version(request: Request, local: str) -> Response:
    """Lead from a permanent address to the page or the data, as its build has them."""
    version = await versions.find(request, local)
    media_type = documents.preferred(request, *versions.choices())
    page = version.page or _data(local, formats.HTML)
    answer = _other(page if media_type == formats.HTML else _data(local, media_type))
    return versions.linked(request, version, answer)


async def ontology(request: Request) -> Response:
    """Lead from the address of the ontology to its page or its data."""
    media_type = documents.preferred(request, *formats.GRAPHS, formats.HTML)
    return _other(f"/ontology.{formats.extension(media_type)}")


async def ontology_document(request: Request) -> Response:
    """Return the ontology as a page, or as data in the format that the address ends with."""
    ending = request.path_params["ending"]
    if ending not in formats.EXTENSIONS:
        message = f"the ontology is at /ontology.{', /ontology.'.join(formats.EXTENSIONS)}"
        raise UsageError(message)
    media_type, store = formats.EXTENSIONS[ending], _dataset(request).store
    if media_type == formats.HTML:
        return await documents.send(request, media_type, lambda: _as_glossary(store))
    return await documents.send(request, media_type, lambda: _ontology(store, media_type))


async def _said(request: Request, local: str) -> Triples:
    """Return what the atlas says of an address; UsageError (404) where that is nothing."""
    try:
        thing = ox.NamedNode(settings.current().base + local)
    except ValueError as error:
        message = f"{local!r} is no address"
        raise UsageError(message) from error
    said = await asyncio.to_thread(questions.triples, _dataset(request).store, "thing", thing=thing)
    if not said.triples:
        message = f"the atlas knows nothing at {thing.value}"
        raise UsageError(message)
    return said


def _dataset(request: Request) -> Dataset:
    service: Service = request.app.state.service
    return service.origin.dataset


def _local(scope: object) -> str:
    """Return the path of a request as it was sent: addresses of the atlas are percent-encoded."""
    path: str = scope["path"]  # type: ignore[index]  # ASGI's mapping
    return quote(path.removeprefix("/"), safe="/~._-:@!$&'()*+,;=")


def _other(address: str) -> Response:
    return RedirectResponse(address, _SEE_OTHER, {"Vary": "Accept", "Cache-Control": "public, no-cache"})


def _page(local: str) -> str:
    """Return where people read of a thing: in the dashboard, else here."""
    shown = page_of(settings.current().base + local)
    if shown:
        return settings.current().dashboard + href(*shown)
    if local.startswith("vocabulary"):
        return f"/ontology.html#{local}"
    return _data(local, formats.HTML)


def _data(local: str, media_type: str) -> str:
    return f"/data/{local}.{formats.extension(media_type)}"


def _as_page(local: str, said: Triples, address: str = "") -> bytes:
    thing = ox.NamedNode(address or settings.current().base + local)
    about = [(triple.predicate, triple.object) for triple in said.triples if triple.subject == thing]
    to_it = [(triple.predicate, triple.subject) for triple in said.triples if triple.object == thing]
    return documents.page(
        "thing.html",
        title=terms.compact(thing.value),
        iri=thing.value,
        parts=[("What is said of it", _lines(about)), ("What points to it", _lines(to_it))],
        documents=[(ending, f"/data/{local}.{ending}") for ending in formats.EXTENSIONS if ending != "html"],
    )


def _lines(pairs: Sequence[tuple[ox.NamedNode, Term]]) -> list[dict[str, str]]:
    lines = [
        {
            "property": terms.compact(name.value),
            "value": terms.compact(text(value)) if isinstance(value, ox.NamedNode) else text(value),
            "address": _address_here(value.value) if isinstance(value, ox.NamedNode) else "",
        }
        for name, value in pairs
        if isinstance(value, ox.NamedNode | ox.BlankNode | ox.Literal)
    ]
    return sorted(lines, key=lambda line: (line["property"], line["value"]))


def _address_here(iri: str) -> str:
    """Return where a link leads: here for an address of the atlas, elsewhere only over http."""
    base = settings.current().base
    if iri.startswith(base):
        return "/" + iri.removeprefix(base)
    return iri if iri.startswith(("http://", "https://")) else ""


def _ontology(store: Store, media_type: str) -> bytes:
    return documents.as_rdf(questions.triples(store, "ontology").triples, media_type)


def _as_glossary(store: Store) -> bytes:
    words = table(store.query(catalogue.find("words").bound({}))).dicts()
    grouped = [(scheme, list(rows)) for scheme, rows in groupby(words, key=lambda word: word["scheme"])]
    return documents.page(
        "ontology.html",
        terms=[word for scheme, rows in grouped if not scheme for word in rows],
        schemes=[(scheme, rows) for scheme, rows in grouped if scheme],
        base=settings.current().base,
        documents=[(ending, f"/ontology.{ending}") for ending in formats.EXTENSIONS if ending != "html"],
    )
