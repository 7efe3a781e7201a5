"""The student's walk, by links: from the case of 2018 to the six years of § 7 a and who has none."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from lanzarote_atlas.records import yaml_text
from tests.browser.conftest import beside, taken

pytestmark = pytest.mark.browser


def heading(page, name):
    return page.get_by_role("heading", name=name, exact=True)


def follow(page, name) -> None:
    page.get_by_test_id("stMain").get_by_role("link", name=name).first.click()


def test_a_student_walks_from_the_case_to_the_six_year_condition_and_who_has_none(page, address) -> None:
    page.goto(address + "case")
    page = beside(page, "Umbrella case")
    expect(heading(page, "Case and referral route: Umbrella case")).to_be_visible()
    follow(page, re.compile("Scenario: The case of 2018"))
    expect(heading(page, "The answer")).to_be_visible()
    expect(page.get_by_text("15 January 2018").first).to_be_visible()
    follow(page, "Denmark, step by step")
    expect(heading(page, "Denmark, step by step")).to_be_visible()
    expect(page.get_by_text("minimum penalty").first).to_be_visible()
    follow(page, "Passive personality on Jurisdiction")
    expect(heading(page, "Jurisdiction: Denmark")).to_be_visible()
    expect(page.get_by_text(re.compile("six years")).first).to_be_visible()
    page.go_back()
    expect(heading(page, "Denmark, step by step")).to_be_visible()
    page.wait_for_url("**view=trace**")
    follow(page, re.compile("^Which States apply passive personality"))
    page.wait_for_url("**query=which-states-apply-a-principle**")
    expect(page).to_have_url(re.compile("criterion=jurisdiction.passive-personality"))
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_scenario_is_restored_from_its_address_cold(page, address) -> None:
    page.goto(
        address + "scenario?date=2026-01-01&offence=sexual-abuse&place-of-act=THA"
        "&victim-nationality=DNK&offence-where-done=yes&penalty-maximum=DNK:4&view=trace"
    )
    expect(heading(page, "Denmark, step by step")).to_be_visible()
    expect(page.get_by_text("Thailand").first).to_be_visible()
    page.get_by_text("Change: penalties").click()
    expect(page.get_by_role("textbox", name=re.compile("Maximum penalty"))).to_have_value("DNK:4")


def test_facts_and_outcome_are_taken_home(page, address) -> None:
    page.goto(address + "scenario?scenario=victim-only-below-six-years")
    expect(heading(page, "Share, cite, take away")).to_be_visible()
    facts = yaml_text.parse(taken(page, "Facts as YAML").decode(), "scenario.yaml").value
    assert facts["penalty-maximum"] == {"DNK": 4}
    outcome = json.loads(taken(page, "Outcome as JSON"))
    assert {one["iso3"]: one["result"] for one in outcome["states"]}["DNK"] == "unmet"
    page.get_by_text("Command, download, cite").click()
    rows = csv.DictReader(io.StringIO(taken(page, "CSV").decode("utf-8-sig")))
    denmark = [row for row in rows if row["state"].endswith("/DNK")]
    assert {row["result"] for row in denmark} == {"unmet"}
    assert all(row["atlas_build"] and row["atlas_licence"] for row in denmark)
    assert any(row["sourceTitle"] for row in denmark)
