"""A new reader's first minute: pick a criterion, see every State, open one, or leave by a door."""

from __future__ import annotations

import json
import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.conftest import opened

pytestmark = pytest.mark.browser


def test_a_tile_opens_the_story_of_its_state(page, address) -> None:
    opened(page, address, "?criterion=law.grooming&at=2024-01-01")
    expect(page.locator(".atlas-tiles li")).to_have_count(51)
    page.get_by_role("link", name="Denmark: conditional").click()
    expect(page.get_by_role("heading", name="Denmark: solicitation of children")).to_be_visible()
    expect(page).to_have_url(re.compile("at=2024-01-01"))


def test_all_tiles_have_one_size(page, address) -> None:
    opened(page, address, "")
    sizes = page.locator(".atlas-tiles li").evaluate_all(
        "tiles => tiles.map(tile => `${Math.round(tile.offsetWidth)}x${Math.round(tile.offsetHeight)}`)"
    )
    assert len({size.split("x")[1] for size in sizes}) == 1
    widths = [int(size.split("x")[0]) for size in sizes]
    assert max(widths) - min(widths) <= 1


def test_the_same_stands_in_a_table(page, address) -> None:
    opened(page, address, "")
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("rowheader", name="Monaco")).to_be_visible()


def test_the_doors_lead_on(page, address) -> None:
    opened(page, address, "?state=SWE")
    page.get_by_test_id("stMain").get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Compare: Sweden")).to_be_visible()


@pytest.mark.parametrize("path", ["", "?shape=map"])
def test_a_phone_needs_no_sideways_scrolling(page, address, path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, address, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_head_describes_the_dataset_and_only_here(page, address) -> None:
    described = page.locator('head script[type="application/ld+json"]')
    opened(page, address, "")
    expect(described).to_have_count(1)
    assert json.loads(described.inner_text())["@type"] == "Dataset"
    page.get_by_test_id("stSidebar").get_by_role("link", name="States", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="States")).to_be_visible()
    expect(described).to_have_count(0)
