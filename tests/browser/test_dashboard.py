"""What a reader does: open, filter, share, follow, come back."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

pytestmark = pytest.mark.browser

HEADINGS = {
    "Overview": "Lanzarote Atlas",
    "State profile": "Denmark",
    "Recommendations": "Recommendations: Denmark",
    "Jurisdiction": "Jurisdiction: Denmark",
    "Provisions": "Provisions",
    "Case and referral route": "Case and referral route",
    "Sources": "Sources",
    "Query": "Query",
}


def heading(page, name):
    return page.get_by_role("heading", level=1, name=name, exact=True)


def choose(page, label, option) -> None:
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_each_page_opens_from_the_navigation(page, address) -> None:
    page.goto(address)
    expect(heading(page, "Lanzarote Atlas")).to_be_visible()
    for name, title in HEADINGS.items():
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
        expect(heading(page, title)).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_state_of_reference_stays_when_pages_change_fast(page, address) -> None:
    """A page left before it is drawn must not report the first State of the list as the reader's choice."""
    page.goto(address)
    expect(heading(page, "Lanzarote Atlas")).to_be_visible()
    for _ in range(3):
        for name in HEADINGS:
            page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Jurisdiction", exact=True).click()
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
    page.get_by_test_id("stMain").get_by_role("link", name="Recommendation II-3", exact=True).click()
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
    page.get_by_test_id("stMain").get_by_role("link", name="Find gaps").click()
    page.get_by_test_id("stMain").get_by_role("link", name="II-3", exact=True).click()
    expect(heading(page, "Recommendation II-3")).to_be_visible()
    page.go_back()
    expect(heading(page, "Recommendations: Denmark")).to_be_visible()
    page.go_back()
    expect(heading(page, "Lanzarote Atlas")).to_be_visible()
    expect(page.get_by_text("takes no parameter")).to_have_count(0)


def test_the_referral_route_is_drawn(page, address) -> None:
    page.goto(address + "case")
    expect(page.get_by_test_id("stGraphVizChart").locator("svg")).to_be_visible()
    assert page.get_by_test_id("stGraphVizChart").locator("svg .edge").count() >= 9


def test_a_bad_parameter_gets_a_plain_message(page, address) -> None:
    page.goto(address + "recommendations?level=demand&state=XXX&colour=red")
    expect(heading(page, "Recommendations: Denmark")).to_be_visible()
    for word in ("demand", "XXX", "colour"):
        expect(page.get_by_test_id("stAlert").filter(has_text=word)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize(
    "path", ["", "recommendations", "jurisdiction", "provisions?provision=cets-201/art-25/2"]
)
def test_a_phone_needs_no_sideways_scrolling(page, address, path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stExpander").first).to_be_attached()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1
