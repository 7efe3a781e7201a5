from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from lanzarote_atlas.dashboard import address
from tests.dashboard.conftest import with_a_late_word


def test_a_known_value_is_taken() -> None:
    assert address.checked("level", "require", ["require", "request"]) == ("require", "")


@pytest.mark.parametrize("absent", [None, ""])
def test_no_value_is_no_fault(absent) -> None:
    assert address.checked("level", absent, ["require"]) == (None, "")


def test_a_slip_names_the_nearest_value() -> None:
    value, message = address.checked("level", "requre", ["require", "invite"])
    assert value is None
    assert "did you mean 'require'?" in message


def test_a_stranger_gets_what_is_allowed_and_no_endless_list() -> None:
    _, message = address.checked("provision", "zzz", [f"article-{number}" for number in range(100)])
    assert "article-0, article-1" in message
    assert "article-50" not in message
    assert "…" in message


def test_an_unknown_name_is_told_with_those_that_the_page_takes() -> None:
    messages = address.unknown_names({"level": "require", "colour": "red"}, {"level", "state"})
    assert len(messages) == 1
    assert "colour" in messages[0]
    assert "level, state" in messages[0]


def test_what_the_page_before_left_is_no_slip() -> None:
    now = {"recommendation": "II-3", "grade": "official"}
    assert address._left_over(now, {"recommendation": "II-3"}, {"grade"}) == {"recommendation": "II-3"}


def test_a_box_that_is_gone_takes_no_choice_back() -> None:
    def page() -> None:
        from lanzarote_atlas.dashboard import address

        address.select("Colour", "colour", {"red": "Red", "blue": "Blue", "green": "Green"}, default="red")

    app = AppTest.from_function(page).run()
    app.query_params["colour"] = "blue"
    before = app.run().selectbox[0]._widget_state
    app.query_params["colour"] = "green"
    assert with_a_late_word(app.run(), before).query_params["colour"] == "green"


@pytest.mark.parametrize("absent", [None, ""])
def test_no_date_is_no_fault(absent) -> None:
    assert address.checked_date(absent) == (None, "")


@pytest.mark.parametrize("written", ["2015-03-01", "20150301"])
def test_a_date_is_taken_in_its_standard_form(written) -> None:
    assert address.checked_date(written) == ("2015-03-01", "")


@given(st.text())
def test_what_is_no_date_gets_a_plain_message(written) -> None:
    day, message = address.checked_date(written)
    assert day is not None or not written or "today" in message
