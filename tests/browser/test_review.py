"""A reader takes another State's factsheet into the atlas: from the file to the rebuilt atlas."""

from __future__ import annotations

import json
import re
import shutil

import pytest

pytest.importorskip("playwright")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lanzarote_atlas import builds
from lanzarote_atlas.records import files
from tests.browser.conftest import opened, serving, settled
from tests.browser.test_every_page import serious, tab_to
from tests.ingest.conftest import DOCUMENTS, RURITANIA

pytestmark = pytest.mark.browser

DOCUMENT = DOCUMENTS / "ruritania-factsheet.txt"
BUILDING = 300_000
"""Milliseconds that a build may take on a machine that does other things."""


@pytest.fixture
def folders(built, tmp_path):
    """A store with the current build, and a data folder of the reader's own in which a State is invented."""
    store, local = tmp_path / "store", tmp_path / "local"
    shutil.copytree(built.folder, store / built.folder.name)
    (store / "current").write_text(built.folder.name + "\n", encoding="utf-8")
    (local / "State").mkdir(parents=True)
    (local / "State" / "RUR.yaml").write_text(RURITANIA, encoding="utf-8")
    return store, local


@pytest.fixture
def own(folders):
    """The address of a dashboard on these folders."""
    store, local = folders
    with serving(LANZAROTE_STORE=str(store), LANZAROTE_DATA=str(local)) as address:
        yield address


def choose(page, label, option, *, several=False) -> None:
    """Choose what is offered under a label by the beginning of its words."""
    chooser = page.get_by_role("combobox", name=label).first
    chooser.click()
    chooser.fill(option)
    page.get_by_role("option", name=option).first.click()
    if several:
        page.keyboard.press(
            "Escape"
        )  # a list of several stays open, and hides the page from those who listen
    settled(page)


def press(page, name) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def write(page, label, text) -> None:
    page.get_by_role("textbox", name=label).fill(text)
    page.keyboard.press("Tab")
    settled(page)


def heading(page, name):
    return page.get_by_role("heading", name=name, exact=True)


def hand_in(page, address, state="Ruritania", document=DOCUMENT) -> None:
    opened(page, address, "review")
    page.locator("input[type=file]").set_input_files(document)
    expect(page.get_by_role("button", name=re.compile("^Remove"))).to_be_visible()
    choose(page, "State that it is about", state)
    press(page, "Read the document")
    expect(page.get_by_text("What the document gave")).to_be_visible()


def show(page, draft) -> None:
    choose(page, re.compile("^Draft "), draft)
    expect(page.get_by_role("heading", name=re.compile(f"{draft}$"))).to_be_visible()
    settled(page)  # the heading comes first; below it the draft before stands until the run ends


