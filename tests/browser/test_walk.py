"""The student's walk: from the case of 2018 to Denmark's six-year condition and who has none.

By links alone: nothing is typed, chosen or opened by its address after the first page. The walk is printed,
and `pytest -s` shows it.
"""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import beside, opened, settled, taken
from tests.browser.test_every_page import serious

pytestmark = pytest.mark.browser


def tell(line) -> None:
    print(line)  # noqa: T201 - the walk is there to be read


def step(page, link, heading) -> None:
    """Follow the first link of this name in the page's text and print where it led."""
    found = page.get_by_test_id("stMain").get_by_role("link", name=link)
    name = found.first.inner_text().strip().rpartition("\n")[2]
    found.first.click()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    settled(page)
    tell(f"→ “{name}” → {heading}: {page.url.rpartition('/')[2]}")


def test_a_student_walks_from_the_case_to_the_six_years_and_who_has_none_by_links_alone(
    page, address
) -> None:
    opened(page, address, "")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Cases", exact=True).click()
    expect(page.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
    settled(page)
    tell(f"\n“Cases” in the sidebar → {page.url.rpartition('/')[2]}")
    page = beside(page, "Umbrella case")
    expect(page.get_by_role("heading", name="Case and referral route: Umbrella case")).to_be_visible()
    tell(f"→ “Umbrella case” → {page.url.rpartition('/')[2]}")
    step(page, re.compile("^Scenario: The case of 2018"), "The answer")
    step(page, "Denmark, step by step", "Denmark, step by step")
    condition = page.get_by_test_id("stMain").get_by_role("listitem").filter(has_text="minimum penalty")
    expect(condition.filter(has_text="Criminal Code § 7 a").first).to_be_visible()
    step(page, "Minimum penalty, who has none", "Passive personality")
    page.wait_for_url("**condition=minimum-penalty**")
    denmark = page.get_by_role("row").filter(has=page.get_by_role("link", name="Denmark", exact=True))
    six = denmark.filter(has_text="six years")
    expect(six.filter(has_text="§ 7 a").first).to_be_visible()
    tell(f"  {' | '.join(cell.inner_text().strip() for cell in six.first.get_by_role('cell').all())}")
    none = page.get_by_role("heading", name=re.compile(r"^Without it: who has none \(\d+\)$"))
    expect(none).to_be_visible()
    table = page.get_by_role("table").filter(has_text="Other conditions").first
    names = [row.get_by_role("link").first.inner_text() for row in table.get_by_role("row").all()[1:]]
    tell(f"  {none.inner_text()}: {', '.join(names)}")
    assert {"France", "Germany"} <= set(names)
    assert "Denmark" not in names


def test_an_old_address_is_marked_superseded_and_leads_to_the_present(page, archive_address) -> None:
    address, older = archive_address
    opened(page, address, f"compare?with=SWE&build={older.manifest.build_id[:16]}")
    expect(page.get_by_text("Superseded.")).to_be_visible()
    expect(page.get_by_text("minimum penalty 5 years").first).to_be_visible()
    page.get_by_role("link", name="What it says now").click()
    expect(page.get_by_text("minimum penalty 6 years").first).to_be_visible()
    expect(page.get_by_text("Superseded.")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("build="))
    page.go_back()
    expect(page.get_by_text("minimum penalty 5 years").first).to_be_visible()
    page.get_by_role("link", name="What changed since").click()
    expect(page.get_by_text("Hotline count as it was called then").first).to_be_visible()
    page.get_by_text("Command, download, cite").click()
    for form, beginning in (("CSV", "\ufeffstate,change,type,thing"), ("JSON-LD", "{")):
        assert taken(page, form).decode().startswith(beginning)
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["compare?build={then}", "changes", "compare?build=9999999999999999"])
def test_pages_of_old_builds_are_accessible_and_fit_a_phone(page, archive_address, path, scheme) -> None:
    address, older = archive_address
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, address, path.format(then=older.manifest.build_id[:16]))
    assert serious(Axe().run(page)) == []
    for element in (page.get_by_test_id("stMain"), page.locator("html")):
        assert element.evaluate("element => element.scrollWidth - element.clientWidth") <= 1
