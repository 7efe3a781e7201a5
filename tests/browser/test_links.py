"""The student's task: from an article of the Convention to a national provision and back, by links alone."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.conftest import opened

pytestmark = pytest.mark.browser


def title(page, name):
    return page.get_by_role("heading", name=name, exact=True)


def follow(page, name) -> None:
    """Follow a link of the list under the graph."""
    page.locator(".st-key-neighbours").get_by_role("link", name=name, exact=True).click()


def test_links_alone_lead_from_the_convention_to_danish_law_and_back(page, address) -> None:
    page.goto(address + "provisions?provision=cets-201/art-25/4")
    expect(title(page, "Article 25(4)")).to_be_visible()
    follow(page, "Article 25")
    expect(title(page, "Article 25")).to_be_visible()
    follow(page, "Article 25(2)")
    expect(title(page, "Article 25(2)")).to_be_visible()
    follow(page, "Explanatory Report, on Article 25(2)")
    expect(title(page, "Explanatory Report, on Article 25(2)")).to_be_visible()
    follow(page, "Article 25(2)")
    expect(title(page, "Article 25(2)")).to_be_visible()
    follow(page, "Recommendation IV-9")
    expect(title(page, "Recommendation IV-9")).to_be_visible()
    expect(title(page, "What was reported or enacted since: Denmark")).to_be_visible()
    follow(page, "Denmark: Criminal Code § 7 a(1)")
    expect(title(page, "Criminal Code § 7 a(1)")).to_be_visible()
    page.wait_for_url("**provision=DNK%2Fstraffeloven%2F7-a%2F1**")
    follow(page, "Article 25(2)")
    expect(title(page, "Article 25(2)")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "centre"),
    [
        ("provisions?provision=cets-201/art-25/2", "Article 25(2)"),
        ("recommendations?recommendation=IV-9", "Recommendation IV-9"),
        ("case?case=umbrella", "Umbrella case"),
    ],
)
def test_the_graph_shows_the_same_links_as_its_list(page, address, path, centre) -> None:
    opened(page, address, path)
    graph = page.get_by_test_id("stGraphVizChart").first.locator("svg")
    expect(graph.get_by_text(centre, exact=True).first).to_be_visible()
    listed = page.locator(".st-key-neighbours").get_by_role("link")
    expect(graph.locator("a")).to_have_count(listed.count())
    assert listed.count() > 0


def test_a_box_of_the_graph_leads_to_its_page(page, address) -> None:
    page.goto(address + "recommendations?recommendation=IV-9")
    graph = page.get_by_test_id("stGraphVizChart").first.locator("svg")
    graph.locator("a").filter(has_text="Article 25(2)").first.click()
    expect(title(page, "Article 25(2)")).to_be_visible()


def test_the_list_of_states_leads_to_a_state(page, address) -> None:
    page.goto(address + "states?union=no")
    expect(title(page, "States")).to_be_visible()
    expect(page.get_by_role("table").get_by_role("link", name="Denmark", exact=True)).to_have_count(0)
    link = page.get_by_role("table").get_by_role("link", name="Iceland", exact=True)
    page.goto(address + link.get_attribute("href"))
    expect(title(page, "Iceland")).to_be_visible()
