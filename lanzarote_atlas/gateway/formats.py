"""Formats of answers, and which of them a request prefers (RFC 9110, section 12.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HTML = "text/html"
TABLES = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
GRAPHS = (
    "text/turtle",
    "application/n-triples",
    "application/ld+json",
    "application/rdf+xml",
    "application/trig",
    "application/n-quads",
)
_ALIASES = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
EXTENSIONS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "html": HTML,
}
_MOST = 100
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


@dataclass(frozen=True)
class _Range:
    type: str
    subtype: str
    quality: float

    def fits(self, media_type: str) -> int:
        """Return how exactly the range names the type: 3 wholly, 2 its first half, 1 as any, 0 not."""
        kind, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (kind, subtype):
            return 3
        if self.subtype == "*" and self.type in (kind, "*"):
            return 2 if self.type == kind else 1
        return 0


def offered(form: str) -> tuple[str, ...]:
    """Return the media types of answers to a query of a form, the preferred one first."""
    return (*TABLES, *_ALIASES) if form in ("SELECT", "ASK") else GRAPHS


def of_engine(media_type: str) -> str:
    """Return the media type by which an engine knows a format."""
    return _ALIASES.get(media_type, media_type)


def negotiated(accept: str, choices: Sequence[str]) -> str:
    """Return the choice that an Accept header prefers; RefusedError (406) where it takes none of them."""
    ranges = list(_ranges(accept)) or [_Range("*", "*", 1)]
    best = max(choices, key=lambda choice: _quality(ranges, choice))
    if not _quality(ranges, best):
        message = f"no format of {accept[:_MOST]!r} is offered"
        raise RefusedError(message, code="format", allowed=", ".join(choices), status=406)
    return best


def with_charset(media_type: str) -> str:
    """Return a media type as it stands in Content-Type."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def extension(media_type: str) -> str:
    """Return the ending of a file of this type."""
    return next(ending for ending, known in EXTENSIONS.items() if known == media_type)


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether an Accept-Encoding header takes gzip."""
    named = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        named[coding.strip()] = _parsed_quality(parameters.split(";"))
    return named.get("gzip", named.get("*", 0)) > 0


def _quality(ranges: list[_Range], choice: str) -> float:
    fitting = [(fit, each.quality) for each in ranges if (fit := each.fits(choice))]
    return max(fitting)[1] if fitting else 0


def _ranges(accept: str) -> Iterator[_Range]:
    for part in accept.split(",")[:_MOST]:
        name, *parameters = part.lower().split(";")
        kind, slash, subtype = name.strip().partition("/")
        if slash:
            yield _Range(kind, subtype, _parsed_quality(parameters))


def _parsed_quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.strip() == "q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else 0
    return 1
