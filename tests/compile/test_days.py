"""Counting days: the functions that rules call, on every kind of date that the data holds."""

from __future__ import annotations

import datetime as dt

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.compile import days


@pytest.mark.parametrize(
    ("date", "first", "after"),
    [
        ("2023-07-01", "2023-07-01", "2023-07-02"),
        ("2012-02-29", "2012-02-29", "2012-03-01"),
        ("2023-07", "2023-07-01", "2023-08-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2019", "2019-01-01", "2020-01-01"),
    ],
)
def test_a_month_or_year_begins_with_its_first_day_and_ends_with_its_last(date, first, after):
    assert days.first_day(date) == first
    assert days.day_after(date) == after


@given(st.dates(max_value=dt.date(9999, 12, 30)))
def test_between_a_day_and_the_day_after_lies_no_other(day):
    assert days.first_day(day.isoformat()) == day.isoformat()
    assert dt.date.fromisoformat(days.day_after(day.isoformat())) - day == dt.timedelta(days=1)


@pytest.mark.parametrize("text", ["", "soon", "2023-13", "2023-02-30", "9999-12-31x", "07-2023"])
def test_what_is_no_date_is_refused_and_has_no_value_in_a_rule(text):
    with pytest.raises(ValueError, match=r".+"):
        days.first_day(text)
    for function in days.FUNCTIONS.values():
        assert function(ox.Literal(text)) is None


def test_nothing_comes_after_the_last_day_that_can_be_counted():
    assert (
        days.FUNCTIONS[ox.NamedNode("https://w3id.org/lanzarote-atlas/ontology#dayAfter")](ox.Literal("9999"))
        is None
    )
