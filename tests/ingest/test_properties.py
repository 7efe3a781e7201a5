"""Whatever is done to a document: no crash, and no number comes out that did not go in."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lanzarote_atlas.errors import DocumentError
from lanzarote_atlas.ingest import documents, drafts, reading
from lanzarote_atlas.ingest.atlas import as_list
from lanzarote_atlas.ingest.pieces import AnswerPiece, ObservationPiece, RecommendationPiece, Words
from tests.ingest import copies
from tests.ingest.conftest import DOCUMENTS, FACTSHEET_ID, FORM_ID, SOURCES

FACTSHEET = (DOCUMENTS / "ruritania-factsheet.txt").read_text(encoding="utf-8")
FORM = (DOCUMENTS / "ruritania-form.md").read_text(encoding="utf-8")
REAL_PATHS = [SOURCES / f"{name}.txt" for name in (FACTSHEET_ID, FORM_ID)]
REAL = [path.read_text(encoding="utf-8") for path in REAL_PATHS if path.is_file()]
TEXTS = st.sampled_from([FACTSHEET, FORM, *REAL])
thorough = settings(max_examples=20, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def words(curated):
    return Words("RUR", ("Ruritania", "Denmark"), curated.themes)


def check(text, words, name="a.txt"):
    """Take a text apart; every number that comes out stands in it, and every line is accounted for."""
    try:
        document = reading.read_bytes(text.encode("utf-8", "replace"), name)
        found = documents.recognise(document, words)
    except DocumentError as error:
        told = str(error)
        assert told.startswith(f"{name}: ")
        return None
    told = found.account.of_every_line()
    assert [one.line for one in told] == list(document.lines)
    plain = text.translate(copies.PLAIN)
    squeezed = re.sub(r"\s+|[-–‑−]", "", plain)
    for piece in found.pieces:
        check_numbers(piece, plain, squeezed)
    return found


def check_numbers(piece, plain, squeezed):
    if isinstance(piece, RecommendationPiece):
        assert all(number.replace("-", "") in squeezed for number in piece.numbers)
    if isinstance(piece, RecommendationPiece | ObservationPiece):
        numbers = {*piece.place.paragraphs, *piece.place.footnotes}
        assert numbers <= {int(digits) for digits in re.findall(r"[0-9]+", plain)}
    elif isinstance(piece, AnswerPiece):
        assert piece.question in "abc"


@thorough
@given(text=TEXTS, seed=st.randoms(use_true_random=False))
def test_shuffled_lines(words, text, seed):
    lines = text.splitlines()
    seed.shuffle(lines)
    check("\n".join(lines), words)


@thorough
@given(text=TEXTS, seed=st.randoms(use_true_random=False))
def test_shuffled_paragraphs(words, text, seed):
    paragraphs = text.split("\n\n")
    seed.shuffle(paragraphs)
    check("\n\n".join(paragraphs), words)


@thorough
@given(text=TEXTS, width=st.integers(20, 200))
def test_another_width_changes_nothing(words, text, width):
    before, after = check(text, words), check(copies.rewrapped(text, width), words)
    assert before is not None
    assert after is not None
    if text in REAL and width >= 40:
        assert [numbers_of(piece) for piece in after.pieces] == [numbers_of(piece) for piece in before.pieces]


def numbers_of(piece):
    if isinstance(piece, RecommendationPiece):
        return (piece.numbers, piece.level, piece.addressee, len(piece.parts))
    return type(piece).__name__


@thorough
@given(text=TEXTS, shift=st.integers(1, 700))
def test_other_numbers_come_out_as_they_went_in(words, text, shift):
    """Every Arabic number is raised by the same, so that footnotes stay in sequence and all else is new."""
    changed = re.sub(
        f"[{copies.SUPERSCRIPTS}]+|(?<=-)[0-9]+|(?<=Para. )[0-9]+|(?<=Paras. )[0-9]+",
        lambda found: moved(found[0], shift),
        text,
    )
    before, after = check(text, words), check(changed, words)
    assert before is not None
    assert after is not None
    if text != FORM:
        assert counted(after) == counted(before)


def moved(digits, shift):
    number = str(int(digits.translate(copies.PLAIN)) + (shift if digits[0] not in copies.SUPERSCRIPTS else 0))
    raised = str.maketrans("0123456789", copies.SUPERSCRIPTS)
    return number.translate(raised) if digits[0] in copies.SUPERSCRIPTS else number


def counted(found):
    return [len(piece.numbers) for piece in found.pieces if isinstance(piece, RecommendationPiece)]


@thorough
@given(text=TEXTS, seed=st.randoms(use_true_random=False), share=st.floats(0.001, 0.2))
def test_damaged_characters(words, text, seed, share):
    characters = list(text)
    for _ in range(int(len(characters) * share)):
        place = seed.randrange(len(characters))
        characters[place] = seed.choice(
            ["", " ", "\n", "\x00", "x", "7", "⁷", "*", "[", "^{", "\u202e", "<sup>", characters[place] * 2]
        )
    check("".join(characters), words)


@thorough
@given(text=TEXTS, start=st.floats(0, 1), end=st.floats(0, 1))
def test_pieces_cut_out(words, text, start, end):
    check(text[int(len(text) * min(start, end)) : int(len(text) * max(start, end))], words)


@thorough
@given(text=st.text(max_size=2000), name=st.sampled_from(["a.txt", "a.md"]))
def test_any_text_is_refused_or_taken_apart(words, text, name):
    check(text, words, name)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=400), head=st.sampled_from([b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b""]))
def test_any_bytes_are_refused_or_read(content, head):
    try:
        assert reading.read_bytes(head + content, "a").lines
    except DocumentError as error:
        assert str(error).startswith("a: ")  # noqa: PT017 - as above


@thorough
@given(text=TEXTS, seed=st.randoms(use_true_random=False))
def test_drafts_of_a_shuffled_document_are_well_formed(curated, text, seed):
    """Whatever was recognised, its YAML is read back, and no two drafts share type and id."""
    from lanzarote_atlas.records import yaml_text

    paragraphs = text.split("\n\n")
    seed.shuffle(paragraphs)
    try:
        document = reading.read_bytes("\n\n".join(paragraphs).encode(), "a.txt")
        words = Words("DNK", ("Denmark", "Ruritania"), curated.themes)
        made = documents.drafts_of(document, words, curated)
    except DocumentError:
        return
    read = yaml_text.parse(drafts.as_yaml(made), "drafts.yaml").value
    assert isinstance(read, dict)
    assert len(as_list(read["drafts"])) == len(made.drafts) + 1
    names = [(draft.type, draft.id) for draft in made.drafts]
    assert len(names) == len(set(names))
    assert len({draft.key for draft in made.drafts}) == len(made.drafts)