def test_from_a_file_to_the_rebuilt_atlas(page, own, folders) -> None:
    store, local = folders
    before = builds.required(store).manifest.build_id
    hand_in(page, own)
    expect(page.get_by_text("81 lines")).to_be_visible()
    write(page, "Your name or address", "reader@example.org")

    show(page, "Recommendation II-43")
    expect(page.get_by_text("(b) to publish the comparison:")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    write(page, re.compile("^Summary"), "Publish the comparison in print and on lasting paper.")
    page.get_by_text("Asks for: Reference to self-generated material").click()
    choose(page, "Other provisions on which it rests", "Article 25 (cets-201/art-25)", several=True)
    choose(page, "Kind of basis", "By subject")
    press(page, "Accept")
    expect(page.get_by_text("Accepted as corrected.")).to_be_visible()
    expect(page.get_by_text((local / "Recommendation" / "II-43.yaml").as_posix())).to_be_visible()

    (record,) = files.read_local(local / "Recommendation").records
    assert record.body["asksFor"] == ["law.self-generated-reference"]
    assert (record.body["basis"], record.body["basisKind"]) == (["cets-201/art-25"], "by-subject")

    press(page, "Go on to the next to decide")
    expect(page.get_by_role("heading", name="Recommendation II-43")).to_have_count(0)
    rejected = page.get_by_role("heading", level=3).first.inner_text()
    write(page, "Reason, where you reject it", "misread")
    press(page, "Reject")
    expect(page.get_by_text("Rejected. It can be accepted still.")).to_be_visible()
    decisions = [
        json.loads(line) for line in (local / "reviews.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [(one["action"], one["reason"]) for one in decisions] == [
        ("corrected", ""),
        ("rejected", "misread"),
    ]
    assert decisions[1]["id"] in rejected

    press(page, "Rebuild the atlas")
    expect(page.get_by_text(re.compile("^The atlas was rebuilt"))).to_be_visible(timeout=BUILDING)
    expect(page.get_by_text("Every accepted record is in the atlas.")).to_be_visible()
    assert builds.required(store).manifest.build_id != before

    page.get_by_role("link", name="Ruritania in the atlas").click()
    expect(heading(page, "Ruritania")).to_be_visible()
    opened(page, own, "recommendations?recommendation=II-43&state=RUR")
    expect(page.get_by_text("Publish the comparison in print and on lasting paper.").first).to_be_visible()
    expect(page.get_by_text("Article 25").first).to_be_visible()


def test_a_build_with_faults_says_them_and_the_last_good_one_stays(page, own, folders) -> None:
    store, local = folders
    before = builds.required(store).manifest.build_id
    opened(page, own, "review")
    (local / "State" / "RUR.yaml").write_text(
        RURITANIA.replace("iso3: RUR", "iso3: Ruritania"), encoding="utf-8"
    )
    press(page, "Rebuild the atlas")
    expect(page.get_by_text("The atlas was not rebuilt.")).to_be_visible(timeout=BUILDING)
    expect(page.get_by_text(re.compile(r"RUR\.yaml:3"))).to_be_visible()
    assert builds.required(store).manifest.build_id == before
    opened(page, own, "state?state=DNK")
    expect(heading(page, "Denmark")).to_be_visible()


def test_what_differs_from_a_record_that_stands_is_shown_on_both_sides(page, own, folders, tmp_path) -> None:
    """Of the atlas's general recommendations one is handed in at another level."""
    text = DOCUMENT.read_text(encoding="utf-8").replace("Recommendation II-46", "Recommendation III-30")
    document = tmp_path / "other.txt"
    document.write_text(text, encoding="utf-8")
    hand_in(page, own, document=document)
    choose(page, "Standing", "Differs")
    expect(page.get_by_text("Differs from what stands")).to_be_visible()
    table = page.get_by_test_id("stTable")
    expect(table).to_contain_text("In the atlas")
    expect(table).to_contain_text("In this document")
    expect(page.get_by_role("button", name="Accept", exact=True)).to_be_disabled()
    page.get_by_role("link", name=re.compile("^The record that stands")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("III-30")
    page.go_back()
    expect(page.get_by_text("Differs from what stands")).to_be_visible()


def test_review_is_closed_where_other_machines_can_reach_it(page, folders) -> None:
    store, local = folders
    with serving("0.0.0.0", LANZAROTE_STORE=str(store), LANZAROTE_DATA=str(local)) as address:
        opened(page, address, "review")
        expect(page.get_by_text("Review is closed here.")).to_be_visible()
        expect(page.get_by_text("lanzarote app")).to_be_visible()
        expect(page.locator("input[type=file]")).to_have_count(0)
        expect(page.get_by_role("button", name="Rebuild the atlas")).to_have_count(0)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_what_comes_through_a_proxy_is_closed_whatever_it_says(browser, address, header) -> None:
    context = browser.new_context(extra_http_headers={header: "127.0.0.1"})
    page = context.new_page()
    opened(page, address, "review")
    expect(page.get_by_text("Review is closed here.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_among_drafts(page, own, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    hand_in(page, own)
    write(page, "Your name or address", "reader@example.org")
    show(page, "Recommendation II-43")
    assert serious(Axe().run(page)) == []
    press(page, "Accept")
    expect(page.get_by_text("Not accepted.")).to_be_visible()
    page.get_by_text("Where it stands, id and note").click()
    page.get_by_text("List of these drafts").click()
    settled(page)
    assert serious(Axe().run(page)) == []
    press(page, "Reject")
    page.get_by_text("All decisions so far").click()
    page.get_by_role("radio", name="Whole").click()
    settled(page)
    assert serious(Axe().run(page)) == []


def test_a_phone_needs_no_sideways_scrolling_among_drafts(page, own) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    hand_in(page, own)
    show(page, "Recommendation II-43")
    for view in ("Around it", "Whole", "Unplaced (0)"):
        page.get_by_role("radio", name=view).click()
        settled(page)
        for element in (page.get_by_test_id("stMain"), page.locator("html")):
            assert element.evaluate("element => element.scrollWidth - element.clientWidth") <= 1


def test_a_draft_is_rejected_with_the_keyboard_alone(page, own, folders) -> None:
    hand_in(page, own)
    page.get_by_role("textbox", name="Your name or address").focus()
    page.keyboard.type("reader@example.org")
    page.keyboard.press("Enter")
    settled(page)
    first = page.get_by_role("heading", level=3).first.inner_text()
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    # Until the other draft is there, the boxes of the first one stand, and go away under who types in them.
    expect(page.get_by_role("heading", level=3).first).not_to_have_text(first)
    settled(page)
    page.get_by_role("textbox", name="Reason, where you reject it").focus()
    page.keyboard.type("misread")
    page.keyboard.press("Tab")
    settled(page)
    reject = page.get_by_role("button", name="Reject", exact=True)
    expect(reject).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rejected. It can be accepted still.")).to_be_visible()
    assert (folders[1] / "reviews.jsonl").is_file()
    settled(page)
    expect(reject).to_be_focused()
    rejected = page.get_by_role("heading", level=3).first.inner_text()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Go on to the next to decide")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=3).first).not_to_have_text(rejected)


def test_who_is_refused_stays_at_the_button(page, own) -> None:
    """What is said of a decision moves nothing: the next Tab goes on from where the reader is."""
    hand_in(page, own)
    write(page, "Your name or address", "reader@example.org")
    show(page, "Recommendation II-43")
    accept = page.get_by_role("button", name="Accept", exact=True)
    accept.press("Enter")
    expect(page.get_by_text("Not accepted.")).to_be_visible()
    settled(page)
    expect(accept).to_be_focused()
