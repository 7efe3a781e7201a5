"""A factsheet of an invented State, of a layout of its own.

Plain footnotes at the end, letters for bullets, no table of contents, chapters by figures, passive sentences.
What is expected was written with the text.
"""

import pytest

from lanzarote_atlas.ingest import documents, reading
from lanzarote_atlas.ingest.pieces import ObservationPiece, PracticePiece, RecommendationPiece, Use
from tests.ingest import copies
from tests.ingest.conftest import DOCUMENTS

TEXT = (DOCUMENTS / "ruritania-factsheet.txt").read_text(encoding="utf-8")

RECOMMENDATIONS = [
    (("II-41",), "request", "RUR", False, 0),
    (("II-42",), "invite", "RUR", False, 0),
    (("II-43", "II-45"), "invite", "RUR", False, 2),
    ((), "invite", "RUR", False, 0),
    (("II-46",), "invite", "all-parties", False, 0),
    (("II-44",), "request", "parties-not-yet-doing-so", True, 0),
    (("V-51", "V-52"), "require", "RUR", False, 3),
    (("XI-61",), "invite", "RUR", False, 0),
]
OBSERVATIONS = [
    ("II", (1,), (501,), "neutral"),
    ("II", (2,), (502, 503, 505), "shortcoming"),
    ("II", (), (), "neutral"),
    ("V", (7,), (610, 612), "in-line"),
    ("V", (8,), (615,), "in-line"),
    ("V", (), (), "not-reported"),
    ("XI", (11,), (700,), "neutral"),
]


def taken_apart(content, name, words):
    return documents.recognise(reading.read_bytes(content, name), words)


@pytest.fixture(scope="module")
def found(ruritania):
    return taken_apart(TEXT.encode(), "a.txt", ruritania)


def recommendations(found):
    return [
        (piece.numbers, piece.level, piece.addressee, piece.names_state, len(piece.parts))
        for piece in found.pieces
        if isinstance(piece, RecommendationPiece)
    ]


def observations(found):
    return [
        (piece.place.chapter, piece.place.footnotes, piece.place.paragraphs, piece.polarity)
        for piece in found.pieces
        if isinstance(piece, ObservationPiece)
    ]


def test_recommendations_have_numbers_level_addressee_and_parts(found):
    assert recommendations(found) == RECOMMENDATIONS


def test_observations_have_chapter_footnotes_paragraphs_and_a_proposed_polarity(found):
    assert observations(found) == OBSERVATIONS


def test_practices_date_and_round_are_found(found):
    practices = [piece for piece in found.pieces if isinstance(piece, PracticePiece)]
    assert [(piece.box, piece.paragraph, piece.place.chapter) for piece in practices] == [
        (1, 1, "V"),
        (1, 2, "V"),
    ]
    assert (found.dated, found.monitoring_round) == ("2024-03-12", "2")


def test_words_are_those_of_the_document_without_marks(found):
    words = {piece.numbers: piece.text for piece in found.pieces if isinstance(piece, RecommendationPiece)}
    assert words["II-41",] == (
        "The Lanzarote Committee therefore requests Ruritania to write one definition into its code and to "
        "use it in every law."
    )
    assert words["V-51", "V-52"].splitlines()[1:] == [
        "letters are opened;",
        "letters are read; and",
        "letters are answered.",
    ]


def test_only_what_no_record_can_hold_is_left_unplaced(found):
    left = [one.line.text for one in found.account.of_every_line() if one.use is Use.UNPLACED]
    assert left == []


def test_a_range_of_paragraphs_gives_its_ends_and_less_confidence(found):
    (piece,) = [
        one for one in found.pieces if isinstance(one, ObservationPiece) and one.place.footnotes == (7,)
    ]
    assert piece.place.paragraphs == (610, 612)
    assert piece.confidence["paragraph"] == "medium"


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.docx", "a.pdf"])
def test_other_formats_give_the_same(name, ruritania):
    made = {"a.md": copies.markdown, "a.html": copies.page, "a.docx": copies.docx, "a.pdf": copies.pdf}[name]
    whole = "\n\n".join(joined(TEXT))
    found = taken_apart(made(whole), name, ruritania)
    assert recommendations(found) == RECOMMENDATIONS
    assert observations(found) == OBSERVATIONS


