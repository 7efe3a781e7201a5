"""What the Committee observed of Denmark, against its factsheet: every paragraph cited, in our own words.

A paragraph of the report that no record cites is an observation lost, and one cited under the wrong
footnote sends the reader elsewhere. Where a copy of the factsheet lies beside the checkout it is asked;
elsewhere the tests that need it skip.
"""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

Record: TypeAlias = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
SOURCE_ID = "002_28b99d224c07c2ff"
FACTSHEET = ROOT.parent / "shared" / "sources" / f"{SOURCE_ID}.txt"

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
PLAIN_DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")
SHARED_WORDS_LIMIT = 12
PARAGRAPHS_CITED_BY_THE_FACTSHEET = 58
TEXT_KEYS = ("topic", "title", "summary", "note")

CHAPTERS_WITH_PRACTICES = {
    "iii-investigations-and-prosecution",
    "v-international-cooperation",
    "vii-civil-society",
    "ix-education-for-children",
    "x-higher-education-and-training",
    "xi-research",
}

PARAGRAPH_FOOTNOTE = re.compile(rf"^([{SUPERSCRIPTS}]+)\s+Paras?\.(.*)$", re.MULTILINE)
FOOTNOTE_LINE = re.compile(rf"^[{SUPERSCRIPTS}]+\s.*$", re.MULTILINE)


def read_records(*files: Path) -> list[Record]:
    documents = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
    return list(chain.from_iterable(document["records"] for document in documents))


OBSERVATIONS = read_records(*sorted((DATA / "observations").glob("**/*.yaml")))
PRACTICES = read_records(DATA / "practices" / "DNK.yaml")
ASSESSMENTS = read_records(DATA / "assessments" / "DNK-factsheet.yaml")
RECORDS = OBSERVATIONS + PRACTICES + ASSESSMENTS


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def citations_of_the_factsheet(record: Record) -> Iterator[Record]:
    return (citation for citation in as_list(record.get("citation")) if citation["source"] == SOURCE_ID)


def has_place(citation: Record) -> bool:
    return "section" in citation and bool({"paragraph", "footnote", "locator"} & citation.keys())


def word_runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + SHARED_WORDS_LIMIT]) for i in range(len(words) - SHARED_WORDS_LIMIT + 1)}


def named(records: list[Record]) -> list[Any]:
    return [pytest.param(record, id=f"{record['type']}:{record['id']}") for record in records]


@pytest.fixture(scope="module")
def factsheet() -> str:
    if not FACTSHEET.exists():
        pytest.skip(f"no copy of the factsheet at ../shared/sources/{SOURCE_ID}.txt")
    return FACTSHEET.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def paragraphs_by_footnote(factsheet) -> dict[int, set[int]]:
    """Return the report's paragraphs that each footnote names ("Paras. 98 and 100.", "Para.231.")."""
    return {
        int(number.translate(PLAIN_DIGITS)): {int(digits) for digits in re.findall(r"\d+", rest)}
        for number, rest in PARAGRAPH_FOOTNOTE.findall(factsheet)
    }


@pytest.fixture(scope="module")
def runs_of_the_factsheet(factsheet) -> set[tuple[str, ...]]:
    """Return the source's runs of words, with and without the footnotes that break its sentences."""
    body = FOOTNOTE_LINE.sub("", factsheet)
    return set().union(*(word_runs(re.sub(f"[{SUPERSCRIPTS}]", "", text)) for text in (factsheet, body)))


def test_every_paragraph_that_the_factsheet_cites_is_cited_and_no_other(paragraphs_by_footnote):
    expected = set().union(*paragraphs_by_footnote.values())
    citations = chain.from_iterable(map(citations_of_the_factsheet, RECORDS))
    cited = set(chain.from_iterable(as_list(citation.get("paragraph")) for citation in citations))
    assert len(expected) == PARAGRAPHS_CITED_BY_THE_FACTSHEET
    assert cited == expected


def test_observations_on_denmark_alone_cite_every_paragraph(paragraphs_by_footnote):
    """An assessment repeats what an observation says; it does not stand in for one."""
    on_denmark = [record for record in OBSERVATIONS if record.get("state") == "DNK"]
    citations = chain.from_iterable(map(citations_of_the_factsheet, on_denmark))
    cited = set(chain.from_iterable(as_list(citation.get("paragraph")) for citation in citations))
    assert cited == set().union(*paragraphs_by_footnote.values())


@pytest.mark.parametrize("record", named(RECORDS))
def test_paragraphs_are_those_of_the_footnotes_beside_them(record, paragraphs_by_footnote):
    for citation in citations_of_the_factsheet(record):
        footnotes = as_list(citation.get("footnote"))
        expected = set().union(*(paragraphs_by_footnote.get(footnote, set()) for footnote in footnotes))
        assert set(as_list(citation.get("paragraph"))) == expected


@pytest.mark.parametrize("record", named(OBSERVATIONS))
def test_an_observation_has_a_polarity_and_a_citation_with_its_place(record):
    assert record["polarity"] in {"in-line", "shortcoming", "not-reported", "neutral"}
    assert as_list(record["citation"])
    assert all(has_place(citation) for citation in citations_of_the_factsheet(record))


@pytest.mark.parametrize("record", named(OBSERVATIONS))
def test_an_observation_concerns_a_state_or_an_addressee(record):
    assert ("state" in record) != ("addressee" in record)


@pytest.mark.parametrize("record", named(ASSESSMENTS))
def test_a_conditional_position_states_its_conditions_and_no_other_does(record):
    assert ("condition" in record) == (record["value"] == "conditional")


def test_the_six_chapters_with_a_box_have_practices():
    themes = chain.from_iterable(as_list(practice["theme"]) for practice in PRACTICES)
    assert set(themes) == CHAPTERS_WITH_PRACTICES


@pytest.mark.parametrize("record", named(RECORDS))
def test_no_text_repeats_the_source_at_length(record, runs_of_the_factsheet):
    texts = [record[key] for key in TEXT_KEYS if key in record]
    texts += [condition["note"] for condition in record.get("condition", [])]
    assert not set().union(*map(word_runs, texts)) & runs_of_the_factsheet
