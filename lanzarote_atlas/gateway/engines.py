"""The engines that answer: Oxigraph servers started and watched here, or an endpoint elsewhere.

Each server answers one query at a time. So a query that goes past its time or memory is ended by ending its
server, without harm to any other, and a new server takes its place; the engine's own time limit would leave
some queries running. No server listens beyond this machine.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import aiohttp

from lanzarote_atlas import settings
from lanzarote_atlas.errors import QueryError, RefusedError, StoreError
from lanzarote_atlas.store import guarded, oxigraph_command

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    from lanzarote_atlas.store.remote import Dataset

_START_SECONDS = 30
_OTHER_PORTS = 2
_POLL_SECONDS = 0.005
_FAILED_PAUSE = 0.5
_ALIVE_SECONDS = 5
_CHUNK = 1 << 16
_LEAST_TYPE = "application/sparql-results+json"
_OK, _BAD_REQUEST = 200, 400
_Asked: TypeAlias = AbstractAsyncContextManager[aiohttp.ClientResponse]


@dataclass(frozen=True)
class Query:
    """A query as an engine gets it: from the guard, with the dataset that the protocol names."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    media_type: str

    def form(self) -> list[tuple[str, str]]:
        """Return the fields of a form by SPARQL 1.1 Protocol, which every endpoint takes."""
        return [("query", self.text), *self.dataset()]

    def dataset(self) -> list[tuple[str, str]]:
        """Return the fields that name the dataset."""
        fields = [("default-graph-uri", graph) for graph in self.default_graphs]
        return fields + [("named-graph-uri", graph) for graph in self.named_graphs]


class Engines(Protocol):
    """What answers queries that the guard let through."""

    async def start(self) -> None:
        """Make ready; StoreError where that fails."""

    async def stop(self) -> None:
        """End what was started."""

    async def alive(self) -> bool:
        """Tell whether there is an engine that can answer."""

    def ask(self, query: Query) -> AsyncGenerator[bytes]:
        """Yield the answer piece by piece; RefusedError where it goes past a limit, else QueryError."""


