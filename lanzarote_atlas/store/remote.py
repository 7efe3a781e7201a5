"""A remote SPARQL 1.1 endpoint behind the same protocol as the embedded store, through SPARQLWrapper.

SPARQLWrapper knows the protocol; the request goes through `transport`, which guards password, time and size.
A query reads only, so a request that fails in passing is tried again; one that the endpoint rejects is not.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import pyoxigraph as ox
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from lanzarote_atlas import settings, terms
from lanzarote_atlas.errors import QueryError, StoreError
from lanzarote_atlas.store import Answer, Row, Table, Term, Triples, sparql_text, transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.request import Request

_GRAPH_FORMS = {"CONSTRUCT", "DESCRIBE"}
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
_BOOLEANS = {"1": "true", "0": "false"}
_BOOLEAN = ox.NamedNode(terms.XSD + "boolean")


@dataclass(frozen=True)
class Dataset:
    """The graphs of one build in an engine that may hold several; `publication` says how they are named."""

    default_graph: str
    """What a plain query sees: the union of the build's graphs, each triple once."""
    named_graphs: tuple[str, ...]
    shown: str
    """How the addresses of graphs begin for readers …"""
    stored: str
    """… and how in the engine."""

    @property
    def graphs(self) -> frozenset[str]:
        """The addresses of the named graphs as readers know them."""
        return frozenset(self.shown + graph.removeprefix(self.stored) for graph in self.named_graphs)

    def asked(self, query: str) -> str:
        """Return a query as the engine holding several builds has to be asked.

        The dataset stands in the query, not in the protocol's parameters: Virtuoso repeats those as headers,
        more than a client takes. A query that names its own graphs keeps them.
        """
        written = self.renamed(query)
        words = sparql_text.words(query)
        if "FROM" in words:
            return written
        named = self.named_graphs if "GRAPH" in words else ()
        return sparql_text.with_dataset(written, self.default_graph, named)

    def renamed(self, query: str) -> str:
        """Return a query with the graphs' addresses, and the texts that hold them, as the engine has them."""
        return "".join(
            self.stored_name(token) if kind in ("iri", "string") else token
            for kind, token in sparql_text.tokens(sparql_text.with_full_names(query))
        )

    def stored_name(self, text: str) -> str:
        """Return a text with the graphs' addresses in it as the engine has them."""
        return text.replace(self.shown, self.stored)

    def as_shown(self, body: bytes) -> bytes:
        """Return an answer, or a part of one, with the graphs' addresses that readers know."""
        return body.replace(self.stored.encode(), self.shown.encode())


@dataclass(frozen=True)
class Limits:
    """What one answer may take: seconds, rows and bytes."""

    seconds: float
    rows: int
    bytes: int

    @classmethod
    def of_readers(cls) -> Limits:
        """Return the limits of the settings."""
        known = settings.current()
        return cls(known.query_seconds, known.query_rows, known.query_bytes)


OWN_WORK = Limits(300.0, 10_000_000, 1_000_000_000)
"""For the atlas's own counting, which a reader's settings must not cut short."""


