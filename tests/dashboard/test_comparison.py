from __future__ import annotations

import pytest

from lanzarote_atlas.dashboard.comparison import (
    DIFFERS,
    SAME,
    UNKNOWN,
    Answer,
    Place,
    Row,
    grouped,
    place,
)
from lanzarote_atlas.dashboard.story import in_words

BASE = "https://w3id.org/lanzarote-atlas/id/"


def answer(word: str, *conditions: str, principle: str = "", clear: bool = True) -> Answer:
    return Answer(principle, word, "✓", word, conditions, "official", "", "", clear, "resolved")


def row(**answers: list[Answer]) -> Row:
    return Row("law.grooming", "solicitation of children", dict(answers))


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"DNK": [answer("yes")], "SWE": [answer("yes")]}, SAME),
        ({"DNK": [answer("yes")], "SWE": [answer("no")]}, DIFFERS),
        ({"DNK": [answer("conditional", "presence")], "SWE": [answer("conditional", "residence")]}, DIFFERS),
        ({"DNK": [answer("yes")], "SWE": [answer("", clear=False)]}, UNKNOWN),
        ({"DNK": [answer("yes")]}, UNKNOWN),
        ({"DNK": [answer("yes")], "SWE": [answer("yes", principle="a"), answer("", clear=False)]}, UNKNOWN),
        ({"DNK": [answer("yes", principle="a")], "SWE": [answer("yes", principle="b")]}, DIFFERS),
    ],
)
def test_only_clear_positions_differ_or_are_alike(answers, verdict) -> None:
    assert row(**answers).verdict(["DNK", "SWE"]) == verdict


def test_a_state_that_is_not_compared_makes_no_difference() -> None:
    compared = row(DNK=[answer("yes")], SWE=[answer("yes")], USA=[answer("no")])
    assert compared.verdict(["DNK", "SWE"]) == SAME


def test_rows_that_differ_come_first() -> None:
    alike = row(DNK=[answer("yes")], SWE=[answer("yes")])
    unlike = row(DNK=[answer("yes")], SWE=[answer("no")])
    assert list(grouped([alike, unlike], ["DNK", "SWE"])) == [DIFFERS, SAME]


@pytest.mark.parametrize(
    "address",
    [
        "cell/DNK/law.grooming",
        "cell/DNK/law.grooming/offence/grooming",
        "position/DNK/law.grooming/before/2023-07-01",
    ],
)
def test_a_cell_is_placed_by_its_address(address) -> None:
    assert place(BASE + address) == Place("DNK", "law.grooming")


def test_a_difference_is_told_with_the_conditions_of_each_side() -> None:
    told = in_words(
        {
            "value": "conditional",
            "otherValue": "conditional",
            "conditionsHere": "listed offence; minimum penalty 6 years",
            "conditionsThere": "",
            "conditionsShared": "dual criminality",
        },
        "Denmark",
        "Sweden",
    )
    assert told == (
        "Both: conditional; the conditions differ. "
        "Only Denmark sets: listed offence, minimum penalty 6 years. "
        "Both set: dual criminality."
    )