def joined(text):
    """The paragraphs of the fixture, each on one line, as a word processor keeps them."""
    import re

    for paragraph in re.split(r"\n\s*\n", text):
        line = ""
        for part in paragraph.splitlines():
            begins = re.match(r"(\(\w+\)|\*|\d+) |\d\. |FACT|Updated|All Parties|Those|This invented", part)
            if line and begins:
                yield line
                line = part
            else:
                line = f"{line} {part}".strip()
        yield line


FRONT = "FACTSHEET – RURITANIA\n\nLanzarote\n\nII. Legal frameworks\n\n"
NOT_YET = "parties-not-yet-doing-so"
LEADS = [
    ("The Committee requests Ruritania to act.", ("request", "RUR")),
    ("The Committee **requests** Ruritania to act.", ("request", "RUR")),
    ("- Therefore, the Committee requires Ruritania to act.", ("require", "RUR")),
    (
        "The Lanzarote Committee also invites all Parties, including Ruritania, to act.",
        ("invite", "all-parties"),
    ),
    ("To improve it, the Committee further invites\nall States Parties to act.", ("invite", "all-parties")),
    ("The Committee re-\nquests Ruritania to act.", ("request", "RUR")),
    ("Ruritania is therefore requested to act.", ("request", "RUR")),
    (
        "The Committee requests those Parties that are not already doing so to act.",
        ("request", "parties-not-yet-doing-so"),
    ),
    ("The Committee requests Strelsau to act.", ("request", None)),
]


@pytest.mark.parametrize(("sentence", "expected"), LEADS)
def test_a_recommendation_is_known_by_its_sentence(sentence, expected, ruritania):
    text = f"{FRONT}Generic recommendations of the Committee on law\n\n{sentence}\n"
    found = taken_apart(text.encode(), "a.txt", ruritania)
    made = [piece for piece in found.pieces if isinstance(piece, RecommendationPiece)]
    assert [(piece.level, piece.addressee) for piece in made] == [expected]
    assert made[0].confidence["addressee"] == ("high" if expected[1] else "low")


NOTES = [
    ("Recommendation II-3.", ("II-3",)),
    ("Recommendations V-4, V-7, V-12, V-15.", ("V-4", "V-7", "V-12", "V-15")),
    ("Recommendation III-17 and III-19.", ("III-17", "III-19")),
    ("Recommendation V–8 , V‑13", ("V-8", "V-13")),
    ("86 See, Recommendation II-9.", ("II-9",)),
    ("Recommendation 14.", ()),
    ("Para. 12.", ()),
]


@pytest.mark.parametrize(("note", "numbers"), NOTES)
def test_numbers_are_copied_from_the_footnote(note, numbers, ruritania):
    text = (
        f"{FRONT}Generic recommendations of the Committee on law\n\n"
        f"The Committee invites Ruritania to act.⁴\n\n⁴ {note}\n"
    )
    found = taken_apart(text.encode(), "a.txt", ruritania)
    assert [piece.numbers for piece in found.pieces if isinstance(piece, RecommendationPiece)] == [numbers]


PARAGRAPHS = [
    ("Para. 43.", (43,)),
    ("Paras. 98 and 100.", (98, 100)),
    ("Para.231.", (231,)),
    ("Paras.231, 232", (231, 232)),
    ("Para. 73", (73,)),
    ("See paragraphs 12 & 14 of the report of 2022.", (12, 14)),
    ("86 See the replies to question 10.", ()),
]


@pytest.mark.parametrize(("note", "paragraphs"), PARAGRAPHS)
def test_report_paragraphs_are_copied_from_the_footnote(note, paragraphs, ruritania):
    text = (
        f"{FRONT}Observations of the Committee on law\n\n"
        f"The Committee observes that Ruritania has a law.⁴\n\n⁴ {note}\n"
    )
    found = taken_apart(text.encode(), "a.txt", ruritania)
    assert [piece.place.paragraphs for piece in found.pieces] == [paragraphs]
