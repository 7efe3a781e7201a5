"""What a reader can correct in a draft, and that what was not touched stays as it was drafted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.ingest import fields
from lanzarote_atlas.ingest.drafts import Draft, corrected
from lanzarote_atlas.ingest.fields import Field, Form
from lanzarote_atlas.ingest.proposals import Proposal

RECORD = {
    "type": "Recommendation",
    "id": "II-43",
    "number": ["II-43", "II-45"],
    "obligationLevel": "invite",
    "addressee": "SWE",
    "namesState": "SWE",
    "theme": "ii-legal-frameworks",
    "monitoringRound": "2",
    "summary": "Drafted.",
    "part": [{"order": 1, "summary": "One."}, {"order": 2, "summary": "Two."}],
    "citation": {"source": "factsheet", "section": "II", "footnote": [3, 4], "page": 7},
}
PROPOSED = (
    Proposal("basis", "cets-201/art-20", "named"),
    Proposal("asksFor", "law.csam-definition", "alike"),
)
DRAFT = Draft("key", dict(RECORD), "words", (1,), proposed=PROPOSED)


def of(key: str) -> Field:
    return next(field for field in fields.of(DRAFT) if field.key == key)


def test_every_value_can_be_corrected_but_what_makes_the_draft_what_it_is():
    keys = {field.key for field in fields.of(DRAFT)}
    assert {"id", "number", "obligationLevel", "addressee", "theme", "summary", "part", "note"} <= keys
    assert {"citation.footnote", "citation.paragraph", "citation.section", "citation.page"} <= keys
    assert not {"type", "quotation", "reviewedBy", "reviewedOn", "basis", "basisKind", "asksFor"} & keys


def test_words_of_a_vocabulary_are_chosen_and_not_typed():
    assert of("obligationLevel").form is Form.CHOICE
    assert of("obligationLevel").options == ("require", "request", "invite")
    assert of("addressee").options == ("SWE", "all-parties", "parties-not-yet-doing-so")
    assert of("theme").form is Form.CHOICES


@pytest.mark.parametrize("field", fields.of(DRAFT), ids=lambda field: field.key)
def test_what_is_shown_and_not_changed_is_no_change(field):
    held = fields.value_of(DRAFT.record, field)
    written = fields.as_value(fields.as_text(held, field), field)
    assert fields.changes(DRAFT, {field.key: written}) == {}


def test_a_change_of_the_citation_leaves_its_other_parts():
    changed = fields.changes(DRAFT, {"citation.footnote": 5, "citation.page": None})
    assert changed == {"citation": {"source": "factsheet", "section": "II", "footnote": 5}}
    assert DRAFT.record["citation"] == RECORD["citation"]


def test_an_emptied_value_is_taken_away():
    assert "namesState" not in corrected(DRAFT, fields.changes(DRAFT, {"namesState": None})).record


def test_a_field_that_the_draft_has_not_is_no_change():
    assert fields.changes(DRAFT, {"type": "Observation", "quotation": "x", "nothing": "y"}) == {}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("number", " II-1 ; II-2,", ["II-1", "II-2"]),
        ("number", "II-1", "II-1"),
        ("citation.paragraph", "12, 13", [12, 13]),
        ("citation.paragraph", "12-13", "12-13"),
        ("citation.paragraph", "", None),
        ("summary", "  a \n b ", "a b"),
        ("part", "One.\n\n Two. ", [{"order": 1, "summary": "One."}, {"order": 2, "summary": "Two."}]),
        ("part", " \n", None),
    ],
)
def test_what_a_reader_writes_becomes_a_value(key, text, value):
    assert fields.as_value(text, of(key)) == value


@given(st.text())
def test_no_text_is_refused_and_none_becomes_a_number_that_it_is_not(text):
    for key in ("summary", "number", "part", "citation.paragraph", "citation.footnote"):
        value = fields.as_value(text, of(key))
        for one in value if isinstance(value, list) else [value]:
            assert not isinstance(one, int) or str(one) in text


def test_no_link_is_made_but_those_that_were_ticked_or_chosen():
    assert fields.chosen(DRAFT, (), {}) == []
    assert fields.chosen(DRAFT, {("basis", "cets-201/art-20")}, {}) == [PROPOSED[0]]
    assert fields.chosen(DRAFT, {("basis", "never-proposed")}, {"summary": ["x"]}) == []
    made = fields.chosen(DRAFT, {("basis", "cets-201/art-20")}, {"basisKind": ["stated"]})
    assert [(one.key, one.value) for one in made] == [("basis", "cets-201/art-20"), ("basisKind", "stated")]
