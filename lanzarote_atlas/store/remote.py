"""A remote SPARQL 1.1 endpoint behind the same protocol as the embedded store, through SPARQLWrapper.

Reads are idempotent, so a request that fails in passing is tried again, a bounded number of times with a
growing pause; a query that the endpoint rejects is not.
"""

from __future__ import annotations

import ast
import json
import time
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import pyoxigraph as ox
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
)

from lanzarote_atlas import settings, terms
from lanzarote_atlas.errors import QueryError, StoreError
from lanzarote_atlas.store import Answer, Table, Triples, sparql_text

if TYPE_CHECKING:
    from collections.abc import Callable

_TRIES = 3
_FIRST_PAUSE = 0.2
_GRAPH_FORMS = {"CONSTRUCT", "DESCRIBE"}


class RemoteStore:
    """Answers queries from the endpoint at `address`; credentials and limits come from the settings."""

    def __init__(self, address: str, pause: Callable[[float], None] = time.sleep) -> None:
        """Keep the address; nothing is sent before the first query."""
        if not address.startswith(("http://", "https://")):
            message = f"endpoint {address!r} is not an http address"
            raise StoreError(message)
        self._address = address
        self._pause = pause

    @property
    def build_id(self) -> str:
        """Empty: an endpoint does not say which build it serves."""
        return ""

    def query(self, query: str) -> Answer:
        """Answer a query; raise QueryError where it is rejected, StoreError where no endpoint answers it."""
        sparql_text.refuse_unsafe(query)
        form = sparql_text.form(query)
        body = self._send(_with_prefixes(query), form)
        try:
            return _read(body, form, settings.current().query_rows)
        except (ValueError, SyntaxError, TypeError, KeyError) as error:
            message = f"{self._address} sent no SPARQL answer: {_first_line(error)}; check the address"
            raise StoreError(message) from error

    def _send(self, query: str, form: str) -> bytes:
        for attempt in range(_TRIES):
            try:
                return bytes(self._wrapper(query, form).query().response.read())
            except QueryBadFormed as error:
                message = f"the endpoint rejects the query: {_said_by(error)}"
                raise QueryError(message) from error
            except (Unauthorized, EndPointNotFound) as error:
                message = f"{self._address} refuses: {_first_line(error)}; check address, user and password"
                raise StoreError(message) from error
            except (SPARQLWrapperException, OSError, HTTPException) as error:
                if attempt + 1 == _TRIES or not _passing(error):
                    message = f"{self._address} does not answer: {_said_by(error)}"
                    raise StoreError(message) from error
            self._pause(_FIRST_PAUSE * 2**attempt)
        raise AssertionError  # the loop returns or raises

    def _wrapper(self, query: str, form: str) -> SPARQLWrapper:
        known = settings.current()
        wrapper = SPARQLWrapper(self._address)
        wrapper.setMethod(POST)
        wrapper.setTimeout(max(1, round(known.query_seconds)))
        wrapper.setQuery(query)
        wrapper.queryType = form  # its own guess reads words in comments, and would send an update as one
        wrapper.setReturnFormat(TURTLE if form in _GRAPH_FORMS else JSON)
        if known.endpoint_user:
            wrapper.setCredentials(known.endpoint_user, known.endpoint_password)
        return wrapper


def _passing(error: Exception) -> bool:
    """Tell whether a failure may be gone the next time: no answer, a server's fault, or too many requests."""
    if isinstance(error, HTTPError):
        return error.code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.code == HTTPStatus.TOO_MANY_REQUESTS
    return isinstance(error, EndPointInternalError | OSError | HTTPException)


def _with_prefixes(query: str) -> str:
    lines = [f"PREFIX {name}: <{iri}>" for name, iri in terms.prefixes().items()]
    return "\n".join((*lines, query))


def _read(body: bytes, form: str, most: int) -> Answer:
    """Read what was sent for a query of a form; ValueError, SyntaxError … where it is something else."""
    if form in _GRAPH_FORMS:
        return Triples([quad.triple for quad in ox.parse(body, format=ox.RdfFormat.TURTLE)][:most])
    answer: dict[str, Any] = json.loads(body)
    if form == "ASK":
        return bool(answer["boolean"])
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(solutions, ox.QuerySolutions):
        message = "a truth value instead of rows"
        raise TypeError(message)
    columns = tuple(variable.value for variable in solutions.variables)
    rows = [tuple(solution) for solution in solutions]
    return Table(columns, rows[:most], truncated=len(rows) > most)


def _said_by(error: Exception) -> str:
    """Return the first line that the endpoint sent with its refusal, else that of the error."""
    shown = str(error).partition("Response:\n")[2]
    if not shown.startswith(("b'", 'b"')):
        return _first_line(error)
    sent = bytes(ast.literal_eval(shown)).decode("utf-8", "replace").strip()
    return sent.splitlines()[0] if sent else _first_line(error)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
