"""The dashboard in a real browser, page by page, against a bare Streamlit app with the same widgets.

A page is there when its heading is visible, no placeholder is left and the app has stopped running. The two
apps are visited in turn, so that whatever else the machine does falls on both. Then ten readers change to a
page at the same moment, each in a browser context of its own; the memory is read while all are there.
What ten readers wait who have a machine each is told from the server alone: see readers_bench.
"""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import bare_app, chromium, readers_bench
from benchmarks.readers_bench import READERS, Waits
from benchmarks.report import Figure, Section
from benchmarks.streamlit_server import Served, serving
from lanzarote_atlas import resources
from lanzarote_atlas.errors import AtlasError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Playwright

TIMES_SLOWER = 2
"""For a first page; a page change is the smaller figure, with the smaller limit."""
CHANGE_TIMES_SLOWER = 1.5
MEGABYTES = 600
_VISITS, _ROUNDS = 5, 3
_WAIT_MILLISECONDS = 60_000
_SETTLE_MILLISECONDS = 500
_COLD, _WARM = "first page, cold browser", "first page, warm browser"
_CHANGE = "change to "
_HOME = "/"
"""The bare address shows the first page, whose link may lead to an address of its own."""
_READERS_CHANGE = f"change by {READERS} readers at once"
_LINKS = ".st-key-navigation a, [data-testid='stSidebarNavLink'], [data-testid='stTopNavLink']"
_READY = """([path, heading]) => {
  const shown = document.querySelector('[data-testid="stMain"] h1');
  const stopped = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning';
  if (stopped && document.querySelector('[data-testid="stException"]')) return true;
  return location.pathname === path && stopped
    && !document.querySelector('[data-testid="stSkeleton"]')
    && shown?.checkVisibility() && (!heading || shown.innerText.trim() === heading);
}"""
_CHANGE_TIMED = """([link, path, heading]) => {
  const ready = READY;
  const start = performance.now();
  document.querySelectorAll(link.list)[link.place].click();
  window.atlasChange = new Promise(done => {
    const look = () => ready([path, heading])
      ? done((performance.now() - start) / 1000)
      : requestAnimationFrame(look);
    requestAnimationFrame(look);
  });
}""".replace("READY", _READY)
_WIDGETS = """kinds => {
  const grid = element => element.querySelector('[role="grid"]');
  const sizes = {
    stDataFrame: element => [
      Number(grid(element)?.getAttribute('aria-rowcount') ?? 11) - 1,
      Number(grid(element)?.getAttribute('aria-colcount') ?? 5),
    ],
    stTable: element => [
      element.querySelectorAll('tbody tr').length, element.querySelectorAll('thead tr:first-child th').length
    ],
    stTabs: element => [element.querySelectorAll('[role="tab"]').length],
    stGraphVizChart: element => [element.querySelectorAll('g.node').length],
  };
  const size = sizes => element => sizes(element).map(number => Math.max(number, 0));
  const text = element => [element.textContent.length];
  const found = kind => [...document.querySelectorAll(`[data-testid="${kind}"]`)]
    .filter(element => kind !== 'stHeading' || !element.querySelector('h1'))
    .filter(element => !element.closest('.st-key-navigation'));
  const folded = element => element.closest('details:not([open])') !== null;
  const kept = keep => Object.fromEntries(
    kinds.map(kind => [kind, found(kind).filter(keep).map(size(sizes[kind] ?? text))])
  );
  return {widgets: kept(element => !folded(element)), folded: kept(folded)};
}"""


@dataclass(frozen=True)
class _App:
    """A served app and the seconds that were measured in it, by what was timed."""

    served: Served
    pages: list[bare_app.Page]
    seconds: dict[str, list[float]]

    @property
    def address(self) -> str:
        """Where it is served."""
        return self.served.address


def lacking() -> str:
    """Return what is missing for this measurement, or an empty text where nothing is."""
    if not (resources.project() / "app.py").is_file():
        return "there is no app.py"
    if not chromium.executable():
        return chromium.MISSING
    return ""


