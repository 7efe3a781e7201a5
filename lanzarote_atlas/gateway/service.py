"""The service as one ASGI application: its addresses, and what lives as long as it does."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route

from lanzarote_atlas import settings
from lanzarote_atlas.errors import AtlasError
from lanzarote_atlas.gateway import dataset, dumps, endpoint, frame, linked
from lanzarote_atlas.gateway.answers import Kept
from lanzarote_atlas.gateway.rates import Rates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from lanzarote_atlas.gateway.origins import Origin

_QUERY_METHODS = ["GET", "HEAD", "POST", "OPTIONS"]


@dataclass(frozen=True)
class Service:
    """What every request shares."""

    origin: Origin
    kept: Kept
    rates: Rates
    dumps: dumps.Dumps


def application(origin: Origin) -> Starlette:
    """Return the service over an origin, which it starts and stops."""
    known = settings.current()
    service = Service(origin, Kept(known.cache_megabytes), Rates(known.rate), dumps.Dumps())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await origin.start()
        try:
            yield
        finally:
            await origin.stop()
            service.dumps.remove()

    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(frame.Frame),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=_QUERY_METHODS,
                allow_headers=["*"],
                expose_headers=frame.EXPOSED,
            ),
        ],
        exception_handlers={
            AtlasError: frame.of_atlas,
            HTTPException: frame.of_web,
            Exception: frame.of_atlas,
        },
        lifespan=lifespan,
    )
    app.state.service = service
    return app


def _routes() -> list[Route]:
    return [
        *(Route(path, endpoint.answer, methods=_QUERY_METHODS) for path in ("/", "/sparql", "/sparql/")),
        Route("/health", _health),
        Route("/.well-known/void", dataset.void),
        Route("/sitemap.xml", dataset.sitemap),
        Route("/robots.txt", dataset.robots),
        Route("/dumps/{name}", dumps.send),
        Route("/ontology", linked.ontology),
        Route("/ontology.{ending}", linked.ontology_document),
        Route("/data/{local:path}", linked.document),
        Route("/id/{local:path}", linked.redirect),
        Route("/vocabulary/{local:path}", linked.redirect),
        Route("/vocabulary", linked.redirect),
    ]


async def _health(request: Request) -> Response:
    """Tell whether an engine answers, and over which build."""
    service: Service = request.app.state.service
    served = service.origin.dataset
    alive = await served.engines.alive()
    body = {"status": "ok" if alive else "failing", "build": served.build_id, "graphs": len(served.graphs)}
    return JSONResponse(body, 200 if alive else 503, {"Cache-Control": "no-store"})
