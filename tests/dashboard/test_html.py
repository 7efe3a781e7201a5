from __future__ import annotations

import pytest

from lanzarote_atlas.dashboard.html import element, hidden, joined, table

HOSTILE = "<img src=x onerror=\"alert('1')\">&amp;</td></table>"


@pytest.mark.parametrize(
    "made",
    [
        element("td", HOSTILE),
        joined((HOSTILE, element("b", "x"))),
        hidden(HOSTILE),
        table(HOSTILE, [element("th", HOSTILE)], [element("tbody", HOSTILE)]),
        element("a", "x", href=HOSTILE, title=HOSTILE),
    ],
)
def test_no_text_of_the_data_becomes_markup(made) -> None:
    assert "<img" not in made
    assert "</td></table>" not in made
    assert "onerror=&quot;" in made


def test_an_element_within_an_element_is_not_escaped_again() -> None:
    assert element("td", element("b", "a & b"), " < c") == "<td><b>a &amp; b</b> &lt; c</td>"


def test_an_attribute_without_a_value_is_left_out() -> None:
    assert element("td", "x", class_="", aria_label="y") == '<td aria-label="y">x</td>'


def test_a_wide_table_can_be_scrolled_with_the_keyboard() -> None:
    made = table("Title", [], [])
    assert 'tabindex="0"' in made
    assert 'aria-label="Title"' in made
