"""Denmark's 2014 form and the Umbrella case, against the documents they were read in.

A blank on the form is a fact of its own, so the blanks stand here in a table. The case concerns young
people: names of officials, and sentences of the sources, must appear nowhere. The tests that compare with
the sources skip where no copy lies beside the checkout.
"""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

Record: TypeAlias = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
SOURCES = ROOT.parent / "shared" / "sources"
FORM = "004_ad043eb9d46dbd22"

GOALS_BY_TARGET = {"1": ["1.1"], "2": ["2.1", "2.2"], "3": ["3.1", "3.2"], "4": ["4.1", "4.2"]}
LEFT_BLANK = {"2.1/b", "2.1/c", "2.2/a", "2.2/b", "2.2/c", "3.2/a", "3.2/c", "4.2/b", "4.2/c"}

FORM_FIGURES = {
    "child-protection-act": (268_000_000, "DKK"),
    "childrens-houses": (5, "houses"),
    "parents-of-young-children": (7, "years"),
    "educational-days": (5, "houses"),
    "seminars": (3, "seminars"),
    "hotline": (300, "reports"),
    "municipal-campaign": (98, "municipalities"),
}
FORM_DATES = {
    "child-protection-act": ("validFrom", "2013-10-01"),
    "sexual-offences-reform": ("validFrom", "2013-07-01"),
    "online-contact-ban": ("validFrom", "2013-07-01"),
    "parents-of-young-children": ("occurredOn", "2013"),
    "images-in-the-grey-area": ("occurredOn", "2014-03"),
    "hotline": ("validFrom", "2001"),
}
CASE_FIGURES = {
    "charged-first-round": (1004, "people"),
    "charged-second-round": (148, "people"),
    "convicted-235": (334, "people"),
    "ncmec-reports": (13_000_000, "reports"),
    "us-seventh-graders": (25, "per cent"),
    "register-years": (10, "years"),
}
DISTRICTS_TOTAL = {"round-1": 1001, "round-2": 148}
FIRST_BRANCH = "umbrella/9"

SURNAMES_IN_THE_SOURCES = ("Thygesen", "Kjaerside", "Kjærside", "Birkelyng", "Lipinski")
SHARED_WORDS_LIMIT = 12
TEXT_KEYS = ("topic", "title", "summary", "note", "quantity")

ALL_FILES = sorted(DATA.glob("**/*.yaml"))
OWN_FILES = [
    DATA / "organisations.yaml",
    DATA / "measures" / "DNK-2014-form.yaml",
    DATA / "measures" / "DNK-umbrella-reform.yaml",
    *sorted((DATA / "global-alliance").glob("*.yaml")),
    *sorted((DATA / "cases" / "umbrella").glob("*.yaml")),
]


def read_records(*files: Path) -> list[Record]:
    documents = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
    return list(chain.from_iterable(document.get("records", [document]) for document in documents))


def by_id(records: list[Record], kind: str, prefix: str = "") -> dict[str, Record]:
    found = (record for record in records if record["type"] == kind)
    return {record["id"].removeprefix(prefix): record for record in found if record["id"].startswith(prefix)}


OWN = read_records(*OWN_FILES)
GOALS = by_id(OWN, "OperationalGoal")
ANSWERS = by_id(OWN, "FormAnswer", "DNK/2014/")
FORM_MEASURES = by_id(OWN, "Measure", "DNK/2014-form/")
FIGURES = by_id(OWN, "Figure", "umbrella/")
STEPS = sorted(by_id(OWN, "ReferralStep").values(), key=lambda step: step["order"])
CASE = by_id(OWN, "Case")["umbrella"]
ORGANISATIONS = by_id(OWN, "Organisation")


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def texts(value: Any) -> Iterator[str]:
    """Every text of ours in a record, however deep it lies."""
    if isinstance(value, list):
        yield from chain.from_iterable(texts(item) for item in value)
    elif isinstance(value, dict):
        yield from (value[key] for key in TEXT_KEYS if isinstance(value.get(key), str))
        yield from chain.from_iterable(texts(item) for item in value.values())


def word_runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + SHARED_WORDS_LIMIT]) for i in range(len(words) - SHARED_WORDS_LIMIT + 1)}


def organisations_named_in(record: Record) -> Iterator[str]:
    for key in ("organisation", "from", "to", "court", "subOrganizationOf", "memberOf"):
        yield from as_list(record.get(key))


@pytest.fixture(scope="module")
def source_runs() -> set[tuple[str, ...]]:
    files = sorted(SOURCES.glob("*.txt"))
    if not files:
        pytest.skip("no copies of the source documents at ../shared/sources")
    return set(chain.from_iterable(word_runs(file.read_text(encoding="utf-8")) for file in files))


# --- the form ---------------------------------------------------------------------------------------------


def test_form_has_four_targets_and_their_seven_goals() -> None:
    targets = by_id(OWN, "PolicyTarget")
    goals = {
        target: [id_ for id_, goal in GOALS.items() if goal["policyTarget"] == target] for target in targets
    }
    assert goals == GOALS_BY_TARGET


def test_every_goal_has_an_answer_to_each_of_the_three_questions() -> None:
    assert set(ANSWERS) == {f"{goal}/{question}" for goal in GOALS for question in "abc"}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answers_id_is_made_of_its_goal_and_question(answer: str) -> None:
    record = ANSWERS[answer]
    assert answer == f"{record['operationalGoal']}/{record['formQuestion']}"


