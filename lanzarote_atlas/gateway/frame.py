"""What holds for every request: an identifier, one line of the log, one shape of errors."""

from __future__ import annotations

import re
import time
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from lanzarote_atlas.errors import AtlasError, GoneError, QueryError, RefusedError, StoreError, UsageError
from lanzarote_atlas.gateway.engines import note

if TYPE_CHECKING:
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_IDENTIFIER = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_TRY_AGAIN = {429, 503}
_SHOWN = 200
EXPOSED = ("ETag", "X-Request-Id", "X-Row-Limit", "X-Build", "Retry-After", "Link", "Location")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"),
    (b"referrer-policy", b"no-referrer"),
)


class BrokenOffError(ConnectionAbortedError):
    """An answer was broken off; the log has said why."""


class Frame:
    """ASGI middleware around the whole service."""

    def __init__(self, app: ASGIApp) -> None:
        """Take what it stands around."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the request an identifier, pass it on, and log how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        state = scope.setdefault("state", {})
        state["request_id"] = _identifier(scope)
        sent = {"status": 0, "bytes": 0}

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent["status"] = message["status"]
                named = (b"x-request-id", state["request_id"].encode())
                message["headers"] = [*message["headers"], named, *_HEADERS]
            else:
                sent["bytes"] += len(message.get("body", b""))
            await send(message)

        whole = False
        try:
            await self._app(scope, receive, send_on)
            whole = True
        except RuntimeError as error:
            # Starlette's way to say that an error came in the midst of an answer. The connection then ends
            # without the last chunk, so that nobody takes the answer for whole.
            if not isinstance(error.__cause__, AtlasError):
                raise
            state["refused"] = getattr(error.__cause__, "code", "engine")
            raise BrokenOffError from error
        finally:
            _log(scope, state, sent, start, whole=whole)


def _identifier(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode(
        "latin-1"
    )
    return given if _IDENTIFIER.fullmatch(given) else uuid.uuid4().hex


def _log(scope: Scope, state: dict[str, str], sent: dict[str, int], start: float, *, whole: bool) -> None:
    note(
        "request",
        time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        request=state["request_id"],
        client=(scope.get("client") or ("",))[0],
        method=scope["method"],
        path=scope["path"][:_SHOWN],
        status=sent["status"],
        bytes=sent["bytes"],
        milliseconds=round((time.perf_counter() - start) * 1000, 2),
        whole=whole,
        **{name: state[name] for name in ("query", "kept", "refused") if name in state},
    )


async def of_atlas(request: Request, error: Exception) -> Response:
    """Return the response for an error of the atlas."""
    if isinstance(error, RefusedError):
        return _error(request, error.status, error.code, error.message, error.allowed, error.place)
    if isinstance(error, QueryError):
        return _error(request, 400, "query", str(error), "a query that the engine can answer")
    if isinstance(error, StoreError):
        return _error(request, 503, "engine", str(error), "try again later")
    if isinstance(error, GoneError):
        return _error(request, 410, "gone", str(error), "the same address without /build/…")
    if isinstance(error, UsageError):
        return _error(
            request, 404, "unknown", str(error), "the addresses in /sitemap.xml and /.well-known/void"
        )
    return _error(
        request, 500, "fault", "the service failed", "tell those who run it the request's identifier"
    )


async def of_web(request: Request, error: Exception) -> Response:
    """Return the response for an address or method that is not served."""
    found: HTTPException = error  # type: ignore[assignment]  # registered for it alone
    phrase = HTTPStatus(found.status_code).phrase.lower()
    allowed = (found.headers or {}).get(
        "Allow"
    ) or "/sparql, /id/…, /vocabulary/…, /ontology, /dumps/, /health"
    answer = _error(request, found.status_code, phrase.replace(" ", "-"), phrase, allowed)
    answer.headers.update(found.headers or {})
    return answer


def _error(  # noqa: PLR0913, PLR0917 - the parts of the shape, in its order
    request: Request,
    status: int,
    code: str,
    message: str,
    allowed: str,
    place: tuple[int, int] | None = None,
) -> Response:
    request.state.refused = code
    body: dict[str, object] = {"status": status, "code": code, "message": message, "allowed": allowed}
    if place:
        body |= {"line": place[0], "column": place[1]}
    body["request"] = request.state.request_id
    headers = {"Cache-Control": "no-store"}
    if status in _TRY_AGAIN:
        headers["Retry-After"] = "1"
    return JSONResponse(body, status, headers)
