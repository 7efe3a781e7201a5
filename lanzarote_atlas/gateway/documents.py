"""Documents that the service makes itself: RDF in any format and pages of HTML, each with its build's tag.

Pages are templates in which every text is escaped.
"""

from __future__ import annotations

import asyncio
import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from jinja2 import Environment, FileSystemLoader

from lanzarote_atlas import settings, terms
from lanzarote_atlas.gateway import answers, formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from lanzarote_atlas.gateway.service import Service


async def send(
    request: Request,
    media_type: str,
    make: Callable[[], bytes],
    *names: str,
    before: Callable[[], None] = lambda: None,
) -> Response:
    """Return a document, made, beside the loop, only where it is neither with the client nor kept here.

    `before` is called before it is made, and may refuse.
    """
    service: Service = request.app.state.service
    build_id = service.origin.dataset.build_id
    tag = answers.key("document", build_id, request.scope["path"], public(request), media_type, *names)
    if not build_id:
        before()
        return answers.whole(
            request, service.kept, answers.Answer(await asyncio.to_thread(make)), media_type, {}
        )
    if same := answers.unchanged(request, tag):
        return same
    kept = service.kept.get(tag)
    if kept is None:
        before()
        kept = answers.Answer(await asyncio.to_thread(make))
        service.kept.put(tag, kept)
    return answers.whole(request, service.kept, kept, media_type, {"ETag": tag})


def as_rdf(triples: Iterable[ox.Triple], media_type: str) -> bytes:
    """Return triples in an RDF format, with the atlas's prefixes."""
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    if rdf_format is None:
        message = f"{media_type} is no format of RDF"
        raise ValueError(message)
    out = io.BytesIO()
    ox.serialize(triples, out, format=rdf_format, prefixes=terms.prefixes())
    return out.getvalue()


def page(name: str, **facts: object) -> bytes:
    """Return a page made from a template."""
    return _templates().get_template(name).render(facts).encode()


def public(request: Request) -> str:
    """Return the address of the service, with a slash at its end."""
    return settings.current().service or str(request.base_url)


def preferred(request: Request, *choices: str) -> str:
    """Return the format that a request prefers."""
    return formats.negotiated(request.headers.get("accept", ""), choices)


@cache
def _templates() -> Environment:
    folder = Path(__file__).with_name("templates")
    return Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True)
