"""A permanent address holds all that is needed to answer it again, and nothing else is taken for one."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas import page_addresses, permanent_addresses, terms
from lanzarote_atlas.errors import UsageError
from lanzarote_atlas.permanent_addresses import Comparison

BUILD = "53d7a647a640c842"
STATES = st.lists(
    st.text(string.ascii_uppercase, min_size=3, max_size=3), min_size=1, max_size=5, unique=True
)
ASKED = st.sampled_from(("law.grooming", "jurisdiction.passive-personality", "iv-jurisdiction-rules", "all"))
FACTS = st.dictionaries(
    st.sampled_from(("date", "offence", "place-of-act", "victim-age", "penalty-maximum")),
    st.sampled_from(("2026-01-01", "grooming", "DNK,SWE", "none", "12", "DNK:6,SWE:4.5", "yes")),
    min_size=1,
)


@given(st.dates().map(str), STATES, ASKED, st.sampled_from(("", "csam-distribution")))
def test_a_comparison_survives_its_address(day, states, asked, offence):
    made = Comparison(day, tuple(states), asked, offence)
    assert permanent_addresses.comparison(made.address) == made


@given(FACTS)
def test_the_facts_of_a_scenario_survive_its_address(facts):
    assert permanent_addresses.scenario(permanent_addresses.of_scenario(facts)) == facts


@given(FACTS)
def test_the_order_in_which_facts_are_told_makes_no_other_address(facts):
    turned = dict(reversed(facts.items()))
    assert permanent_addresses.of_scenario(facts) == permanent_addresses.of_scenario(turned)


def test_a_build_is_put_into_an_address_and_found_in_it():
    thing = terms.thing("cell", "DNK/law.grooming")
    address = permanent_addresses.in_build(thing, BUILD + "0" * 48)
    assert address == f"{thing}/build/{BUILD}"
    assert permanent_addresses.split(address) == (thing, BUILD)
    assert permanent_addresses.split(thing) == (thing, "")
    assert permanent_addresses.in_build(thing, "") == thing


@pytest.mark.parametrize(
    "local",
    [
        "",
        "2026-11-22",
        "2026-11-22/DNK",
        "20261122/DNK/law.grooming",
        "2026-02-30/DNK/law.grooming",
        "2026-11-22/dnk/law.grooming",
        "2026-11-22/DNK,/law.grooming",
        "2026-11-22/DNK/LAW",
        "2026-11-22/DNK/law.grooming/<b>",
        "2026-11-22/DNK/law.grooming/grooming/more",
    ],
)
def test_what_is_no_comparison_is_refused_with_an_example(local):
    with pytest.raises(UsageError, match="like id/comparison/2026-11-22/DNK,SWE/"):
        permanent_addresses.comparison(terms.thing("comparison", local))


@pytest.mark.parametrize("local", ["", "date", "date=", "date=2026-01-01;", "date=<b>", "Date=1", "a=b=c"])
def test_what_is_no_scenario_is_refused_with_an_example(local):
    with pytest.raises(UsageError, match="like id/scenario/date=2026-01-01;"):
        permanent_addresses.scenario(terms.thing("scenario", local))


def page(local):
    return page_addresses.page_of(terms.prefixes()["id"] + local)


def test_a_comparison_and_a_scenario_lead_to_their_pages():
    assert page("comparison/2026-11-22/DNK,SWE,NOR/law.grooming/grooming") == (
        "compare",
        {
            "state": "DNK",
            "with": "SWE,NOR",
            "criterion": "law.grooming",
            "offence": "grooming",
            "at": "2026-11-22",
        },
    )
    assert page("comparison/2026-11-22/DNK/all") == (
        "compare",
        {"state": "DNK", "theme": "all", "at": "2026-11-22"},
    )
    assert page("scenario/date=2026-01-01;offence=grooming") == (
        "scenario",
        {"date": "2026-01-01", "offence": "grooming"},
    )
    assert page("comparison/nothing") is None


def test_an_address_with_a_build_leads_to_the_page_of_that_build():
    assert page(f"recommendation/II-3/build/{BUILD}") == (
        "recommendations",
        {"recommendation": "II-3", "build": BUILD},
    )
    assert page(f"citation/x/build/{BUILD}") is None
