"""The recommendations against the Committee's factsheet: every number, its text, its level, its addressee.

A number attached to the wrong text, or a "request" filed as an "invite", reads as well as the right one:
only the source tells them apart. Where a copy of the factsheet lies beside the checkout it is asked;
elsewhere the tables below stand in for it, counted by hand in the source.
"""

import re
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RECOMMENDATIONS = ROOT / "data" / "recommendations"
SOURCE_ID = "002_28b99d224c07c2ff"
FACTSHEET = ROOT.parent / "shared" / "sources" / f"{SOURCE_ID}.txt"

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
PLAIN_DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")
SHARED_WORDS_LIMIT = 12

# Level, addressee, and the State that a text to all Parties names.
Standing: TypeAlias = tuple[str, str, str | None]

# Texts, not numbers: (level, addressee, State named) -> how many, counted in the factsheet.
TEXTS_BY_LEVEL_AND_ADDRESSEE = {
    ("require", "DNK", None): 6,  # II-5, IV-5, V-18, IX-3, X-4, X-5
    ("request", "DNK", None): 6,  # II-6, II-9, III-16, III-28, IV-1 and the one without a number
    ("invite", "DNK", None): 9,  # II-3, III-8, III-9, III-10, III-17, III-20, IX-2, IX-8, XI-4
    ("require", "all-parties", None): 1,  # III-30
    ("request", "all-parties", None): 1,  # V-3
    ("invite", "all-parties", None): 3,  # IX-4, IX-5, IX-6
    ("invite", "all-parties", "DNK"): 36,  # II 6, III 4, V 8, VI 1, VII 3, VIII 9, X 2, XI 3
    ("request", "parties-not-yet-doing-so", None): 1,  # III-3
    ("request", "parties-not-yet-doing-so", "DNK"): 1,  # IV-9
}

TEXTS_BY_CHAPTER = {
    "II": 10,
    "III": 13,
    "IV": 3,
    "V": 10,
    "VI": 1,
    "VII": 3,
    "VIII": 9,
    "IX": 6,
    "X": 5,
    "XI": 4,
}

TEXTS_WITH_SEVERAL_NUMBERS = {
    ("III-3", "III-7"),
    ("III-16", "III-18"),
    ("III-17", "III-19"),
    ("V-4", "V-7", "V-12", "V-15"),
    ("V-6", "V-11"),
    ("V-8", "V-13"),
    ("V-14", "V-16"),
    ("VII-6", "VII-7"),
    ("X-5", "X-6"),
}

# Footnotes that explain a recommendation's text and give no number.
EXPLANATORY_FOOTNOTES = {5, 46, 95}


def read_records() -> list[dict[str, Any]]:
    files = sorted(RECOMMENDATIONS.glob("*.yaml"))
    documents = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return list(chain.from_iterable(document["records"] for document in documents))


def numbers_of(record: dict[str, Any]) -> tuple[str, ...]:
    number = record.get("number", [])
    return (number,) if isinstance(number, str) else tuple(number)


def recorded_standing(record: dict[str, Any]) -> Standing:
    return record["obligationLevel"], record["addressee"], record.get("namesState")


def number_footnotes_of(record: dict[str, Any]) -> list[int]:
    footnotes = record["citation"].get("footnote", [])
    return [footnote for footnote in footnotes if footnote not in EXPLANATORY_FOOTNOTES]