def measure(out: Path, script: Path | None = None) -> list[Section]:
    """Measure the dashboard (or another app) over the build in `out` against the bare app.

    The first section is of browsers, the second of readers at the server alone.
    """
    # Imported here, because a reader's installation has no browser to drive.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with ExitStack() as stack:
        dashboard = stack.enter_context(
            serving(
                script or resources.project() / "app.py",
                {"LANZAROTE_STORE": str(out), "LANZAROTE_ENDPOINT": ""},
            )
        )
        with sync_playwright() as playwright:
            pages = _survey(playwright, dashboard.address)
            bare = stack.enter_context(
                serving(Path(bare_app.__file__), {bare_app.PAGES: json.dumps(pages)}),
            )
            apps = (_App(dashboard, pages, {}), _App(bare, _survey(playwright, bare.address), {}))
            for _ in range(_VISITS):
                for app in apps:
                    _visit(playwright, app)
            memory = [_visit_together(playwright, app) for app in apps]
        waits = _at_server(apps)
    return [_section(*apps, memory[0], memory[1]), readers_bench.section(*waits, CHANGE_TIMES_SLOWER)]


@contextmanager
def _browser(playwright: Playwright) -> Iterator[Browser]:
    executable = chromium.executable()
    if executable is None:
        raise AtlasError(chromium.MISSING)
    browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.OPTIONS))
    try:
        yield browser
    finally:
        browser.close()


def _survey(playwright: Playwright, address: str) -> list[bare_app.Page]:
    """Visit every page of the navigation once, which also warms the server; return what stands on each."""
    with _browser(playwright) as browser:
        page = browser.new_page()
        page.goto(address)
        _wait(page, _HOME)
        _unfold(page)
        # Read on another page than the first, where the link to that may be the bare address.
        page.locator(_LINKS).nth(1).click()
        page.wait_for_function("home => location.pathname !== home", arg=_HOME)
        links: list[str] = page.eval_on_selector_all(_LINKS, "links => links.map(link => link.pathname)")
        return [_found(page, address, path) for path in links]


def _unfold(page: Page) -> None:
    """Show every link of a long navigation."""
    more = page.locator('[data-testid="stSidebarNavViewButton"]').filter(has_text="more")
    if more.count():
        more.click()


def _found(page: Page, address: str, path: str) -> bare_app.Page:
    page.goto(address + path)
    _wait(page, path)
    # What loads after the run, such as the library that draws a table, is to be counted too.
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(_SETTLE_MILLISECONDS)
    found = page.evaluate(_WIDGETS, list(bare_app.DRAW))
    return {
        "heading": page.inner_text('[data-testid="stMain"] h1').strip(),
        "path": path,
        "widgets": found["widgets"],
        "folded": found["folded"],
    }


def _wait(page: Page, path: str, heading: str = "") -> None:
    from playwright.sync_api import TimeoutError as LateError  # noqa: PLC0415 - as in measure

    try:
        page.wait_for_function(_READY, arg=[path, heading], polling="raf", timeout=_WAIT_MILLISECONDS)
    except LateError as error:
        message = f"page {path} was not there after {_WAIT_MILLISECONDS // 1000} s: open it and look"
        raise AtlasError(message) from error
    error_shown = page.locator('[data-testid="stException"]')
    if error_shown.count():
        message = (
            f"page {path} shows an error, so its time says nothing: {error_shown.first.inner_text()[:200]}"
        )
        raise AtlasError(message)


def _visit(playwright: Playwright, app: _App) -> None:
    """Time the first page in a new browser, again in the same browser, then a change to each page in turn."""
    first, *others = app.pages
    with _browser(playwright) as browser, browser.new_context() as context:
        for what in (_COLD, _WARM):
            page = context.new_page()
            _time(app, what, lambda page=page: page.goto(app.address), page, {**first, "path": _HOME})  # type: ignore[misc]
        _unfold(page)
        for target in (*others, first):
            link = page.locator(_LINKS).nth(app.pages.index(target))
            _time(app, _CHANGE + target["heading"], link.click, page, target)


