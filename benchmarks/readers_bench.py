"""How long the server alone takes to change a page, for one reader and for ten at the same moment.

Ten browsers on one machine measure their own drawing; real readers have a machine each. What each of them
waits is the server's time with ten at once and the drawing of one browser. So readers here are websockets
that speak Streamlit's protocol as its frontend does and draw nothing: one reader, one session, one websocket.
Nothing is kept from page to page, so every message comes whole, also what a browser would have kept.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import chain
from statistics import median
from typing import TYPE_CHECKING

import aiohttp
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.report import Figure, Section
from lanzarote_atlas.errors import AtlasError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from streamlit.proto.Element_pb2 import Element

    from benchmarks.bare_app import Page

READERS, TIMES_SLOWER = 10, 3
"""Ten readers at once may wait three times what one reader may."""
_WAIT_SECONDS = 60
_WINDOW_BITS = 15
"""A browser offers compression; the server takes it or not, as its settings say."""
Seconds = dict[str, list[float]]
"""By the heading of the page changed to: one figure for each reader of each round."""


@dataclass(frozen=True)
class Waits:
    """What was measured of one app: seconds at its server by one reader and by ten, and in one browser."""

    one: Seconds
    together: Seconds
    browser: Mapping[str, float]
    """Median seconds of one reader's change in the browser."""

    def of_each(self, heading: str) -> float:
        """Return the seconds that each of ten readers waits who have a machine of their own."""
        return self.browser[heading] - median(self.one[heading]) + median(self.together[heading])


@dataclass(frozen=True)
class _Reader:
    socket: aiohttp.ClientWebSocketResponse
    address: str

    async def open(self, page_hash: str, path: str) -> list[ForwardMsg]:
        """Ask for a page as a click on its link does; return the messages of the run that drew it."""
        asked = BackMsg()
        asked.rerun_script.page_script_hash = page_hash
        asked.rerun_script.context_info.url = self.address + path
        await self.socket.send_bytes(asked.SerializeToString())
        messages: list[ForwardMsg] = []
        while not _finished(messages):
            messages.append(ForwardMsg.FromString(await self._received(path)))
        return messages

    async def _received(self, path: str) -> bytes:
        try:
            return await self.socket.receive_bytes(timeout=_WAIT_SECONDS)
        except (TimeoutError, TypeError) as error:  # the latter where the server hung up
            message = f"the server did not finish page {path} in {_WAIT_SECONDS} s: open it and look"
            raise AtlasError(message) from error

    async def change(self, page_hash: str, path: str) -> tuple[float, list[ForwardMsg]]:
        """Return the seconds until the last message of a page's run, and the messages."""
        start = time.perf_counter()
        messages = await self.open(page_hash, path)
        return time.perf_counter() - start, messages


def changes(address: str, pages: Sequence[Page], readers: int) -> Seconds:
    """Let so many readers change to each page at the same moment, page by page; the first page comes last.

    An AtlasError tells of a page that was not drawn, or not whole, for one of them.
    """
    return asyncio.run(_changes(address, pages, readers))


async def _changes(address: str, pages: Sequence[Page], readers: int) -> Seconds:
    first, *others = pages
    seconds: Seconds = {}
    async with AsyncExitStack() as stack:
        there = [await stack.enter_async_context(_reader(address)) for _ in range(readers)]
        for reader in there:
            hashes = _hashes(await reader.open("", "/"))
        for page in (*others, first):
            together = (reader.change(hashes[page["path"]], page["path"]) for reader in there)
            done = await asyncio.gather(*together)
            # Only now, so that no reader waits for what was sent to another to be read.
            for _, messages in done:
                _check(messages, page)
            seconds[page["heading"]] = [taken for taken, _ in done]
    return seconds


@asynccontextmanager
async def _reader(address: str) -> AsyncIterator[_Reader]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{address}/_stcore/stream", protocols=("streamlit",), compress=_WINDOW_BITS, max_msg_size=0
        ) as socket,
    ):
        yield _Reader(socket, address)


