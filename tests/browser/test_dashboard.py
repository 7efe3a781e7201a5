"""What a reader does: open, filter, share, follow, come back."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
import rdflib

pytest.importorskip("playwright")

from playwright.sync_api import expect

import app
from lanzarote_atlas import exports, terms
from tests.browser.conftest import taken

pytestmark = pytest.mark.browser

TITLES = tuple(entry.title for entry in app.PAGES)


def heading(page, name):
    return page.get_by_role("heading", level=1, name=name, exact=True)


def to_page(page, title) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True).click()


def choose(page, label, option) -> None:
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_each_page_opens_from_the_navigation(page, address) -> None:
    page.goto(address)
    expect(heading(page, "Lanzarote Atlas")).to_be_visible()
    for entry in app.PAGES[1:]:
        to_page(page, entry.title)
        page.wait_for_url(f"**/{entry.key}*")
        expect(page).to_have_title(f"{entry.title} · Lanzarote Atlas")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_state_of_reference_stays_when_pages_change_fast(page, address) -> None:
    """A page left before it is drawn must not report the first State of the list as the reader's choice."""
    page.goto(address)
    expect(heading(page, "Lanzarote Atlas")).to_be_visible()
    for _ in range(3):
        for title in TITLES:
            to_page(page, title)
    to_page(page, "Jurisdiction")
    expect(heading(page, "Jurisdiction: Denmark")).to_be_visible()


def test_a_choice_can_be_shared_by_its_address(page, address) -> None:
    page.goto(address + "recommendations")
    expect(heading(page, "Recommendations: Denmark")).to_be_visible()
    choose(page, "Level", "Require")
    page.wait_for_url("**level=require**")
    count = page.get_by_text(re.compile(r"^\d+ texts"))
    expect(count).to_be_visible()
    page.reload()
    expect(page.get_by_role("combobox", name=re.compile("Level"))).to_have_value(re.compile("Require"))
    expect(page.get_by_text("match the choices")).to_be_visible()


def test_a_recommendation_leads_to_its_provision_and_back(page, address) -> None:
    page.goto(address + "recommendations?recommendation=II-3")
    expect(heading(page, "Recommendation II-3")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("link", name="Article 20(2)").first.click()
    expect(page.get_by_role("heading", name="Article 20(2)", exact=True)).to_be_visible()
    page.wait_for_url("**provision=cets-201%2Fart-20%2F2**")
    page.get_by_test_id("stMain").get_by_role("link", name="Recommendation II-3", exact=True).last.click()
    expect(heading(page, "Recommendation II-3")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Article 20(2)", exact=True)).to_be_visible()


def test_a_link_within_a_page_changes_the_address_too(page, address) -> None:
    page.goto(address + "recommendations?level=require")
    page.get_by_test_id("stMain").get_by_role("link", name="IV-5", exact=True).click()
    expect(heading(page, "Recommendation IV-5")).to_be_visible()
    page.wait_for_url("**recommendation=IV-5**")
    page.go_back()
    expect(heading(page, "Recommendations: Denmark")).to_be_visible()


def test_the_way_back_to_a_bare_address_raises_no_warning(page, address) -> None:
    page.goto(address)
    expect(heading(page, "Lanzarote Atlas")).to_be_visible()
    page.get_by_role("link", name="Recommendations", exact=True).click()
    page.get_by_test_id("stMain").get_by_role("link", name="II-3", exact=True).click()
    expect(heading(page, "Recommendation II-3")).to_be_visible()
    page.go_back()
    expect(heading(page, "Recommendations: Denmark")).to_be_visible()
    page.go_back()
    expect(heading(page, "Lanzarote Atlas")).to_be_visible()
    expect(page.get_by_text("takes no parameter")).to_have_count(0)


def test_the_referral_route_is_drawn(page, address) -> None:
    page.goto(address + "case?case=umbrella")
    # The graph of links stands on the page too; an arrow of the route bears the number of its step.
    edges = page.get_by_test_id("stGraphVizChart").locator("svg .edge")
    expect(edges.filter(has_text="9")).not_to_have_count(0)


def test_state_date_and_names_go_along_from_page_to_page(page, address) -> None:
    page.goto(address + "jurisdiction?state=SWE&at=2015-03-01&names=da")
    expect(heading(page, "Jurisdiction: Sverige")).to_be_visible()
    to_page(page, "Recommendations")
    expect(heading(page, "Recommendations: Sverige")).to_be_visible()
    page.wait_for_url("**/recommendations?*at=2015-03-01*")
    expect(page.get_by_text("Shown as at 1 March 2015")).to_be_visible()
    page.get_by_role("button", name="Show today").click()
    expect(page.get_by_text("Shown as at")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("at="))


def test_the_names_of_states_change_with_the_language(page, address) -> None:
    page.goto(address + "jurisdiction?state=CHE")
    expect(heading(page, "Jurisdiction: Switzerland")).to_be_visible()
    page.get_by_role("radio", name="Français").click()
    expect(heading(page, "Jurisdiction: Suisse")).to_be_visible()
    page.wait_for_url("**names=fr*")


def test_a_table_is_taken_home_in_three_forms(page, address) -> None:
    page.goto(address + "state?state=SWE")
    expect(heading(page, "Sweden")).to_be_visible()
    page.get_by_text("Query, download, cite").first.click()
    rows = list(csv.DictReader(io.StringIO(taken(page, "CSV").decode("utf-8-sig"), newline="")))
    assert rows
    assert {row["atlas_licence"] for row in rows} == {exports.LICENCE}
    (query,) = {row["atlas_query"] for row in rows}
    assert query.startswith("participations?")
    assert "state=SWE" in query
    book = openpyxl.load_workbook(io.BytesIO(taken(page, "XLSX")))
    assert book["Rows"].max_row == len(rows) + 1
    about = {row[0].value: row[1].value for row in book["About"]}
    assert about["Build"] == rows[0]["atlas_build"]
    assert about["Address"].startswith(address + "query?")
    named = parse_qs(urlsplit(about["Address"]).query)
    assert (named["query"], named["state"]) == (["participations"], ["SWE"])
    assert about["Build"].startswith(named["build"][0])
    assert named["at"]
    graph = rdflib.Graph().parse(data=taken(page, "JSON-LD"), format="json-ld")
    taking_part = rdflib.URIRef(rows[0]["participation"])
    assert (taking_part, rdflib.RDF.type, rdflib.URIRef(terms.term("Participation"))) in graph


def test_a_state_is_cited_in_four_formats(page, address) -> None:
    page.goto(address + "state?state=SWE")
    expect(heading(page, "Sweden")).to_be_visible()
    page.get_by_role("button", name="Cite").first.click()
    for form, sign in (
        ("Text", "Sweden."),
        ("BibTeX", "@incollection"),
        ("CSL-JSON", "URL"),
        ("RIS", "TY  - CHAP"),
    ):
        page.get_by_role("tab", name=form, exact=True).click()
        expect(page.get_by_role("tabpanel").get_by_text(sign).first).to_be_visible()