class _Server:
    """One Oxigraph server."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self.process = process
        self.address = address
        self._told_to_end = False

    @property
    def runs(self) -> bool:
        """Whether it can be asked: one that was told to end may take a moment to do so."""
        return not self._told_to_end and self.process.returncode is None

    def end(self) -> None:
        """Tell it to end, whatever it does."""
        self._told_to_end = True
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()


class _LostError(Exception):
    """A server ended while it was asked; `began` tells whether it had begun to answer."""

    def __init__(self, *, began: bool) -> None:
        super().__init__()
        self.began = began


class OxigraphServers:
    """As many Oxigraph servers over one store as queries are answered at the same time."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the store, which every server opens read only."""
        self._folder = folder
        # The one used last comes first: its caches are warm.
        self._idle: asyncio.LifoQueue[_Server] = asyncio.LifoQueue()
        self._watches: set[asyncio.Task[None]] = set()
        self._servers: set[_Server] = set()
        self._waiting = 0
        self._session: aiohttp.ClientSession | None = None
        self.restarts = 0
        """How many servers were started in place of one that ended."""

    async def start(self) -> None:
        """Start the servers; StoreError where one does not come up."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        await asyncio.gather(*(self._add() for _ in range(settings.current().concurrency)))

    async def stop(self) -> None:
        """End the servers."""
        for watch in self._watches:
            watch.cancel()
        for server in self._servers:
            server.end()
        await asyncio.gather(*(server.process.wait() for server in self._servers))
        if self._session:
            await self._session.close()

    async def alive(self) -> bool:
        """Tell whether a server runs."""
        return any(server.runs for server in self._servers)

    async def ask(self, query: Query) -> AsyncGenerator[bytes]:
        """Yield the answer piece by piece; the server is ended where it is not read to its end."""
        async with self._taken() as server:
            deadline = asyncio.get_running_loop().time() + settings.current().query_seconds
            try:
                async with aclosing(self._from(server, query, deadline)) as chunks:
                    async for chunk in chunks:
                        yield chunk
            except _LostError as lost:
                if lost.began:
                    raise guarded.past_memory() from lost
            else:
                return
        # It may have been ended by something else, or before this query: another is asked once.
        async with self._taken() as server, aclosing(self._from(server, query, deadline)) as chunks:
            try:
                async for chunk in chunks:
                    yield chunk
            except _LostError as lost:
                raise guarded.past_memory() from lost

    async def _from(self, server: _Server, query: Query, deadline: float) -> AsyncGenerator[bytes]:
        """Yield the answer of one server, which is ended unless it is read to its end."""
        whole = began = False
        try:
            async with asyncio.timeout_at(deadline):
                async for chunk in _answer(_direct(self._open(), f"{server.address}/query", query)):
                    began = True
                    yield chunk
            whole = True
        except TimeoutError as error:
            raise guarded.past_time() from error
        except aiohttp.ClientError as error:
            raise _LostError(began=began) from error
        except QueryError as error:
            whole = not isinstance(error, RefusedError)
            raise
        finally:
            if not whole:
                server.end()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            message = "the engine is not started"
            raise StoreError(message)
        return self._session

    @asynccontextmanager
    async def _taken(self) -> AsyncIterator[_Server]:
        server = await self._take()
        try:
            yield server
        finally:
            if server.runs:
                self._idle.put_nowait(server)

    async def _take(self) -> _Server:
        known = settings.current()
        if self._idle.empty() and self._waiting >= known.queue:
            raise _full()
        self._waiting += 1
        try:
            async with asyncio.timeout(known.query_seconds):
                return await self._next()
        except TimeoutError as error:
            message = f"no engine was free within {known.query_seconds:g} s"
            raise _busy(message) from error
        finally:
            self._waiting -= 1

    async def _next(self) -> _Server:
        """Return a server that runs; of one that ended while it was idle, the watch has started another."""
        while not (server := await self._idle.get()).runs:
            continue
        return server

    async def _add(self) -> None:
        server = await self._started()
        self._servers.add(server)
        watch = asyncio.create_task(self._watch(server))
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)
        self._idle.put_nowait(server)

    async def _watch(self, server: _Server) -> None:
        """Start another server when this one ends, and try again where that fails."""
        code = await server.process.wait()
        self._servers.discard(server)
        self.restarts += 1
        note("engine-ended", code=code)
        while True:
            try:
                return await self._add()
            except (StoreError, OSError) as error:
                note("engine-failed", error=str(error))
                await asyncio.sleep(_FAILED_PAUSE)

    async def _started(self) -> _Server:
        """Return a new server; on another port where something else took the free one before it."""
        for _ in range(_OTHER_PORTS):
            with suppress(StoreError):
                return await self._started_at(_free_port())
        return await self._started_at(_free_port())

    async def _started_at(self, port: int) -> _Server:
        arguments = ("serve-read-only", "--location", str(self._folder), "--bind", f"127.0.0.1:{port}")
        nowhere = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *oxigraph_command.command(*arguments), stdin=nowhere, stdout=nowhere, stderr=nowhere
        )
        oxigraph_command.limit_memory(process.pid, settings.current().query_megabytes)
        server = _Server(process, f"http://127.0.0.1:{port}")
        try:
            async with asyncio.timeout(_START_SECONDS):
                await _listening(server, port)
        except (TimeoutError, StoreError) as error:
            server.end()
            message = (
                f"Oxigraph does not serve {self._folder}: run `oxigraph {' '.join(arguments)}` to see why"
            )
            raise StoreError(message) from error
        return server


class RemoteEngine:
    """An endpoint elsewhere; its address and credentials are the settings'."""

    def __init__(self, address: str, dataset: Dataset | None = None) -> None:
        """Keep the address, and the graphs of the build to ask; nothing is sent before the first query."""
        self._address = address
        self._dataset = dataset
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(settings.current().concurrency)
        self._waiting = 0

    async def start(self) -> None:
        """Open the session."""
        known = settings.current()
        auth = (
            aiohttp.BasicAuth(known.endpoint_user, known.endpoint_password) if known.endpoint_user else None
        )
        self._session = aiohttp.ClientSession(auth=auth)

    async def stop(self) -> None:
        """Close the session."""
        if self._session:
            await self._session.close()

    async def alive(self) -> bool:
        """Tell whether the endpoint answers the least that can be asked; HEAD is not for every engine."""
        if self._session is None:
            return False
        try:
            async with asyncio.timeout(_ALIVE_SECONDS):
                least = Query("ASK {}", (), (), _LEAST_TYPE)
                asked = _as_form(self._session, self._address, least)
                return bool([chunk async for chunk in _answer(asked)])
        except (aiohttp.ClientError, QueryError, StoreError, TimeoutError):
            return False

    async def ask(self, query: Query) -> AsyncGenerator[bytes]:
        """Yield the answer piece by piece; past its time the connection is closed, which ends it there."""
        known = settings.current()
        if self._session is None or self._waiting >= known.queue:
            raise _full()
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            async with asyncio.timeout(known.query_seconds):
                async for chunk in self._from(self._session, query):
                    yield chunk
        except TimeoutError as error:
            raise guarded.past_time() from error
        except aiohttp.ClientError as error:
            message = f"{self._address} does not answer: {error}"
            raise StoreError(message) from error
        finally:
            self._free.release()

    def _from(self, session: aiohttp.ClientSession, query: Query) -> AsyncGenerator[bytes]:
        if self._dataset is None:
            return _answer(_as_form(session, self._address, query))
        of_build = _of_build(query, self._dataset)
        return _shown(_answer(_as_form(session, self._address, of_build)), self._dataset)


