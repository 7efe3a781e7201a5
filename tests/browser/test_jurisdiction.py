"""The student's task: from all States at a glance to a principle's rule, and to one State's position."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.conftest import opened

pytestmark = pytest.mark.browser


def test_the_table_of_all_states_reads_without_colour(page, address) -> None:
    opened(page, address, "jurisdiction")
    expect(page.get_by_role("rowheader")).to_have_count(51)
    georgia = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Georgia"))
    expect(georgia).to_contain_text("✕ no")
    expect(georgia).to_contain_text("◐ conditional")


def test_from_the_table_to_a_principle_and_a_story(page, address) -> None:
    opened(page, address, "jurisdiction?names=da")
    page.get_by_role("link", name="Habitual residence of the offender", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Habitual residence of the offender")).to_be_visible()
    expect(page).to_have_url(re.compile("principle=jurisdiction.habitual-residence"))
    for part in (
        "Positions and conditions across States",
        "Reservations and declarations",
        "Recommendations",
    ):
        expect(page.get_by_role("heading", name=part, exact=True)).to_be_visible()
    page.get_by_role("link", name="no Italien, habitual residence of the offender").click()
    expect(page.get_by_role("heading", name="Italien: habitual residence")).to_be_visible()


def test_the_address_of_a_principle_is_restored_from_cold(page, address) -> None:
    opened(page, address, "jurisdiction?principle=jurisdiction.passive-personality&state=SWE")
    expect(page.get_by_role("heading", level=1, name="Passive personality")).to_be_visible()
    expect(page.get_by_role("link", name="Recommendation IV-9")).to_be_visible()
    expect(page.get_by_text("Article 25(2)").first).to_be_visible()
