"""The SPARQL endpoint: from a request over guard, entity tag, kept answers and engine to a response."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from lanzarote_atlas import permanent_addresses
from lanzarote_atlas.errors import QueryError, RefusedError
from lanzarote_atlas.gateway import answers, description, formats, protocol, rates
from lanzarote_atlas.gateway.engines import Query
from lanzarote_atlas.store import guard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

    from lanzarote_atlas.gateway.origins import Dataset
    from lanzarote_atlas.gateway.service import Service

_LONG = 4000
"""From how many characters on a query is parsed beside the loop that serves the others."""
_METHODS = "GET, HEAD, POST, OPTIONS"


@dataclass(frozen=True)
class _Task:
    """One query to be answered: what to ask, in which format, and under which tag the answer goes."""

    question: guard.Question
    query: Query
    media_type: str
    tag: str
    """Empty where the same query may have another answer next time."""


async def answer(request: Request) -> Response:
    """Answer a request by SPARQL 1.1 Protocol; the bare address describes the service."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": _METHODS, "Accept-Post": _TAKEN})
    asked = await protocol.asked(request)
    if asked is None:
        return await description.of_service(request)
    service: Service = request.app.state.service
    dataset = service.origin.dataset
    task = await _task(request, asked, dataset)
    request.state.query = task.tag or "not kept"
    return (task.tag and answers.unchanged(request, task.tag)) or await _answered(
        request, service, dataset, task
    )


_TAKEN = "application/x-www-form-urlencoded, application/sparql-query"


async def _task(request: Request, asked: protocol.Asked, dataset: Dataset) -> _Task:
    allowed = guard.limits()
    if len(asked.query) > _LONG:
        question = await asyncio.to_thread(guard.admit, asked.query, dataset.graphs, allowed)
    else:
        question = guard.admit(asked.query, dataset.graphs, allowed)
    guard.refuse_graphs({*asked.default_graphs, *asked.named_graphs}, dataset.graphs)
    media_type = formats.negotiated(request.headers.get("accept", ""), formats.offered(question.form))
    query = Query(question.text, asked.default_graphs, asked.named_graphs, formats.of_engine(media_type))
    tag = ""
    if dataset.build_id and question.repeatable:
        graphs = (" ".join(asked.default_graphs), " ".join(asked.named_graphs))
        tag = answers.key(dataset.build_id, question.text, *graphs, media_type)
    return _Task(question, query, media_type, tag)


async def _answered(request: Request, service: Service, dataset: Dataset, task: _Task) -> Response:
    headers = {"X-Build": permanent_addresses.short(dataset.build_id)}
    if task.question.limited:
        headers["X-Row-Limit"] = str(guard.limits().rows)
    headers |= {"ETag": task.tag} if task.tag else {"Cache-Control": "no-store"}
    kept = service.kept.get(task.tag) if task.tag and not _wants_fresh(request) else None
    if kept:
        request.state.kept = True
        return answers.whole(request, service.kept, kept, task.media_type, headers)
    service.rates.count(rates.client(request))
    chunks = dataset.engines.ask(task.query)
    try:
        first, is_all = await _beginning(chunks, task)
    except BaseException:
        await chunks.aclose()
        raise
    if not is_all:
        return answers.streamed(request, answers.joined(first, chunks), task.media_type, headers)
    fresh = answers.Answer(first)
    if task.tag:
        service.kept.put(task.tag, fresh)
    return answers.whole(request, service.kept, fresh, task.media_type, headers)


async def _beginning(chunks: AsyncGenerator[bytes], task: _Task) -> tuple[bytes, bool]:
    try:
        return await answers.beginning(chunks)
    except RefusedError:
        raise
    except QueryError as error:
        raise QueryError(task.question.placed(str(error))) from error


def _wants_fresh(request: Request) -> bool:
    return "no-cache" in request.headers.get("cache-control", "").lower()