def _of_build(query: Query, dataset: Dataset) -> Query:
    """Return a query as an engine holding several builds has to be asked; the protocol's dataset prevails."""
    default, named = (
        tuple(map(dataset.stored_name, graphs)) for graphs in (query.default_graphs, query.named_graphs)
    )
    text = dataset.renamed(query.text) if default or named else dataset.asked(query.text)
    return Query(text, default, named, query.media_type)


async def _shown(chunks: AsyncGenerator[bytes], dataset: Dataset) -> AsyncGenerator[bytes]:
    """Yield an answer with the graphs' addresses that readers know; one may be cut in two by the pieces."""
    held, most = b"", len(dataset.stored.encode()) - 1
    async with aclosing(chunks):
        async for chunk in chunks:
            held = dataset.as_shown(held + chunk)
            if len(held) > most:
                yield held[:-most]
                held = held[-most:]
    yield held


def _as_form(session: aiohttp.ClientSession, address: str, query: Query) -> _Asked:
    headers = {"Accept": query.media_type}
    return session.post(address, data=query.form(), headers=headers, allow_redirects=False)


def _direct(session: aiohttp.ClientSession, address: str, query: Query) -> _Asked:
    """Ask with the query as it stands: a form would have to be written and read, character by character."""
    headers = {"Accept": query.media_type, "Content-Type": "application/sparql-query"}
    body = query.text.encode()
    return session.post(address, params=query.dataset(), data=body, headers=headers, allow_redirects=False)


async def _answer(asked: _Asked) -> AsyncGenerator[bytes]:
    most = settings.current().query_bytes
    async with asked as response:
        if response.status != _OK:
            raise _failed(response.status, await response.content.read(_CHUNK))
        size = 0
        async for chunk in response.content.iter_chunked(_CHUNK):
            size += len(chunk)
            if size > most:
                raise guarded.past_bytes()
            yield chunk


def _failed(status: int, body: bytes) -> QueryError | StoreError:
    said = body.decode("utf-8", "replace").strip()
    if status == _BAD_REQUEST:
        return QueryError(said or "the engine rejects the query")
    return StoreError(f"the engine answers with status {status}: {said[:200]}")


def _full() -> RefusedError:
    return _busy(f"{settings.current().queue} queries are waiting already")


def _busy(why: str) -> RefusedError:
    known = settings.current()
    allowed = f"{known.concurrency} queries at a time and {known.queue} waiting; try again later"
    return RefusedError(why, code="busy", allowed=allowed, status=503)


async def _listening(server: _Server, port: int) -> None:
    while True:
        if not server.runs:
            message = "it ended"
            raise StoreError(message)
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(_POLL_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def note(event: str, **facts: object) -> None:
    """Write one line of the log: JSON, on standard error."""
    print(json.dumps({"event": event, **facts}, ensure_ascii=False), file=sys.stderr, flush=True)  # noqa: T201