def _visit_together(playwright: Playwright, app: _App) -> float | None:
    """Time ten readers who change to a page at the same moment, page by page; return the memory held."""
    first, *others = app.pages
    with _browser(playwright) as browser:
        readers = [browser.new_context().new_page() for _ in range(READERS)]
        for reader in readers:
            reader.goto(app.address)
        for reader in readers:
            _wait(reader, _HOME, first["heading"])
            _unfold(reader)
        for target in (*others, first):
            _change_together(app, readers, target)
        return app.served.megabytes()


def _change_together(app: _App, readers: list[Page], target: bare_app.Page) -> None:
    link = {"list": _LINKS, "place": app.pages.index(target)}
    for reader in readers:
        reader.evaluate(_CHANGE_TIMED, [link, target["path"], target["heading"]])
    for reader in readers:
        seconds: float = reader.evaluate("() => window.atlasChange")
        app.seconds.setdefault(_READERS_CHANGE, []).append(seconds)
        _wait(reader, target["path"], target["heading"])


def _at_server(apps: tuple[_App, _App]) -> tuple[Waits, Waits]:
    """Time the readers of each app at its server, once no browser runs whose work would fall on it."""
    waits = tuple(Waits({}, {}, _changes_in_browser(app)) for app in apps)
    for _ in range(_ROUNDS):
        for app, measured in zip(apps, waits, strict=True):
            for kept, readers in ((measured.one, 1), (measured.together, READERS)):
                for heading, seconds in readers_bench.changes(app.address, app.pages, readers).items():
                    kept.setdefault(heading, []).extend(seconds)
    ours, theirs = waits
    return ours, theirs


def _changes_in_browser(app: _App) -> dict[str, float]:
    return {page["heading"]: median(app.seconds[_CHANGE + page["heading"]]) for page in app.pages}


def _time(app: _App, what: str, act: Callable[[], object], page: Page, target: bare_app.Page) -> None:
    start = time.perf_counter()
    act()
    _wait(page, target["path"], target["heading"])
    app.seconds.setdefault(what, []).append(time.perf_counter() - start)


def _section(dashboard: _App, bare: _App, ours: float | None, theirs: float | None) -> Section:
    medians = {
        what: (median(seconds), median(bare.seconds[what])) for what, seconds in dashboard.seconds.items()
    }
    return Section(
        title="Dashboard",
        how="Seconds until the heading is visible and the app has stopped running, "
        f"medians of {_VISITS} visits in Chromium. Bare: a Streamlit app whose pages hold widgets of the "
        "same kind, number and size. Both servers have served every page once before. At the end "
        f"{READERS} readers change to each page at the same moment, all in browsers on this machine: that "
        "has no limit, since their drawing on its cores makes most of it, for the bare page as well.",
        columns=("what", "dashboard", "bare", "ratio"),
        rows=[
            (what, f"{dashboard_takes:.2f}", f"{bare_takes:.2f}", f"{dashboard_takes / bare_takes:.2f}")
            for what, (dashboard_takes, bare_takes) in medians.items()
        ],
        figures=[*_figures(medians), *_memory(ours, theirs)],
        data=[
            {"what": what, "dashboard": dashboard.seconds[what], "bare": bare.seconds[what]}
            for what in medians
        ],
    )


def _figures(medians: dict[str, tuple[float, float]]) -> Iterator[Figure]:
    ratios = {what: ours / theirs for what, (ours, theirs) in medians.items()}
    for what in (_COLD, _WARM):
        yield Figure(f"{what}: dashboard to bare page", ratios[what], "times", TIMES_SLOWER)
    changes = [what for what in ratios if what.startswith(_CHANGE)]
    slowest = max(changes, key=lambda what: ratios[what])
    yield Figure(
        f"slowest page change ({slowest}): to bare page", ratios[slowest], "times", CHANGE_TIMES_SLOWER
    )
    ours, theirs = medians[_READERS_CHANGE]
    yield Figure(f"{_READERS_CHANGE}, all browsers on this machine", ours, "s")
    yield Figure(f"{_READERS_CHANGE} of the bare app, all browsers on this machine", theirs, "s")


def _memory(ours: float | None, theirs: float | None) -> Iterator[Figure]:
    if ours is None or theirs is None:
        return
    yield Figure(f"memory with {READERS} readers", ours, "MB", MEGABYTES)
    yield Figure(f"memory of the bare app with {READERS} readers", theirs, "MB")
