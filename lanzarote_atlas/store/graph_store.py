"""The writing side of a remote engine: the SPARQL 1.1 Graph Store HTTP Protocol, graph by graph.

Only `lanzarote publish` writes. Triples are added, never replaced, and none has a blank node, so that a
request whose answer was lost may be sent again without changing anything.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request

from lanzarote_atlas import settings
from lanzarote_atlas.errors import StoreError
from lanzarote_atlas.store import transport

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 300.0
"""Longest time that an engine may take for one request of a publication."""
_ANSWER = 1_000_000
_TRIPLES = "application/n-triples"


class GraphStore:
    """Adds, replaces and removes graphs at `address`; credentials come from the settings."""

    def __init__(self, address: str, pause: Callable[[float], None] = time.sleep) -> None:
        """Keep the address; nothing is sent before the first graph."""
        known = settings.current()
        credentials = transport.Credentials(known.endpoint_user, known.endpoint_password)
        self._transport = transport.Transport(address, credentials, pause)
        self._address = address

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph; StoreError where the engine does not take them."""
        self._send("POST", f"graph={quote(graph, safe='')}", triples)

    def remove(self, graph: str) -> None:
        """Remove a graph; it need not be there."""
        self._send("DELETE", f"graph={quote(graph, safe='')}", None)

    def replace_default(self, triples: bytes) -> None:
        """Put N-Triples in place of the engine's own default graph, in one request."""
        self._send("PUT", "default", triples)

    def _send(self, method: str, query: str, body: bytes | None) -> None:
        mark = "&" if "?" in self._address else "?"
        headers = {} if body is None else {"Content-Type": _TRIPLES}

        def request() -> Request:
            url = f"{self._address}{mark}{query}"
            return Request(url, body, headers, method=method)  # noqa: S310 - the transport checked it

        try:
            self._transport.read(request, SECONDS, _ANSWER)
        except HTTPError as error:
            if error.code != HTTPStatus.NOT_FOUND or method != "DELETE":
                raise self._refusal(error) from error
        except (OSError, HTTPException) as error:
            message = f"{self._address} does not answer: {transport.explained(error)}"
            raise StoreError(message) from error

    def _refusal(self, error: HTTPError) -> StoreError:
        said = transport.said_by(error)
        advice = "; check the address of the graph store (--graph-store), and its user and password"
        return StoreError(f"{self._address} refuses to be written: {said}{advice}")