def _finished(messages: list[ForwardMsg]) -> bool:
    """Whether the run is over; one that the app itself ends early is followed by another."""
    return bool(messages) and (
        messages[-1].WhichOneof("type") == "script_finished"
        and messages[-1].script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
    )


def _hashes(messages: list[ForwardMsg]) -> dict[str, str]:
    """Return what Streamlit calls each page of the navigation, by path."""
    return {
        f"/{page.url_pathname}": page.page_script_hash
        for message in messages
        if message.WhichOneof("type") == "navigation"
        for page in message.navigation.app_pages
    }


def _check(messages: list[ForwardMsg], page: Page) -> None:
    elements = [message.delta.new_element for message in messages if message.delta.HasField("new_element")]
    wrong = [error for element in elements for error in _errors(element)]
    if messages[-1].script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
        wrong.append("its run did not succeed")
    if not any(
        element.heading.tag == "h1" and element.heading.body == page["heading"] for element in elements
    ):
        wrong.append(f"its heading {page['heading']!r} did not come")
    if wrong:
        message = f"page {page['path']} was not drawn, so its time says nothing: {wrong[0][:200]}"
        raise AtlasError(message)


def _errors(element: Element) -> Iterator[str]:
    if element.HasField("exception"):
        yield f"{element.exception.type}: {element.exception.message}"
    if element.alert.format == Alert.ERROR:
        yield element.alert.body


def section(dashboard: Waits, bare: Waits, times_slower: float) -> Section:
    """Show the waits of both apps; one reader's change may be `times_slower` than the bare page's."""
    ratios = _to_bare(dashboard, bare)
    return Section(
        title="Readers",
        how="Median seconds from asking the server for another page until its last message, by one reader "
        f"and by {READERS} at the same moment, over Streamlit's websocket, without browsers. Each of "
        f"{READERS}: one reader's change in a browser with the server's time for one replaced by theirs, "
        "which is what readers wait who have a machine each; against the bare page's change by one reader.",
        columns=("change to", "one", f"{READERS}", "bare, one", f"bare, {READERS}", "each", "to bare"),
        rows=[(heading, *_cells(heading, dashboard, bare), f"{ratios[heading]:.2f}") for heading in ratios],
        figures=[
            *_at_server("server's time for a page change", dashboard),
            *_at_server("bare app's server's time for a page change", bare),
            Figure(
                f"middle of the changes by {READERS} readers with a machine each: to one reader's of the "
                "bare page",
                median(map(dashboard.of_each, ratios)) / median(bare.browser.values()),
                "times",
            ),
            _slowest("bare app's slowest", bare, bare),
            _slowest("slowest", dashboard, bare, TIMES_SLOWER * times_slower),
        ],
        data=[
            {
                "change to": heading,
                "dashboard": [dashboard.one[heading], dashboard.together[heading]],
                "bare": [bare.one[heading], bare.together[heading]],
            }
            for heading in ratios
        ],
    )


def _cells(heading: str, dashboard: Waits, bare: Waits) -> Iterator[str]:
    for seconds in (dashboard.one, dashboard.together, bare.one, bare.together):
        yield f"{median(seconds[heading]):.3f}"
    yield f"{dashboard.of_each(heading):.2f}"


def _to_bare(waits: Waits, bare: Waits) -> dict[str, float]:
    """Return, by heading, how many times as long each of ten waits as one reader of the bare page."""
    return {heading: waits.of_each(heading) / bare.browser[heading] for heading in waits.one}


def _slowest(what: str, waits: Waits, bare: Waits, limit: float | None = None) -> Figure:
    ratios = _to_bare(waits, bare)
    page = max(ratios, key=lambda heading: ratios[heading])
    return Figure(f"{what} change by {READERS} with a machine each ({page})", ratios[page], "times", limit)


def _at_server(what: str, waits: Waits) -> Iterator[Figure]:
    for by, seconds in (("one reader", waits.one), (f"{READERS} readers at once", waits.together)):
        yield Figure(f"{what}, {by}", median(chain.from_iterable(seconds.values())), "s")
