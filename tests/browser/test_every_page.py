"""What every page of the table keeps to, a new one too: accessible, quiet, narrow, usable without a mouse."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import app
from tests.browser.conftest import opened

pytestmark = pytest.mark.browser

PATHS = tuple("" if place == 0 else entry.key for place, entry in enumerate(app.PAGES))
DEEPER = (
    "state?part=positions&state=SWE&at=2015-03-01&names=fr",
    "compare?group=parties&page=2",
    "compare?cell=FRA/jurisdiction.active-nationality",
    "compare?view=differ&with=SWE",
    "jurisdiction?view=state",
    "jurisdiction?principle=jurisdiction.passive-personality",
    "jurisdiction?principle=jurisdiction.passive-personality&condition=minimum-penalty",
    "models?has=wholly",
    "recommendations?recommendation=II-3",
    "provisions?provision=cets-201/art-25/2",
    "states?union=no",
    "query?query=recommendations",
    "query?part=own&chart=bars&sparql=SELECT * {VALUES (?name ?count) {('x' 1) ('y' 2)}}",
    "search?text=grooning",
    "search?text=zxqy",
)
"""Views within pages whose widgets differ from those of the page as it opens."""
EVERY = (*PATHS, *DEEPER)
BAD = "at=yesterday&names=xx&state=XXX&colour=red"


def serious(results) -> list[str]:
    """Return one line for each serious or critical finding of axe: rule, help, and the first elements."""
    return [
        f"{finding['id']}: {finding['help']}: {[node['html'][:160] for node in finding['nodes'][:3]]}"
        for finding in results.response["violations"]
        if finding["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", EVERY)
def test_axe_finds_nothing_serious(page, address, path, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, address, path)
    assert serious(Axe().run(page)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_unfolds(page, address, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, address, "state")
    page.get_by_text("Query, download, cite").first.click()
    expect(page.get_by_role("button", name="JSON-LD")).to_be_visible()
    assert serious(Axe().run(page)) == []
    page.get_by_role("button", name="Cite", exact=False).first.click()
    expect(page.get_by_role("tab", name="BibTeX").last).to_be_visible()
    assert serious(Axe().run(page)) == []


@pytest.mark.parametrize("path", EVERY)
def test_the_console_stays_quiet(page, address, path) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda line: said.append(f"{line.text} {line.location['url']}") if line.type == "error" else None,
    )
    opened(page, address, path)
    # Opened at a page's own address, Streamlit first asks there for what it finds at the root.
    assert [line for line in said if "/_stcore/" not in line] == []


@pytest.mark.parametrize("path", EVERY)
def test_a_phone_needs_no_sideways_scrolling(page, address, path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, address, path)
    for element in (page.get_by_test_id("stMain"), page.locator("html")):
        assert element.evaluate("element => element.scrollWidth - element.clientWidth") <= 1


@pytest.mark.parametrize("path", ["provisions", "search?text=grooming"])
def test_on_a_phone_no_link_to_a_page_is_cut(page, address, path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, address, path)
    links = page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink")
    expect(links.nth(5)).to_be_visible()
    cut = links.evaluate_all(
        """links => links.filter(link => [link, ...link.querySelectorAll('*')]
          .some(part => part.scrollWidth > part.clientWidth + 1
            && getComputedStyle(part).overflowX !== 'visible'))
          .map(link => link.innerText)"""
    )
    assert cut == []


@pytest.mark.parametrize("path", PATHS)
def test_a_bad_address_gets_plain_messages(page, address, path) -> None:
    opened(page, address, f"{path}?{BAD}")
    for word in ("yesterday", "xx", "XXX", "colour"):
        expect(page.get_by_test_id("stAlert").filter(has_text=word).first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_every_page_is_reached_by_the_keyboard_alone(page, address) -> None:
    """From the first page, with nothing but Tab and Enter, each page of the table opens."""
    for entry in app.PAGES[1:]:
        opened(page, address, "")
        tab_to(page, entry.title)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{entry.key}*")
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_keyboard_can_skip_to_the_content(page, address) -> None:
    opened(page, address, "jurisdiction")
    tab_to(page, "Skip to main content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.querySelector('[data-testid=stMain]').contains(document.activeElement)"
    assert page.evaluate(inside)


def test_the_keyboard_finds_opens_and_shares_a_result(page, address) -> None:
    opened(page, address, "")
    page.get_by_role("searchbox", name="Search the atlas").or_(
        page.get_by_label("Search the atlas")
    ).first.focus()
    page.keyboard.type("grooning")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*text=grooning*")
    expect(page.get_by_text("grooming").first).to_be_visible()


def tab_to(page, text) -> None:
    """Press Tab until what is in focus has this text; fail where it is never reached."""
    page.evaluate("document.activeElement?.blur()")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.innerText?.trim()") == text:
            return
    pytest.fail(f"no Tab leads to {text!r}")


@pytest.mark.parametrize(
    "path", ["recommendations?recommendation=II-3", "case?case=umbrella", "?at=2020-01-01"]
)
def test_on_a_phone_the_first_thing_of_a_page_is_not_under_the_bar(page, address, path) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    opened(page, address, path)
    first = page.get_by_test_id("stMain").locator("a, button").first
    first.scroll_into_view_if_needed()
    box = first.bounding_box()
    assert box
    above = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('[data-testid=stMain]') !== null",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert above
