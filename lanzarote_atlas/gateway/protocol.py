"""What a request asks, by SPARQL 1.1 Protocol, section 2.1; an update is refused, whatever form it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from lanzarote_atlas import settings
from lanzarote_atlas.errors import RefusedError
from lanzarote_atlas.store import guard

if TYPE_CHECKING:
    from starlette.requests import Request

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_BYTES_A_CHARACTER = 12
"""Four bytes of UTF-8, each written %XX in a form."""
_ROOM = 200_000
"""For the graphs that a form names besides its query."""
_FIELDS = 2000
_UPDATE_FIELDS = {"update", "using-graph-uri", "using-named-graph-uri"}
_GET_OR_POST = f"GET with ?query=, POST of a form with query=, or POST of {_QUERY}"


@dataclass(frozen=True)
class Asked:
    """A query and the dataset that the protocol names for it."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


async def asked(request: Request) -> Asked | None:
    """Return what a request asks, None at the bare address; RefusedError where it breaks the rules."""
    fields = _fields(request.scope["query_string"])
    if request.method == "POST":
        media_type, charset = _media_type(request)
        body = await _body(request)
        if media_type == _FORM:
            fields += _fields(body)
        elif media_type == _QUERY and charset in ("", "utf-8", "utf8"):
            fields.append(("query", _text(body)))
        else:
            raise _unknown_type(media_type, charset)
    return _one(fields, bare=request.method != "POST")


def _one(fields: list[tuple[str, str]], *, bare: bool) -> Asked | None:
    names = {name for name, _ in fields}
    if names & _UPDATE_FIELDS:
        raise _update()
    queries = [value for name, value in fields if name == "query"]
    graphs = {
        name: tuple(v for n, v in fields if n == name) for name in ("default-graph-uri", "named-graph-uri")
    }
    if not queries and bare and not any(graphs.values()):
        return None
    if len(queries) != 1:
        message = f"a request has one query; this one has {len(queries)}"
        raise RefusedError(message, code="request", allowed=_GET_OR_POST, status=400)
    return Asked(queries[0].removeprefix("\ufeff"), graphs["default-graph-uri"], graphs["named-graph-uri"])


def _media_type(request: Request) -> tuple[str, str]:
    name, *parameters = request.headers.get("content-type", "").lower().split(";")
    given = dict(part.strip().partition("=")[::2] for part in parameters)
    return name.strip(), given.get("charset", "").strip('"')


def _fields(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS
        )
    except ValueError as error:
        message = "the request's fields are not UTF-8, percent-encoded"
        raise RefusedError(message, code="request", allowed=_GET_OR_POST, status=400) from error


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        message = "the query is not UTF-8"
        raise RefusedError(message, code="request", allowed=_GET_OR_POST, status=400) from error


async def _body(request: Request) -> bytes:
    most = settings.current().query_characters * _BYTES_A_CHARACTER + _ROOM
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            message = f"the request has more than {most:,} bytes"
            raise RefusedError(message, code="length", allowed=f"{most:,} bytes", status=413)
        parts.append(part)
    return b"".join(parts)


def _unknown_type(media_type: str, charset: str) -> RefusedError:
    if media_type == _UPDATE:
        return _update()
    shown = f"{media_type or 'no media type'}{f' in {charset}' if charset else ''}"
    return RefusedError(f"{shown} is not taken", code="media-type", allowed=_GET_OR_POST, status=415)


def _update() -> RefusedError:
    return RefusedError(
        "an update is refused: the atlas is read only", code="update", allowed=guard.READ_ONLY
    )
