"""A form of an invented State: blank answers, an answer that looks like a question, a question missing."""

import pytest

from lanzarote_atlas.errors import DocumentError
from lanzarote_atlas.ingest import documents, reading
from lanzarote_atlas.ingest.pieces import AnswerPiece, GoalPiece, TargetPiece, Use
from tests.ingest import copies
from tests.ingest.conftest import DOCUMENTS

TEXT = (DOCUMENTS / "ruritania-form.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=["a.md", "a.html", "a.docx", "a.pdf"])
def found(request, ruritania):
    made = {"a.md": str.encode, "a.html": copies.page, "a.docx": copies.docx, "a.pdf": copies.pdf}[
        request.param
    ]
    text = TEXT if request.param == "a.md" else TEXT.replace("#", "")
    return documents.recognise(reading.read_bytes(made(text), request.param), ruritania)


def test_targets_and_goals_are_numbered_by_their_place(found):
    assert [(one.number, one.text) for one in found.pieces if isinstance(one, TargetPiece)] == [
        *(("1", "Find out more."), ("2", "Tell others."))
    ]
    assert [(one.target, one.place, one.text) for one in found.pieces if isinstance(one, GoalPiece)] == [
        *(("1", 1, "Ask twice."), ("2", 1, "Write letters."))
    ]


def test_an_answer_is_what_stands_between_two_questions_and_a_dash_is_a_blank(found):
    answers = {
        (one.target, one.goal, one.question): one.text for one in found.pieces if isinstance(one, AnswerPiece)
    }
    assert answers == {
        (
            "1",
            1,
            "a",
        ): "Ruritania asked once. A) This line of the answer begins like a question, and is none.",
        ("1", 1, "b"): "",
        ("1", 1, "c"): "1) Ask again. 2) Ask a third time.",
        ("2", 1, "b"): "",
        ("2", 1, "c"): "",
    }


def test_a_question_that_is_not_there_is_no_blank(found):
    assert not [
        one
        for one in found.pieces
        if isinstance(one, AnswerPiece) and (one.target, one.question) == ("2", "a")
    ]


def test_the_year_is_that_of_the_form(found):
    assert found.dated == "2015"


def test_no_line_is_left_over(found):
    assert [one for one in found.account.of_every_line() if one.use is Use.UNPLACED] == []


def test_a_question_worded_otherwise_is_taken_by_its_first_line_and_said_to_be_unsure(ruritania):
    text = TEXT.replace(
        "indicate specific actions that your country will undertake as a follow-up", "tell us what is next"
    )
    found = documents.recognise(reading.read_bytes(text.encode(), "a.md"), ruritania)
    (answer,) = [
        one
        for one in found.pieces
        if isinstance(one, AnswerPiece) and (one.target, one.question) == ("1", "c")
    ]
    assert answer.text == "1) Ask again. 2) Ask a third time."
    assert answer.confidence == "low"


def test_a_form_that_ends_before_its_first_target_is_refused(ruritania):
    title = TEXT[: TEXT.index("## Policy Target No") + len("## Policy Target No")]
    with pytest.raises(DocumentError, match="nothing in it was recognised"):
        documents.recognise(reading.read_bytes(title.encode(), "a.md"), ruritania)
