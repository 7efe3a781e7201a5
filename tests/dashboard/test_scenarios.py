"""A scenario in the address: written out and read back, slips told, and the page that shows it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from lanzarote_atlas import scenario
from lanzarote_atlas.dashboard import facts_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from lanzarote_atlas.scenario import Law
    from lanzarote_atlas.store.embedded import EmbeddedStore


@pytest.fixture(scope="module")
def law(atlas: EmbeddedStore) -> Law:
    return scenario.load(atlas)


@pytest.mark.parametrize("name", scenario.worked())
def test_the_facts_of_a_worked_scenario_survive_the_address(law: Law, name: str) -> None:
    found = scenario.read(scenario.worked()[name], law)
    texts = scenario.as_texts(found.facts)
    assert scenario.of_texts(texts, law).facts == found.facts


@pytest.mark.parametrize("name", scenario.worked())
def test_a_scenario_taken_away_as_yaml_reads_back_the_same(law: Law, name: str) -> None:
    found = scenario.read(scenario.worked()[name], law)
    assert scenario.parse(scenario.as_yaml(found), law) == found


def test_every_field_stands_under_exactly_one_heading(law: Law) -> None:
    shown = [entry.name for entries in facts_form.groups(law).values() for entry in entries]
    assert sorted(shown) == sorted(law.fields)


def test_the_worked_scenarios_begin_with_the_one_about_the_case() -> None:
    first = next(iter(scenario.headings().items()))
    assert first[0] == "denmark-2018-case"
    assert first[1].about == "id/case/umbrella"


def test_a_scenario_over_all_states_takes_at_most_200_ms(law: Law) -> None:
    found = scenario.read(scenario.worked()["denmark-2018-case"], law)
    scenario.judge(found, law)
    spent = []
    for _ in range(3):
        begun = time.process_time()
        scenario.judge(found, law)
        spent.append(time.process_time() - begun)
    assert min(spent) <= 0.2


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def test_the_page_opens_on_the_case_of_2018_and_says_it_is_no_legal_advice(
    opened: Callable[..., AppTest],
) -> None:
    app = opened("scenario")
    assert not app.exception
    assert any("no legal advice" in one.value for one in app.info)
    assert "15 January 2018" in words(app)
    assert "**1** may prosecute" in words(app)


def test_a_changed_fact_makes_the_scenario_the_readers_own(opened: Callable[..., AppTest]) -> None:
    app = opened("scenario", scenario="victim-only-below-six-years")
    assert "**0** may prosecute" in words(app)
    app.session_state["facts.Penalties"] = True
    app.run()
    next(box for box in app.text_input if box.label.startswith("Maximum")).set_value("DNK:8").run()
    assert "scenario" not in app.query_params
    assert app.query_params["penalty-maximum"] == "DNK:8"
    assert app.query_params["victim-nationality"] == "DNK"
    assert "**1** may prosecute" in words(app)


def test_a_blanked_fact_is_not_known_rather_than_no(opened: Callable[..., AppTest]) -> None:
    below = {"scenario": "victim-only-below-six-years"}
    app = opened("scenario", **below, **{"penalty-maximum": "unknown", "result": "unknown"})
    assert "maximum penalty under each law under the law of Denmark" in words(app)


def test_none_and_states_unsay_each_other() -> None:
    assert facts_form._of_codes(["DNK", "none"], before="DNK") == "none"
    assert facts_form._of_codes(["none", "DNK"], before="none") == "DNK"
    assert facts_form._of_codes(["none"], before="none") == "none"
    assert facts_form._of_codes([], before="DNK") == ""
