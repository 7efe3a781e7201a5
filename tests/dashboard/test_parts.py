from __future__ import annotations

import pytest

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import citations, drawing, route

SOURCE = terms.thing("source", "002")
ROW = {
    "thing": "t",
    "source": SOURCE,
    "sourceTitle": "Factsheet Denmark: implementation report",
    "sections": "II",
    "paragraphs": "55, 54, 73",
    "footnotes": "6",
    "pages": "",
    "locator": "",
}


def test_a_citation_says_source_and_place() -> None:
    citation = citations.read(ROW)
    assert citation is not None
    assert citation.line() == (
        r"[Factsheet Denmark](sources?source=002), section II, paras 54–55, 73, footnote 6"
    )


def test_a_locator_stands_as_it_is() -> None:
    assert citations.place({"locator": "paragraphs 3 and 7"}) == "paragraphs 3 and 7"


def test_a_row_without_a_source_has_no_citation() -> None:
    assert citations.read({"source": ""}) is None


def test_rows_of_a_thing_are_put_together() -> None:
    other = ROW | {"sections": "III"}
    found = citations.gather([ROW, other, ROW, ROW | {"thing": "u"}], "thing")
    assert [(cited["thing"], len(cited.citations)) for cited in found] == [("t", 2), ("u", 1)]


def test_a_thing_without_a_source_says_so() -> None:
    assert citations.gather([{"thing": "t", "source": ""}], "thing")[0].line() == "no source of its own"


def step(place, start, end) -> citations.Cited:
    row = {"place": place, "from": start, "fromLabel": start.upper(), "to": end, "toLabel": end.upper()}
    return citations.Cited(row, [])


@pytest.mark.parametrize("colours", [drawing.DARK, drawing.LIGHT])
def test_the_route_is_drawn_with_a_numbered_arrow_a_step(colours) -> None:
    dot = route.drawing([step("1", "a", "b"), step("2", "b", 'c"; evil')], colours)
    assert '"a" -> "b" [label=" 1."];' in dot
    assert r'"b" -> "c\"; evil" [label=" 2."];' in dot


def test_the_route_is_told_for_those_who_do_not_see_it() -> None:
    assert route.told([step("1", "a", "b")]) == "step 1: A to B"
