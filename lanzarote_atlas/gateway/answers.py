"""Answers kept in memory, and how an answer is sent: whole or streamed, compressed where that is taken.

An answer's entity tag is made of build, query, dataset and format, before any engine is asked; so a request
that comes with the tag costs nothing, and one for an answer that is kept costs no engine.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections import OrderedDict
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from lanzarote_atlas.gateway import formats

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

    from starlette.requests import Request

_WHOLE = 1 << 20
"""An answer of up to this many bytes is kept and sent whole; a larger one is streamed."""
_WORTH = 1000
"""From how many bytes on compressing is worth it."""
_LEVEL = 4
_MEGABYTE = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS


@dataclass
class Answer:
    """An answer kept: its bytes, and the same compressed once that was asked for."""

    body: bytes
    packed: bytes | None = None

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.body) + len(self.packed or b"")


class Kept:
    """The answers kept, the one used longest ago thrown away first when they get too large together."""

    def __init__(self, megabytes: int) -> None:
        """Keep answers of at most so many megabytes together."""
        self._most = megabytes * _MEGABYTE
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self.size = 0
        """How many bytes all of them take."""

    def get(self, key: str) -> Answer | None:
        """Return an answer kept under a key."""
        answer = self._answers.get(key)
        if answer:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer, in place of one under the same key."""
        self.size += answer.size - (self._answers.pop(key).size if key in self._answers else 0)
        self._answers[key] = answer
        self._shrink()

    def pack(self, answer: Answer) -> bytes:
        """Return an answer compressed; that is done once."""
        if answer.packed is None:
            answer.packed = gzip.compress(answer.body, _LEVEL, mtime=0)
            if any(kept is answer for kept in self._answers.values()):
                self.size += len(answer.packed)
                self._shrink()
        return answer.packed

    def _shrink(self) -> None:
        while self.size > self._most:
            self.size -= self._answers.popitem(last=False)[1].size


def key(*parts: str) -> str:
    """Return the key of an answer: a hash of everything it depends on."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()[:40]


def unchanged(request: Request, tag: str) -> Response | None:
    """Return 304 where the request has this answer already (RFC 9110, section 13.1.2)."""
    if request.method not in ("GET", "HEAD"):
        return None
    given = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    same = given & {"*", _quoted(tag, packed=False), _quoted(tag, packed=True)}
    if not same:
        return None
    shown = _quoted(tag, packed=_takes_gzip(request)) if "*" in same else min(same)
    return Response(status_code=304, headers={"ETag": shown, **_CACHING})


def whole(
    request: Request, kept: Kept, answer: Answer, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return a response with an answer that is here whole."""
    packed = len(answer.body) >= _WORTH and _takes_gzip(request)
    body = kept.pack(answer) if packed else answer.body
    return Response(body, headers=_headers(media_type, headers, packed=packed))


def streamed(
    request: Request, chunks: AsyncIterator[bytes], media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return a response that sends an answer as it comes."""
    packed = _takes_gzip(request)
    body = _packed(chunks) if packed else chunks
    return StreamingResponse(body, headers=_headers(media_type, headers, packed=packed))


async def beginning(chunks: AsyncGenerator[bytes]) -> tuple[bytes, bool]:
    """Return what comes first of an answer, and whether that is all of it."""
    parts, size = [], 0
    async for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > _WHOLE:
            return b"".join(parts), False
    return b"".join(parts), True


async def joined(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Yield what came first and then the rest, and end the rest where nobody reads on."""
    async with aclosing(rest):
        yield first
        async for chunk in rest:
            yield chunk


async def _packed(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    async for chunk in chunks:
        if part := packer.compress(chunk):
            yield part
    yield packer.flush()


_CACHING = {"Cache-Control": "public, no-cache", "Vary": "Accept, Accept-Encoding"}


def _headers(media_type: str, more: Mapping[str, str], *, packed: bool) -> dict[str, str]:
    headers = {"Content-Type": formats.with_charset(media_type), **_CACHING}
    for name, value in more.items():
        headers[name] = _quoted(value, packed=packed) if name == "ETag" else value
    if packed:
        headers["Content-Encoding"] = "gzip"
    return headers


def _quoted(tag: str, *, packed: bool) -> str:
    """Return a strong entity tag: the bytes of the compressed answer are others."""
    return f'"{tag}-gzip"' if packed else f'"{tag}"'


def _takes_gzip(request: Request) -> bool:
    return formats.takes_gzip(request.headers.get("accept-encoding", ""))
