"""Permanent addresses over HTTP: what a kept build said, long after a later one took its place.

`/id/…/build/BUILD` leads, as every address of the atlas does, to a page or to data (303): of that build.
What is in its place is told by links (RFC 5829): `latest-version` is the address without a build,
`successor-version` that of the current one. Comparisons and scenarios, which no store holds, are answered
here with a build and without.
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import builds, nanopublications, permanent_addresses, questions, settings, terms
from lanzarote_atlas.errors import UsageError
from lanzarote_atlas.gateway import documents, formats, rates
from lanzarote_atlas.page_addresses import AT, href, page_of
from lanzarote_atlas.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from lanzarote_atlas.gateway.service import Service

_MADE = {"comparison": permanent_addresses.comparison, "scenario": permanent_addresses.scenario}
"""Kinds that no store holds, with what reads their addresses."""
_DATASETS = ("application/trig", "application/n-quads", "application/ld+json")
"""The formats that have graphs, in which a nanopublication can be told."""
_BUILDS = 4


@dataclass(frozen=True)
class Version:
    """A thing as a kept build has it."""

    thing: str
    """Its address, without a build."""
    build: builds.Build
    named: bool
    """Whether the address names the build; else it is the current one."""
    triples: Sequence[ox.Triple]
    """What the build says of it; empty for a comparison or scenario, which is made anew."""
    successor: str
    """Address of the same thing in the current build; empty where this is it, or that has it no more."""
    current: builds.Build
    """The build that the service answered from when it was asked, whatever was made since."""

    @property
    def address(self) -> str:
        """Its permanent address, or its own where none with a build was asked for."""
        build_id = self.build.manifest.build_id if self.named else ""
        return permanent_addresses.in_build(self.thing, build_id)

    @property
    def page(self) -> str:
        """Where people read of it in the dashboard, as at the day of the build's data; empty for no page."""
        shown = page_of(self.address)
        if not shown:
            return ""
        day = {AT: self.build.manifest.as_at} if self.named else {}
        return settings.current().dashboard + href(shown[0], day | shown[1])


def concerns(local: str) -> bool:
    """Tell whether a path names a build, or a comparison or scenario."""
    return bool(permanent_addresses.split(local)[1]) or _kind(local) in _MADE


async def find(request: Request, local: str) -> Version:
    """Return what a permanent address names.

    Raises UsageError where a build has no such thing or none is kept here, GoneError where the build is gone.
    """
    service: Service = request.app.state.service
    folder, current = service.origin.builds, service.origin.dataset.build
    if folder is None or current is None:
        raise UsageError(_why_none(local))
    return await asyncio.to_thread(_find, folder, local, current)


def _why_none(local: str) -> str:
    """Return why a service without builds has no versions, and what to ask for instead."""
    thing, _ = permanent_addresses.split(settings.current().base + local)
    if _kind(local) not in _MADE:
        return "this service answers from one store and keeps no builds; ask for the address without /build/…"
    shown = page_of(thing)
    page = f", or open {settings.current().dashboard}{href(*shown)}" if shown else ""
    return (
        f"a {_kind(local)} is made anew from a kept build, and this service answers from one store and keeps "
        f"no builds; ask a service that was started on a folder of them{page}"
    )


def _find(folder: Path, local: str, current: builds.Build) -> Version:
    thing, named = permanent_addresses.split(settings.current().base + local)
    build = builds.find(folder, named) if named else current
    triples = _said(build, thing)
    superseded = build.manifest.build_id != current.manifest.build_id
    there = superseded and (not triples or _of_store(current, thing))
    successor = permanent_addresses.in_build(thing, current.manifest.build_id) if there else ""
    return Version(thing, build, bool(named), triples, successor, current)


def _said(build: builds.Build, thing: str) -> Sequence[ox.Triple]:
    """Return what a build says of a thing; UsageError where that is nothing."""
    kind = _kind(thing.removeprefix(settings.current().base))
    if kind in _MADE:
        _MADE[kind](thing)
        return ()
    said = _of_store(build, thing)
    if not said:
        message = f"build {build.manifest.short} knows nothing at {thing}"
        raise UsageError(message)
    return said


def _of_store(build: builds.Build, thing: str) -> Sequence[ox.Triple]:
    try:
        node = ox.NamedNode(thing)
    except ValueError as error:
        message = f"{thing!r} is no address"
        raise UsageError(message) from error
    return questions.triples(_open(build), "thing", thing=node).triples


@lru_cache(maxsize=_BUILDS)
def _open(build: builds.Build) -> EmbeddedStore:
    return EmbeddedStore.open(build.store, build.manifest.build_id)


def _kind(local: str) -> str:
    area, _, rest = local.partition("/")
    return rest.partition("/")[0] if area == "id" else ""


async def send(request: Request, version: Version, media_type: str) -> Response:
    """Return the data of a version: a nanopublication where it is one and the format has graphs."""
    service: Service = request.app.state.service
    folder = service.origin.builds

    def made() -> bytes:
        if _kind(terms.compact(version.thing)) not in nanopublications.KINDS or folder is None:
            return documents.as_rdf(version.triples, media_type)
        if version.triples and media_type not in _DATASETS:
            return documents.as_rdf(version.triples, media_type)
        found = nanopublications.of_address(folder, version.address, version.current)
        if media_type in _DATASETS:
            return _serialized(found.quads, media_type)
        assertion = ox.NamedNode(f"{found.address}#assertion")
        return documents.as_rdf(
            [quad.triple for quad in found.quads if quad.graph_name == assertion], media_type
        )

    return linked(request, version, await made_or_kept(request, version, media_type, made))


async def made_or_kept(
    request: Request, version: Version, media_type: str, make: Callable[[], bytes]
) -> Response:
    """Return a document of a version; one that has to be made is counted as a query of its client is."""
    service: Service = request.app.state.service

    def count() -> None:
        service.rates.count(rates.client(request))

    # What is current decides what is told: the tag must not outlive it, nor come before it.
    current = version.current.manifest.build_id
    return await documents.send(request, media_type, make, current, before=count)


def _serialized(quads: Sequence[ox.Quad], media_type: str) -> bytes:
    out = io.BytesIO()
    ox.serialize(quads, out, format=ox.RdfFormat.from_media_type(media_type), prefixes=terms.prefixes())
    return out.getvalue()


def linked(request: Request, version: Version, response: Response) -> Response:
    """Return a response with links to what is in place of the version."""
    service = documents.public(request)
    base = settings.current().base
    links = {version.thing: "latest-version", version.successor: "successor-version"}
    told = [
        f'<{service}{address.removeprefix(base)}>; rel="{relation}"'
        for address, relation in links.items()
        if address
    ]
    response.headers["Link"] = ", ".join(told)
    return response


def choices() -> tuple[str, ...]:
    """Return the formats offered at a permanent address, the preferred one first."""
    return (*_DATASETS, *(form for form in formats.GRAPHS if form not in _DATASETS), formats.HTML)