def test_exactly_the_blanks_of_the_form_are_not_reported() -> None:
    assert {id_ for id_, answer in ANSWERS.items() if answer["value"] == "not-reported"} == LEFT_BLANK


@pytest.mark.parametrize("answer", sorted(LEFT_BLANK))
def test_a_blank_has_a_note_and_no_content(answer: str) -> None:
    record = ANSWERS[answer]
    assert "blank" in record["note"]
    assert not {"summary", "measure", "organisation"} & record.keys()


@pytest.mark.parametrize("answer", sorted(set(ANSWERS) - LEFT_BLANK))
def test_an_answer_given_is_told(answer: str) -> None:
    assert ANSWERS[answer]["value"] == "described"
    assert ANSWERS[answer]["summary"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_cites_its_own_box_of_the_form(answer: str) -> None:
    goal, question = answer.split("/")
    target, place = goal.split(".")
    box = f"Policy Target {target}, goal {place}, {question.upper()}"
    assert ANSWERS[answer]["citation"] == {"source": FORM, "section": box}


def test_every_measure_is_reported_in_an_answer_to_its_goal() -> None:
    reported = {
        (measure.removeprefix("DNK/2014-form/"), answer["operationalGoal"])
        for answer in ANSWERS.values()
        for measure in as_list(answer.get("measure"))
    }
    expected = {
        (id_, goal) for id_, record in FORM_MEASURES.items() for goal in as_list(record["operationalGoal"])
    }
    assert reported == expected


@pytest.mark.parametrize(("measure", "figure"), FORM_FIGURES.items())
def test_form_figure_has_its_unit_and_source(measure: str, figure: tuple[int, str]) -> None:
    record = FORM_MEASURES[measure]
    assert [(item["amount"], item["unit"]) for item in record["figure"]] == [figure]
    assert {citation["source"] for citation in as_list(record["citation"])} == {FORM}


@pytest.mark.parametrize(("measure", "key", "date"), [(id_, *date) for id_, date in FORM_DATES.items()])
def test_form_date_is_kept(measure: str, key: str, date: str) -> None:
    assert str(FORM_MEASURES[measure][key]) == date


# --- the case ---------------------------------------------------------------------------------------------


def test_steps_are_numbered_without_a_gap_and_listed_by_the_case() -> None:
    assert [step["order"] for step in STEPS] == list(range(1, len(STEPS) + 1))
    assert CASE["step"] == [step["id"] for step in STEPS]


@pytest.mark.parametrize(
    ("before", "after"), [pytest.param(*pair, id=pair[1]["id"]) for pair in pairwise(STEPS)]
)
def test_a_step_starts_where_the_last_one_ended_or_says_why_not(before: Record, after: Record) -> None:
    if after["id"] == FIRST_BRANCH:
        assert after["from"] == before["from"]
        assert "branch" in after["note"]
    else:
        assert after["from"] == before["to"]


def test_the_step_over_europol_names_the_disagreement() -> None:
    step = next(step for step in STEPS if step["to"] == "europol")
    assert "Interpol" in step["note"]
    assert "umbrella/channel" in by_id(OWN, "Disagreement")


def test_every_organisation_on_the_route_belongs_to_the_case() -> None:
    on_the_route = set(chain.from_iterable(organisations_named_in(step) for step in STEPS))
    assert on_the_route <= set(CASE["organisation"])


@pytest.mark.parametrize(("figure", "expected"), CASE_FIGURES.items())
def test_case_figure_has_its_unit_and_source(figure: str, expected: tuple[int, str]) -> None:
    record = FIGURES[figure]
    assert (record["amount"], record["unit"]) == expected
    assert record["citation"]


@pytest.mark.parametrize(("round_", "total"), DISTRICTS_TOTAL.items())
def test_districts_add_up(round_: str, total: int) -> None:
    districts = [record for id_, record in FIGURES.items() if id_.startswith(f"{round_}/")]
    assert all(record["place"] for record in districts)
    assert sum(record["amount"] for record in districts) == total


@pytest.mark.parametrize("document", ["000_225d57976cf971ed", "001_8f1053862fdf7682", "003_6dc5f73bdc908770"])
def test_a_citation_of_a_press_document_names_its_paragraph(document: str) -> None:
    citations = chain.from_iterable(as_list(record.get("citation")) for record in OWN)
    ours = [citation for citation in citations if citation["source"] == document]
    assert ours
    assert all(re.match(r"paragraphs? \d", citation["locator"]) for citation in ours)


# --- all data ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ALL_FILES, ids=lambda file: str(file.relative_to(DATA)))
def test_every_organisation_referred_to_exists(file: Path) -> None:
    named = set(chain.from_iterable(organisations_named_in(record) for record in read_records(file)))
    assert named <= ORGANISATIONS.keys()


@pytest.mark.parametrize("file", ALL_FILES, ids=lambda file: str(file.relative_to(DATA)))
def test_no_official_is_named(file: Path) -> None:
    text = file.read_text(encoding="utf-8").casefold()
    assert not [name for name in SURNAMES_IN_THE_SOURCES if name.casefold() in text]


@pytest.mark.parametrize(
    "record", [pytest.param(record, id=f"{record['type']}:{record['id']}") for record in OWN]
)
def test_no_text_repeats_a_source(record: Record, source_runs: set[tuple[str, ...]]) -> None:
    shared = chain.from_iterable(word_runs(text) & source_runs for text in texts(record))
    assert not [" ".join(run) for run in shared]
