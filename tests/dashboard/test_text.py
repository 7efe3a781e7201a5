from __future__ import annotations

import pytest

from lanzarote_atlas import terms
from lanzarote_atlas.dashboard import text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a *b* _c_", r"a \*b\* \_c\_"),
        ("[x](javascript:alert(1))", r"\[x\](javascript\:alert(1))"),
        ("<b>", r"\<b\>"),
        ("$x$ :red[y]", r"\$x\$ \:red\[y\]"),
        ("1. first", r"1\. first"),
        ("two\nlines", "two lines"),
    ],
)
def test_data_is_never_read_as_markdown(raw, shown) -> None:
    assert text.plain(raw) == shown


@pytest.mark.parametrize(
    ("iso", "written"),
    [
        ("2018-01-15", "15 January 2018"),
        ("2015-05", "May 2015"),
        ("2014", "2014"),
        ("", ""),
        ("soon", "soon"),
    ],
)
def test_dates_are_written_as_people_write_them(iso, written) -> None:
    assert text.date(iso) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [("268000000", "268\u202f000\u202f000"), ("15", "15"), ("2.5", "2.5"), ("many", "many")],
)
def test_numbers_have_their_thousands_apart(number, written) -> None:
    assert text.number(number) == written


def test_a_title_before_its_colon_stands_for_it() -> None:
    assert text.short("Factsheet Denmark: implementation report") == "Factsheet Denmark"
    assert text.short("Denmark: 1,000 charged") == "Denmark: 1,000 charged"
    assert text.short("word " * 30).endswith("…")


def test_named_addresses_are_read_in_natural_order() -> None:
    column = "§ 10 <https://example.org/10>\n§ 9 <https://example.org/9>\n§ 10 <https://example.org/10>"
    assert [label for label, _ in text.named(column)] == ["§ 9", "§ 10"]


def test_a_thing_leads_to_its_page() -> None:
    assert text.page_of(terms.thing("recommendation", "II-3")) == (
        "recommendations",
        {"recommendation": "II-3"},
    )
    assert text.page_of(terms.thing("provision", "cets-201/art-25/2")) == (
        "provisions",
        {"provision": "cets-201/art-25/2"},
    )
    assert text.page_of("https://example.org/") is None


def test_parameters_of_a_link_are_encoded() -> None:
    assert text.href("provisions", {"provision": "a b&c/1"}) == "provisions?provision=a+b%26c%2F1"
    assert text.hrefs("provisions", {}, "provision")("a b&c/1") == "provisions?provision=a+b%26c%2F1"
    several = text.hrefs("compare", {"theme": "ü & i", "cell": "old"}, "cell")
    assert several("DNK/x") == text.href("compare", {"theme": "ü & i", "cell": "DNK/x"})


def test_a_raised_figure_in_a_label_is_no_number() -> None:
    """Article 177¹ of a code stands between others without a fault."""
    labels = [label for label, _ in text.named("§ 178 <b>\n§ 177¹ <a>\n§ 20 <c>")]
    assert labels == ["§ 20", "§ 177¹", "§ 178"]


@pytest.mark.parametrize(("language", "name"), [("en", "Switzerland"), ("da", "Schweiz"), ("fr", "Suisse")])
def test_states_are_named_in_three_languages(language, name) -> None:
    assert text.state_name("CHE", language) == name


def test_a_code_that_the_cldr_does_not_know_stays() -> None:
    assert text.state_name("QQQ", "da") == "QQQ"


def test_the_danish_alphabet_ends_in_its_own_letters() -> None:
    names = ["Østrig", "Åland", "Ægypten", "Sverige", "Zimbabwe"]
    in_order = sorted(names, key=lambda name: text.alphabetical(name, "da"))
    assert in_order == ["Sverige", "Zimbabwe", "Ægypten", "Østrig", "Åland"]
    assert sorted(["États", "Fidji", "Autriche"], key=lambda name: text.alphabetical(name, "fr")) == [
        "Autriche",
        "États",
        "Fidji",
    ]


@pytest.mark.parametrize(
    ("kind", "local", "target"),
    [
        (
            "assessment",
            "DNK/jurisdiction.residence/x",
            ("jurisdiction", {"state": "DNK", "criterion": "jurisdiction.residence"}),
        ),
        ("assessment", "DNK/law.grooming/x", ("state", {"state": "DNK", "part": "positions"})),
        ("participation", "cets-201/AUS", ("state", {"state": "AUS", "part": "standing"})),
        ("practice", "DNK/iii-training", ("state", {"state": "DNK", "part": "measures"})),
        ("observation", "general/x", None),
        ("event", "umbrella/trial", ("case", {"case": "umbrella"})),
        ("figure", "x", None),
    ],
)
def test_a_fact_leads_to_the_page_on_which_it_stands(kind, local, target) -> None:
    assert text.page_of(terms.thing(kind, local)) == target


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("United Kingdom", "the United Kingdom"),
        ("United States", "the United States"),
        ("Netherlands", "the Netherlands"),
        ("Denmark", "Denmark"),
        ("Bosnia & Herzegovina", "Bosnia & Herzegovina"),
    ],
)
def test_a_state_is_named_within_a_sentence_as_english_does(name, within):
    assert text.within(name) == within
