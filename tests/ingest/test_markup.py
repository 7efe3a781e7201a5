"""Marks of every form become one form, and the words stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.ingest import markup


@pytest.mark.parametrize(
    "written",
    [
        "end.⁴ ⁵",
        "end.^{4 5}",
        "end.<sup>4</sup> <sup>5</sup>",
        "end.[^4] [^5]",
        "end.^4^ ^5^",
        "**end.**^{4, 5}",
    ],
)
def test_a_mark_in_any_form_is_a_superscript(written):
    assert markup.plain(written) == "end.⁴ ⁵"
    assert markup.marks(markup.plain(written)) == [4, 5]


def test_a_definition_in_markdown_begins_with_its_mark():
    assert markup.leading_mark(markup.plain("[^12]: Para. 43.")) == (12, "Para. 43.")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("the Committee **requires** it", "the Committee requires it"),
        ("of *other* children", "of other children"),
        ("[the opinion](https://example.org/a_(b)) says", "the opinion says"),
        ("soft\u00adhyphen and\u00a0space", "softhyphen and space"),
        ("o\ufb03ce", "office"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (r"1\. not a list", "1. not a list"),
    ],
)
def test_emphasis_links_and_escapes_go_and_the_words_stay(written, plain):
    assert markup.plain(written) == plain


def test_a_superscript_as_long_as_no_footnote_number_is_none():
    assert markup.marks("x⁰¹²³⁴⁵⁶⁷⁸⁹") == []
    assert markup.leading_mark("⁰¹²³⁴⁵⁶⁷⁸⁹ x") is None


@given(st.text())
def test_any_text_is_made_plain_and_no_digit_is_invented(text):
    plain = markup.plain(text)
    assert plain == plain.strip()
    assert all(str(number) in "".join(map(_digit, text)) for number in markup.marks(plain))


def _digit(character):
    place = markup.SUPERSCRIPTS.find(character)
    return str(place) if place >= 0 else character
