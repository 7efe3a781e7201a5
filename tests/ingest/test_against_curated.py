"""The two real documents against the records that curators made of them by hand, in every format.

Precision: how much of what is drafted a curator has too; recall: how much of a curator's the drafts have.
Both are printed. Compared are facts: numbers, levels, addressees, chapters, sub-items, footnotes, report
paragraphs, practices, targets, goals, answers. Nothing in the package knows them.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from lanzarote_atlas import resources
from lanzarote_atlas.ingest import documents, reading
from lanzarote_atlas.ingest.atlas import as_list
from tests.ingest import copies
from tests.ingest.conftest import FACTSHEET_ID, FORM_ID, real

LEAST = 0.98
LONGEST_SHARED = 8
FORMATS = {
    "a.txt": str.encode,
    "a.md": copies.markdown,
    "a.html": copies.page,
    "a.docx": copies.docx,
    "a.pdf": copies.pdf,
    "two-columns.pdf": lambda text: copies.pdf(text, columns=2),
    "large-print.pdf": lambda text: copies.pdf(text, size=17),
}
every_format = pytest.mark.parametrize("name", FORMATS)
TYPES = {
    FACTSHEET_ID: ("Recommendation", "Observation", "PromisingPractice"),
    FORM_ID: ("PolicyTarget", "OperationalGoal", "FormAnswer"),
}


@cache
def drafted(identifier, name, atlas):
    """The drafts of a real document in a format."""
    document = reading.read_bytes(FORMATS[name](real(identifier)), name)
    return documents.drafts_of(document, atlas.words("DNK"), atlas, source=identifier)


def of_recommendation(record):
    key = tuple(map(str, as_list(record.get("number")))) or (record["theme"],)
    yield from (("number", number) for number in as_list(record.get("number")))
    for fact in ("obligationLevel", "addressee", "namesState", "theme"):
        yield (fact, key, str(record.get(fact)))
    yield ("parts", key, len(as_list(record.get("part"))))
    yield ("footnotes", key, frozenset(as_list(record["citation"].get("footnote"))))


def of_observation(record):
    """Chapter and report paragraph, chapter and footnote: one curator's record may be two of another's."""
    if record.get("state"):
        for citation in as_list(record["citation"]):
            for key in ("paragraph", "footnote"):
                for number in as_list(citation.get(key)):
                    yield (key, record["theme"], number)


def of_practice(record):
    yield ("practice", record["theme"], record["citation"]["locator"])


def of_answer(record):
    yield ("answer", record["id"], record["operationalGoal"], record["formQuestion"], record["value"])


FACTS = {
    "Recommendation": of_recommendation,
    "Observation": of_observation,
    "PromisingPractice": of_practice,
    "FormAnswer": of_answer,
    "PolicyTarget": lambda record: [("target", str(record["number"]))],
    "OperationalGoal": lambda record: [("goal", str(record["number"]), record["policyTarget"])],
}


def facts(records):
    return {fact for record in records if record["type"] in FACTS for fact in FACTS[record["type"]](record)}


def by_curators(identifier, atlas):
    """The curated records that cite a document; practices and observations of Denmark alone."""
    return [
        record.body
        for kind in TYPES[identifier]
        for record in atlas.of_type(kind)
        if any(citation["source"] == identifier for citation in as_list(record.body["citation"]))
        and (kind != "Observation" or record.body.get("state") == "DNK")
    ]


@every_format
@pytest.mark.parametrize("identifier", TYPES)
def test_precision_and_recall_are_at_least_98_per_cent(identifier, name, curated, capsys):
    made = drafted(identifier, name, curated)
    found = facts(draft.record for draft in made.drafts)
    known = facts(by_curators(identifier, curated))
    right = found & known
    precision, recall = len(right) / len(found), len(right) / len(known)
    with capsys.disabled():
        print(  # noqa: T201 - the measure is the result
            f"\n{identifier} as {name}: precision {precision:.4f} ({len(right)}/{len(found)}), "
            f"recall {recall:.4f} ({len(right)}/{len(known)})"
        )
    assert precision >= LEAST, found - known
    assert recall >= LEAST, known - found


@every_format
def test_all_numbers_and_the_text_without_one_have_their_level_and_addressee(name, curated):
    made = [one.record for one in drafted(FACTSHEET_ID, name, curated).drafts if one.type == "Recommendation"]
    known = [record.body for record in curated.of_type("Recommendation")]

    def standing(records):
        return {
            number: (
                record["obligationLevel"],
                record["addressee"],
                record.get("namesState"),
                record["theme"],
            )
            for record in records
            for number in as_list(record.get("number")) or ["none"]
        }

    assert len(standing(made)) == 74 + 1
    assert standing(made) == standing(known)
    assert len(made) == len(known)


@every_format
def test_all_report_paragraphs_and_practice_boxes_are_found(name, curated):
    made = drafted(FACTSHEET_ID, name, curated).drafts
    paragraphs = {
        number
        for draft in made
        if draft.type == "Observation"
        for number in as_list(draft.record["citation"].get("paragraph"))
    }
    assert len(paragraphs) == 58
    assert len({draft.record["theme"] for draft in made if draft.type == "PromisingPractice"}) == 6


@every_format
def test_every_target_goal_and_answer_is_found_and_blanks_are_not_reported(name, curated):
    made = drafted(FORM_ID, name, curated).drafts
    values = {draft.id: draft.record["value"] for draft in made if draft.type == "FormAnswer"}
    assert values == {record.id: record.body["value"] for record in curated.of_type("FormAnswer")}
    assert all(
        bool(draft.quotation) == (draft.record["value"] == "described")
        for draft in made
        if draft.id in values
    )


@every_format
@pytest.mark.parametrize("identifier", TYPES)
def test_the_words_are_the_same_in_every_format(identifier, name, curated):
    wanted = {(one.type, one.id, one.quotation) for one in drafted(identifier, "a.txt", curated).drafts}
    assert {(one.type, one.id, one.quotation) for one in drafted(identifier, name, curated).drafts} == wanted


@every_format
@pytest.mark.parametrize("identifier", TYPES)
def test_every_line_is_accounted_for(identifier, name, curated):
    made = drafted(identifier, name, curated)
    assert [one.line for one in made.lines] == list(made.document.lines)
    assert all(one.what for one in made.lines)
    used = {number for draft in made.drafts for number in draft.lines}
    assert used <= {one.line.number for one in made.lines if one.use == "used"}
    assert all(one.line.text for one in made.unplaced)


def test_no_file_of_the_package_knows_a_document(factsheet, form):
    """No State, number or sentence of the documents stands in the code that takes them apart."""
    folder = resources.PACKAGE / "ingest"
    code = " ".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    assert not re.search(r"Denmark|Danish|DNK|\b[IVX]+-\d", code)
    words = re.findall(r"\w+", code.lower())
    ours = {tuple(words[place : place + LONGEST_SHARED]) for place in range(len(words))}
    for text in (factsheet, form):
        said = re.findall(r"\w+", text.lower())
        theirs = {tuple(said[place : place + LONGEST_SHARED]) for place in range(len(said))}
        assert not ours & theirs
