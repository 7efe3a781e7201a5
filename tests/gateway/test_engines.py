"""The pool of Oxigraph servers, without the service around it."""

from __future__ import annotations

import asyncio
import socket

import pyoxigraph as ox
import pytest

from lanzarote_atlas import settings
from lanzarote_atlas.errors import RefusedError, StoreError
from lanzarote_atlas.gateway import engines as gateway_engines
from lanzarote_atlas.gateway.engines import OxigraphServers, Query

JSON = "application/sparql-results+json"


@pytest.fixture
def folder(tmp_path):
    store = ox.Store(str(tmp_path / "store"))
    store.extend(ox.Quad(*[ox.NamedNode(f"x:{n}")] * 3) for n in range(300))
    store.flush()
    del store
    return tmp_path / "store"


@pytest.fixture
def limited(monkeypatch):
    monkeypatch.setenv("LANZAROTE_CONCURRENCY", "1")
    monkeypatch.setenv("LANZAROTE_QUERY_SECONDS", "2")
    settings.current.cache_clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()


def query(text):
    return Query(text, (), (), JSON)


async def answer(engines, text):
    return b"".join([chunk async for chunk in engines.ask(query(text))])


def run(folder, work):
    """Run a piece of work with engines over a folder."""

    async def whole():
        engines = OxigraphServers(folder)
        await engines.start()
        try:
            return await work(engines)
        finally:
            await engines.stop()

    return asyncio.run(whole())


def test_the_query_after_one_that_was_ended_never_meets_the_ended_server(folder, limited):
    """A server told to end runs on for a moment; given out again, it would lose the next query too."""

    async def work(engines):
        for _ in range(3):
            with pytest.raises(RefusedError) as caught:
                await answer(engines, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
            assert caught.value.code == "time"
            assert b"true" in await answer(engines, "ASK {}")
        return engines.restarts

    assert run(folder, work) == 3


def test_an_answer_that_is_not_read_to_its_end_ends_the_server(folder, limited):
    async def work(engines):
        chunks = engines.ask(query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
        await anext(chunks)
        await chunks.aclose()
        assert b"true" in await answer(engines, "ASK {}")
        return engines.restarts

    assert run(folder, work) == 1


def test_a_fault_in_the_query_leaves_the_server_running(folder, limited):
    async def work(engines):
        for _ in range(2):
            with pytest.raises(Exception, match="error at"):
                await answer(engines, "SELECT * {")
        return engines.restarts

    assert run(folder, work) == 0


def test_a_port_that_something_else_took_meanwhile_is_left_to_it(folder, limited, monkeypatch):
    """A port is free when it is looked for; another program may have it when the server asks for it."""
    free = gateway_engines._free_port
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        ports = iter([other.getsockname()[1]])
        monkeypatch.setattr(gateway_engines, "_free_port", lambda: next(ports, None) or free())
        assert b"true" in run(folder, lambda engines: answer(engines, "ASK {}"))


def test_a_folder_without_a_store_says_how_to_find_out_why(tmp_path, limited):
    async def work(_engines):
        raise AssertionError

    with pytest.raises(StoreError, match="run `oxigraph serve-read-only"):
        run(tmp_path, work)