class RemoteStore:
    """Answers queries from the endpoint at `address`; credentials and limits come from the settings."""

    def __init__(
        self,
        address: str,
        pause: Callable[[float], None] = time.sleep,
        *,
        dataset: Dataset | None = None,
        build_id: str = "",
        limits: Limits | None = None,
    ) -> None:
        """Keep the address, and the graphs of the build to ask; nothing is sent before the first query.

        Answers have the `limits`, else those of the settings.
        """
        known = settings.current()
        credentials = transport.Credentials(known.endpoint_user, known.endpoint_password)
        self._transport = transport.Transport(address, credentials, pause)
        self._address = address
        self._dataset = dataset
        self._build_id = build_id
        self._limits = limits

    @property
    def build_id(self) -> str:
        """The build that answers; empty where the endpoint holds none that was published to it."""
        return self._build_id

    def query(self, query: str) -> Answer:
        """Answer a query; raise QueryError where it is rejected, StoreError where no endpoint answers it."""
        sparql_text.refuse_unsafe(query)
        form = sparql_text.form(query)
        reply = self._send(_with_prefixes(query), form)
        if "S1TAT" in reply.headers.get("X-SQL-State", ""):
            # Virtuoso answers with what it has found when its own time is over, and says so only here.
            message = f"{self._address} answered in part only: the query took it too long"
            raise StoreError(message)
        try:
            answer = _read(self._shown(reply.body), form, self._most.rows)
        except (ValueError, SyntaxError, TypeError, KeyError) as error:
            message = f"{self._address} sent no SPARQL answer: {_first_line(str(error))}; check the address"
            raise StoreError(message) from error
        cut = "X-SPARQL-MaxRows" in reply.headers  # Virtuoso's own limit
        return (
            Table(answer.columns, answer.rows, truncated=True)
            if cut and isinstance(answer, Table)
            else answer
        )

    @property
    def _most(self) -> Limits:
        return self._limits or Limits.of_readers()

    def _send(self, query: str, form: str) -> transport.Reply:
        most = self._most
        try:
            return self._transport.read(lambda: self._request(query, form), most.seconds, most.bytes)
        except HTTPError as error:
            raise self._refusal(error) from error
        except (OSError, HTTPException) as error:
            message = f"{self._address} does not answer: {transport.explained(error)}"
            raise StoreError(message) from error

    def _request(self, query: str, form: str) -> Request:
        known = settings.current()
        wrapper = _Wrapper(self._address)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)  # the Accept header alone is standard
        wrapper.setQuery(self._dataset.asked(query) if self._dataset else sparql_text.with_full_names(query))
        wrapper.queryType = form  # its own guess reads words in comments, and would send an update as one
        wrapper.setReturnFormat(TURTLE if form in _GRAPH_FORMS else JSON)
        if known.endpoint_user:
            wrapper.setCredentials(known.endpoint_user, known.endpoint_password)
        return wrapper.request()

    def _shown(self, body: bytes) -> bytes:
        return self._dataset.as_shown(body) if self._dataset else body

    def _refusal(self, error: HTTPError) -> QueryError | StoreError:
        said = transport.said_by(error)
        if error.code == HTTPStatus.BAD_REQUEST:
            return QueryError(f"the endpoint rejects the query: {said}")
        if error.code in _REFUSED:
            return StoreError(f"{self._address} refuses: {said}; check address, user and password")
        return StoreError(f"{self._address} does not answer: {said}")


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper up to the request: sent by itself, it would take a password along to any host."""

    def request(self) -> Request:
        request: Request = self._createRequest()
        return request


def _with_prefixes(query: str) -> str:
    lines = [f"PREFIX {name}: <{iri}>" for name, iri in terms.prefixes().items()]
    return "\n".join((*lines, query))


def _read(body: bytes, form: str, most: int) -> Answer:
    """Read what was sent for a query of a form; ValueError, SyntaxError … where it is something else."""
    if form in _GRAPH_FORMS:
        return Triples([quad.triple for quad in ox.parse(body, format=ox.RdfFormat.TURTLE)][:most])
    answer: dict[str, Any] = json.loads(body)
    if form == "ASK":
        # Virtuoso at times answers with a table: one row for yes, none for no.
        is_table = answer["head"].get("vars") == ["__ASK_RETVAL"]
        return bool(answer["results"]["bindings"] if is_table else answer["boolean"])
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(solutions, ox.QuerySolutions):
        message = "a truth value instead of rows"
        raise TypeError(message)
    columns = tuple(variable.value for variable in solutions.variables)
    rows = list(_rows(solutions, most + 1))
    return Table(columns, rows[:most], truncated=len(rows) > most)


def _rows(solutions: ox.QuerySolutions, most: int) -> Iterator[Row]:
    for _, solution in zip(range(most), solutions, strict=False):
        yield tuple(_canonical(term) for term in solution)


def _canonical(term: Term | None) -> Term | None:
    """Return a truth value in its canonical form: Virtuoso writes 1 and 0."""
    if isinstance(term, ox.Literal) and term.datatype == _BOOLEAN and term.value in _BOOLEANS:
        return ox.Literal(_BOOLEANS[term.value], datatype=_BOOLEAN)
    return term


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0]