def raise_digits(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", SUPERSCRIPTS))


def words_of(text: str) -> list[str]:
    unmarked = re.sub(f"[{SUPERSCRIPTS}]+", " ", text.lower().replace("’", "'"))
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", unmarked)


def runs_of(words: list[str]) -> set[tuple[str, ...]]:
    return {
        tuple(words[start : start + SHARED_WORDS_LIMIT])
        for start in range(len(words) - SHARED_WORDS_LIMIT + 1)
    }


def prose_of(record: dict[str, Any]) -> list[str]:
    parts = [part["summary"] for part in record.get("part", [])]
    return [record["summary"], *parts, *([record["note"]] if "note" in record else [])]


def numbers_by_footnote(factsheet: str) -> dict[int, tuple[str, ...]]:
    """Read the footnotes that open with "Recommendation(s)", however the numbers are joined."""
    lines = re.findall(rf"^([{SUPERSCRIPTS}]+) Recommendations? (.+)$", factsheet, re.MULTILINE)
    return {int(mark.translate(PLAIN_DIGITS)): tuple(re.findall(r"[IVX]+-\d+", text)) for mark, text in lines}


def introduction_of(factsheet: str, footnote: int) -> str:
    """Return what stands before a footnote's mark, from the last level printed in bold."""
    mark = re.compile(rf"(?<![{SUPERSCRIPTS}]){raise_digits(footnote)}(?![{SUPERSCRIPTS}])")
    first = mark.search(factsheet)
    assert first, f"the factsheet has no footnote {footnote}"
    *_, level = re.finditer(r"\*\*(require|request|invite)s\*\*", factsheet[: first.start()])
    return " ".join(factsheet[level.start() : first.start()].split())


def standing_of(introduction: str) -> Standing:
    """Read level, addressee and State named off the words after the verb, up to the recommendation itself."""
    found = re.match(
        r"\*\*(?P<level>\w+)s\*\* "
        r"(?P<addressee>all Parties|(?:those )?Parties that are not already doing so|Denmark)"
        r"(?P<named>, including Denmark)?",
        introduction,
    )
    assert found, f"no known addressee in: {introduction[:80]}"
    addressee = {"Denmark": "DNK", "all Parties": "all-parties"}.get(
        found["addressee"], "parties-not-yet-doing-so"
    )
    return found["level"], addressee, "DNK" if found["named"] else None


RECORDS = read_records()


@pytest.fixture(scope="module")
def factsheet() -> str:
    if not FACTSHEET.is_file():
        pytest.skip(f"no copy of the factsheet at ../shared/sources/{FACTSHEET.name}")
    # Two marks side by side are printed "^{4 5}"; every other mark is a superscript.
    return FACTSHEET.read_text(encoding="utf-8").replace("^{4 5}", "⁴ ⁵")


def test_every_level_and_addressee_has_as_many_texts_as_the_factsheet():
    assert Counter(map(recorded_standing, RECORDS)) == TEXTS_BY_LEVEL_AND_ADDRESSEE


def test_every_chapter_has_as_many_texts_as_the_factsheet():
    assert Counter(record["citation"]["section"] for record in RECORDS) == TEXTS_BY_CHAPTER


def test_seventy_four_numbers_each_stand_at_one_text():
    numbers = Counter(chain.from_iterable(map(numbers_of, RECORDS)))

    assert len(numbers) == 74
    assert set(numbers.values()) == {1}


def test_nine_texts_have_several_numbers():
    assert {numbers_of(r) for r in RECORDS if len(numbers_of(r)) > 1} == TEXTS_WITH_SEVERAL_NUMBERS


def test_one_text_has_no_number_and_no_footnote():
    unnumbered = [record for record in RECORDS if not numbers_of(record)]

    assert [record["id"] for record in unnumbered] == ["X-unnumbered"]
    assert "footnote" not in unnumbered[0]["citation"]
    assert unnumbered[0]["citation"]["locator"]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_a_record_is_named_by_its_first_number_and_its_chapter(record):
    chapter = record["id"].split("-")[0]

    assert record["id"] == next(iter(numbers_of(record)), "X-unnumbered")
    assert record["citation"]["source"] == SOURCE_ID
    assert record["citation"]["section"] == chapter
    assert record["theme"].startswith(f"{chapter.lower()}-")
    assert record["monitoringRound"] == "2"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_a_record_asks_for_a_criterion_of_its_own(record):
    """A criterion met must say which recommendation it answers."""
    others = chain.from_iterable(other["asksFor"] for other in RECORDS if other is not record)

    assert record["asksFor"]
    assert not set(record["asksFor"]) & set(others)


def test_numbers_stand_at_the_footnotes_that_give_them(factsheet):
    """Each footnote's numbers are those of the one text that cites it: none is missing, none is invented."""
    recorded = {footnote: numbers_of(r) for r in RECORDS for footnote in number_footnotes_of(r)}

    assert recorded == numbers_by_footnote(factsheet)
    assert len(set(chain.from_iterable(recorded.values()))) == 74


@pytest.mark.parametrize("record", [r for r in RECORDS if numbers_of(r)], ids=lambda record: record["id"])
def test_level_and_addressee_are_those_that_introduce_the_text(record, factsheet):
    (footnote,) = number_footnotes_of(record)

    assert recorded_standing(record) == standing_of(introduction_of(factsheet, footnote))


def test_the_text_without_a_number_bears_no_mark_in_the_factsheet(factsheet):
    start = factsheet.index("The Committee also **requests** Denmark")
    text, _, _ = factsheet[start:].partition("\n\n")

    assert "adequate knowledge" in text
    assert not re.search(f"[{SUPERSCRIPTS}]", text)


def test_no_wording_is_the_factsheets(factsheet):
    """Sentences are ours: no summary, part or note shares a run of twelve words with the source."""
    source = runs_of(words_of(factsheet))
    shared = {
        (record["id"], " ".join(run))
        for record in RECORDS
        for text in prose_of(record)
        for run in runs_of(words_of(text)) & source
    }

    assert not shared
