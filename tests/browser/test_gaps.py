"""Gaps and timeline in a browser: an officer narrows down, reads and prints; one date moves the pages."""

from __future__ import annotations

import io
import re

import pytest

pytest.importorskip("playwright")

import docx
import pypdf
from playwright.sync_api import expect

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser


def choose(page, label: str, option: re.Pattern[str]) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option).first.click()
    settled(page)


def test_from_the_list_to_one_gap_and_back_with_the_choices_kept(page, address) -> None:
    page.goto(address + "gaps")
    settled(page)
    choose(page, "Status", re.compile("^Answer reported"))
    choose(page, "Level or strength", re.compile("^Require"))
    expect(page).to_have_url(
        re.compile(r"status=answer-reported.*level=require|level=require.*status=answer")
    )
    page.get_by_role("link", name="II-5", exact=True).click()
    settled(page)
    expect(page.get_by_role("heading", name="Who already does it")).to_be_visible()
    page.get_by_role("link", name="All gaps").click()
    settled(page)
    expect(page).to_have_url(re.compile("level=require"))
    expect(page.get_by_text("with these choices")).to_be_visible()


def test_a_view_is_restored_from_its_address(page, address) -> None:
    page.goto(address + "gaps?of=all&kind=standard-not-met&article=cets-201/art-25")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Gaps: all States")
    expect(page.get_by_role("combobox", name="Kind", exact=True)).to_have_value(
        re.compile("Standard not met")
    )


@pytest.mark.parametrize("form", ["DOCX", "PDF"])
def test_a_briefing_is_taken_home_and_read_back(page, address, form) -> None:
    page.goto(address + "gaps?theme=iv-jurisdiction-rules")
    settled(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name=f"Briefing, {form}").click()
    content = taken.value.path().read_bytes()
    if form == "DOCX":
        text = " ".join(line.text for line in docx.Document(io.BytesIO(content)).paragraphs)
    else:
        text = " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "Gaps: Denmark, IV. Jurisdiction rules" in " ".join(text.split())
    assert taken.value.suggested_filename.startswith("briefing_DNK_iv-jurisdiction-rules_")


def test_the_timeline_tells_as_a_table_what_its_chart_shows(page, address) -> None:
    page.goto(address + "timeline?kind=ratification&of=all")
    settled(page)
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    expect(page.get_by_role("table").first).to_contain_text("Ratification")
    expect(page.get_by_text(re.compile(r"Ratification: \d+"))).to_be_visible()


def test_one_date_moves_the_pages(page, address) -> None:
    """On 1 January 2010 Denmark had ratified the Convention, which did not bind it yet."""
    page.goto(address + "timeline?at=2010-01-01")
    settled(page)
    expect(page.get_by_role("table").first).to_contain_text("18 November 2009")
    expect(page.get_by_role("table").first).not_to_contain_text("Entry into force")
    page.get_by_role("link", name="Gaps", exact=True).click()
    settled(page)
    expect(page).to_have_url(re.compile("at=2010-01-01"))
    expect(page.get_by_role("heading", name="Recommendation open")).to_have_count(0)
    page.get_by_role("link", name="Recommendations", exact=True).click()
    settled(page)
    expect(page.get_by_text("No recommendation on record at this day")).to_be_visible()
