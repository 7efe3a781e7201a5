"""A reader writes a query, wrong at first, mends it, takes the rows home and passes the link on."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest

pytest.importorskip("playwright")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import opened, taken
from tests.browser.test_every_page import serious

pytestmark = pytest.mark.browser

WRONG = 'SELECT ?s ?count ?text\nWHERE { VALUES (?s ?count ?text) { (id:a 1 "<img src=x onerror=alert(1)>") }'
RIGHT = WRONG + "\n}\nORDER BY ?s"


def editor(page):
    return page.get_by_role("textbox", name="Query (SPARQL 1.1)")


def write(page, query) -> None:
    editor(page).fill(query)
    page.keyboard.press("Control+Enter")


def test_a_query_is_written_mended_answered_taken_home_and_shared(page, address) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    opened(page, address, "query")
    page.get_by_role("radio", name="Your own query").click()
    expect(editor(page)).to_be_visible()
    write(page, WRONG)
    fault = page.get_by_role("button", name="Line 2, column")
    expect(fault).to_be_visible()
    editor(page).fill(RIGHT)
    expect(fault).to_have_count(0)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    page.wait_for_url("**sparql=**")

    rows = list(csv.DictReader(io.StringIO(taken(page, "CSV").decode("utf-8-sig"), newline="")))
    assert [(row["count"], row["text"]) for row in rows] == [("1", "<img src=x onerror=alert(1)>")]
    bindings = json.loads(taken(page, "JSON"))["results"]["bindings"]
    assert [row["text"]["value"] for row in bindings] == ["<img src=x onerror=alert(1)>"]
    book = openpyxl.load_workbook(io.BytesIO(taken(page, "XLSX")))
    assert [cell.value for cell in book["Rows"][2]][1:] == [1, "<img src=x onerror=alert(1)>"]

    page.get_by_text("Link that asks this query anew").click()
    link = page.get_by_test_id("stCode").filter(has_text="part=own").first.inner_text().strip()
    page.goto("about:blank")
    page.goto(link + "&chart=bars&each=text")
    expect(editor(page)).to_have_value(RIGHT)
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    expect(page.get_by_role("cell", name="<img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.locator("img[src='x']")).to_have_count(0)
    assert dialogs == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_an_answer(page, address, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, address, "query?part=own&chart=bars&sparql=SELECT * {VALUES (?a ?b) {('x' 1) ('y' 2)}}")
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    page.get_by_text("Run this query from").click()
    expect(page.get_by_role("tab", name="R (httr)")).to_be_visible()
    assert serious(Axe().run(page)) == []


def test_a_named_query_is_edited_as_the_readers_own(page, address) -> None:
    opened(page, address, "query?query=recommendations&level=request")
    page.get_by_role("button", name="Edit as my own query").click()
    expect(editor(page)).to_have_value(re.compile("SELECT"))
    expect(page.get_by_text(re.compile(r"^\d+ rows$"))).to_be_visible()
    page.wait_for_url("**part=own**")
