"""The comparative lawyer's task: set States side by side, open a cell, ask why two differ, take the file."""

from __future__ import annotations

import csv
import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.conftest import opened, taken

pytestmark = pytest.mark.browser

CELL = "cell=FRA%2Fjurisdiction.active-nationality"


def test_from_a_group_to_a_cell_and_its_special_rules(page, address) -> None:
    opened(page, address, "compare")
    page.get_by_role("button", name="Nordic").or_(page.get_by_role("radio", name="Nordic")).first.click()
    expect(page.get_by_role("columnheader", name="Iceland")).to_be_visible()
    expect(page).to_have_url(re.compile("group=nordic"))
    page.get_by_role("link", name="conditional Sweden, active nationality").click()
    expect(page.get_by_role("heading", name="Sweden: active nationality")).to_be_visible()
    expect(page.get_by_text("Special rules for named offences").first).to_be_visible()
    expect(page).to_have_url(re.compile("group=nordic"))
    page.get_by_role("button", name="Close the story").click()
    expect(page.get_by_role("heading", name="Sweden: active nationality")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("cell="))


def test_a_cell_is_opened_with_the_keyboard_alone(page, address) -> None:
    opened(page, address, "compare?with=FRA&criterion=jurisdiction.active-nationality")
    page.get_by_role("link", name="conditional France, active nationality").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="France: active nationality")).to_be_visible()


def test_the_address_restores_a_view_from_cold(page, address) -> None:
    opened(page, address, f"compare?with=FRA,NLD&order=chapters&{CELL}&at=2020-01-01&names=fr")
    expect(page.get_by_role("heading", name="France: active nationality")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Pays-Bas")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Suède")).to_have_count(0)


def test_all_parties_fit_by_pages_of_columns_or_as_rows(page, address) -> None:
    opened(page, address, "compare?group=parties&page=7")
    expect(page.get_by_role("columnheader", name="Denmark")).to_be_visible()
    assert page.get_by_role("columnheader").count() <= 9
    opened(page, address, "compare?group=parties&criterion=law.grooming&theme=all")
    assert page.get_by_role("rowheader").count() > 40


def test_two_states_are_reduced_to_what_differs(page, address) -> None:
    opened(page, address, "compare?view=differ&with=SWE")
    expect(page.get_by_role("heading", name="Where Denmark and Sweden differ")).to_be_visible()
    expect(page.get_by_text("Only Denmark sets: listed offence, minimum penalty 6 years.")).to_be_visible()
    expect(page.get_by_role("heading", name="Where nobody can tell")).to_be_visible()
    page.get_by_role("link", name="Full story: Sweden").first.click()
    expect(page.get_by_role("heading", name="Sweden: active nationality")).to_be_visible()
    expect(page).to_have_url(re.compile("view=differ"))


def test_the_waiver_of_dual_criminality_shows_for_one_offence(page, address) -> None:
    opened(
        page,
        address,
        "compare?group=nordic&offence=csam-distribution&criterion=jurisdiction.dual-criminality",
    )
    told = {
        row.get_by_role("rowheader").inner_text(): row.inner_text()
        for row in page.get_by_role("row").all()
        if row.get_by_role("rowheader").count()
    }
    assert "not required" in told["Denmark"]
    assert "not required" in told["Norway"]
    assert "not required" not in told["Iceland"]
    assert "partly required" in told["Sweden"]


def test_the_rows_of_a_comparison_are_taken_as_csv(page, address) -> None:
    opened(page, address, "compare?with=SWE&criterion=law.grooming&theme=all")
    page.get_by_text("Query, download, cite").last.click()
    text = taken(page, "CSV").decode("utf-8-sig")
    rows = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))
    assert any("Sweden" in row for row in rows)


@pytest.mark.parametrize("path", ["compare?group=parties", f"compare?{CELL}", "compare?view=differ&with=SWE"])
def test_a_phone_needs_no_sideways_scrolling(page, address, path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, address, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
