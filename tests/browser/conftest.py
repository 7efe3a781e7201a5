"""The dashboard in a real browser: the app on a loopback port, Chromium from the system."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from benchmarks import chromium
from lanzarote_atlas import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from lanzarote_atlas.builds import Build
    from tests.conftest import KeptBuilds

HERE = "127.0.0.1"
SECONDS = 60


# For a module, not the session: while it is open, no other test of the thread can run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; where there is none the tests are skipped, unless that is forbidden."""
    path = chromium.executable()
    if path is None:
        if os.environ.get("LANZAROTE_REQUIRE_BROWSER") == "1":
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(chromium.OPTIONS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(built: Build) -> Iterator[str]:
    """The address of the running dashboard."""
    with serving(LANZAROTE_STORE=str(built.folder.parent)) as found:
        yield found


@pytest.fixture(scope="module")
def archive_address(kept_builds: KeptBuilds) -> Iterator[tuple[str, Build]]:
    """The address of a dashboard over two kept builds, and the older of them."""
    with serving(LANZAROTE_STORE=str(kept_builds.out)) as found:
        yield found, kept_builds.older


@contextmanager
def serving(listens_on: str = HERE, **environment: str) -> Iterator[str]:
    """Run a dashboard of its own, listening on an address, and give the address at which it is opened."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    options = ["--server.address", listens_on, "--server.port", str(port)]
    app = subprocess.Popen(
        [*command, *options, "--browser.gatherUsageStats", "false"],
        cwd=resources.project(),
        env=os.environ | {"LANZAROTE_ENDPOINT": ""} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://{HERE}:{port}/_stcore/health", app)
        yield f"http://{HERE}:{port}/"
    finally:
        app.terminate()
        app.wait(timeout=SECONDS)


def settled(page: Page) -> None:
    """Wait until the page is drawn whole."""
    from playwright.sync_api import expect

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def opened(page: Page, address: str, path: str) -> None:
    """Open a page of the dashboard and wait until it is drawn whole."""
    page.goto(address + path)
    settled(page)


def taken(page: Page, button: str) -> bytes:
    """Return the file that a button gives; a press while the page is drawn anew would be lost."""
    from playwright.sync_api import expect

    found = page.get_by_role("button", name=button, exact=True)
    expect(found).to_be_visible()
    settled(page)
    with page.expect_download() as download:
        found.click()
    return download.value.path().read_bytes()


def beside(page: Page, name: str) -> Page:
    """Follow a link of a text or table, which opens beside the page where it stands; return what it opens."""
    with page.context.expect_page() as found:
        page.get_by_test_id("stMain").get_by_role("link", name=name, exact=True).first.click()
    settled(found.value)
    return found.value


def _wait(address: str, app: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if app.poll() is not None:
            pytest.fail(f"the dashboard ended with exit code {app.returncode}")
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"the dashboard did not answer within {SECONDS} seconds")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; after the test, no request may have gone anywhere but to this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    hosts: set[str | None] = set()
    context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    context.on(
        "page", lambda opened: opened.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).hostname))
    )
    context.set_default_timeout(SECONDS * 1000)
    yield context.new_page()
    context.close()
    assert hosts <= {HERE, None}, f"requests left this machine: {hosts}"
