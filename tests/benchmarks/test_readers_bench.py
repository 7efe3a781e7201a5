"""The bench of readers at the server: it times pages that came whole, and tells of those that did not."""

from __future__ import annotations

import pytest

from benchmarks import readers_bench
from benchmarks.readers_bench import READERS, Waits
from benchmarks.streamlit_server import serving
from lanzarote_atlas.errors import AtlasError

SCRIPT = """
import streamlit as st

def first():
    st.title("First")

def second():
    if "again" not in st.session_state:
        st.session_state["again"] = True
        st.rerun()
    st.title("Second")

def raises():
    st.title("Raises")
    raise KeyError("not there")

def tells():
    st.title("Tells")
    st.error("No build here")

drawn = (first, second, raises, tells)
st.navigation([st.Page(page, url_path=page.__name__) for page in drawn]).run()
"""
FIRST = {"path": "/", "heading": "First"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    script = tmp_path_factory.mktemp("readers") / "pages.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with serving(script, {}) as app:
        yield app.address


def test_each_reader_of_each_page_is_timed_also_where_a_page_begins_anew(served):
    seconds = readers_bench.changes(served, [FIRST, {"path": "/second", "heading": "Second"}], 3)
    assert list(seconds) == ["Second", "First"]
    assert all(len(each) == 3 and min(each) > 0 for each in seconds.values())


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ({"path": "/second", "heading": "Third"}, "page /second .* heading 'Third' did not come"),
        ({"path": "/raises", "heading": "Raises"}, "page /raises .* KeyError"),
        ({"path": "/tells", "heading": "Tells"}, "page /tells .* No build here"),
    ],
)
def test_a_page_that_was_not_drawn_is_an_error_and_no_time(served, page, why):
    with pytest.raises(AtlasError, match=why):
        readers_bench.changes(served, [FIRST, page], 1)


def section(together):
    """Three pages of 0.1 s at the server and 0.5 s in the browser; ten wait `together` on the slowest one."""
    bare = Waits(*({page: [value] for page in "ABC"} for value in (0.1, 1)), dict.fromkeys("ABC", 0.4))
    tens = {"A": [0.5], "B": [0.1, together, 9], "C": [0.6]}
    ours = Waits({page: [0.1] for page in "ABC"}, tens, dict.fromkeys("ABC", 0.5))
    return readers_bench.section(ours, bare, 1.5)


@pytest.mark.parametrize(("together", "held"), [(1.39, True), (1.41, False)])
def test_what_each_of_ten_waits_on_the_slowest_page_is_judged_against_the_bare_page_by_one(together, held):
    *shown, judged = section(together).figures
    assert judged.held is held
    assert judged.what == "slowest change by 10 with a machine each (B)"
    assert judged.value == pytest.approx((0.5 - 0.1 + together) / 0.4)
    assert [figure.limit for figure in shown] == [None] * 6


def test_the_middle_page_and_the_bare_apps_slowest_are_told_beside_it():
    *_, middle, bare, _ = section(1).figures
    assert middle.value == pytest.approx((0.5 - 0.1 + 0.6) / 0.4)
    assert bare.what == "bare app's slowest change by 10 with a machine each (A)"
    assert bare.value == pytest.approx((0.4 - 0.1 + 1) / 0.4)


def test_every_page_has_its_row_and_the_readers_are_as_many_as_it_says():
    made = section(1)
    assert [row[0] for row in made.rows] == ["A", "B", "C"]
    assert {len(row) for row in made.rows} == {len(made.columns)}
    assert str(READERS) in made.columns
