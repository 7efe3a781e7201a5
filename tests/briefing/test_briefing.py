"""The briefing: what a lawyer prints can be read back, and each of its references leads to a source."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import docx
import pypdf
import pytest
from docx.oxml.ns import qn

from lanzarote_atlas import briefing, catalogue, store
from lanzarote_atlas.briefing import Chapter, Item, Mark, Said, Scope, Source, pdf, word
from lanzarote_atlas.errors import UsageError

DAY = "2026-11-22"
REFERENCE = re.compile(r"\[(\d+)(?:, [^\]]*)?\]")
NAMES = "Žilina, Østerbro, José, § 235(2), Ełk, Timișoara, Αθήνα, Київ"


@pytest.fixture(
    scope="module", params=[("DNK", None), (None, "iv-jurisdiction-rules")], ids=["State", "chapter"]
)
def made(request, atlas, built):
    state, theme = request.param
    return briefing.compose(atlas, Scope(state, theme, DAY), built.manifest, DAY)


@pytest.fixture(scope="module")
def paper(made):
    return docx.Document(io.BytesIO(word.written(made)))


@pytest.fixture(scope="module")
def printed(made):
    return pypdf.PdfReader(io.BytesIO(pdf.written(made)))


def all_marks(made: briefing.Briefing) -> list[Mark]:
    items = [item for chapter in made.chapters for item in chapter.items]
    told = [said for item in items for _, group in item.known for said in group]
    told += [said for item in items for said in item.models]
    return [mark for holder in (*items, *told) for mark in holder.marks]


def odd() -> briefing.Briefing:
    """A briefing whose texts hold letters of many alphabets and what a typesetter could take for commands."""
    mark = Mark(1, "para. 3")
    said = Said(f"#panic() {NAMES}", "*not bold* $x$ <b> @ref \\ `raw`", "[§ 1]", (mark,))
    item = Item(
        NAMES, "facts", "= no heading", "basis", ("open",), (mark,), (("Answers", (said,)),), (said,), ""
    )
    source = Source(
        1, "https://example.org/a", '#read("/etc/hosts") title', "publisher", "https://example.org/?q=1&r=[2]"
    )
    facts = (("As at", DAY), ("Build", "ab" * 32), ("Written on", DAY), ("Licence", "https://example.org/l"))
    return briefing.Briefing("Gaps: Åland", facts, (Chapter("II. Odd", (item,), ("one",)),), (source,))


def text_of(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_is_on_a_state_or_a_chapter(atlas, built):
    with pytest.raises(UsageError, match="choose a State"):
        briefing.compose(atlas, Scope(None, None, DAY), built.manifest, DAY)


def test_every_reference_resolves_to_a_source_of_the_atlas(made, atlas):
    numbers = {source.number: source for source in made.sources}
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert {mark.number for mark in all_marks(made)} == set(numbers)
    for source in made.sources:
        local = source.address.partition("id/source/")[2]
        row = store.table(catalogue.run(atlas, "source", source=local)).dicts()[0]
        assert row["title"] == source.title


def test_every_gap_of_the_list_is_told(atlas, built):
    rows = store.table(catalogue.run(atlas, "gaps", state="DNK", asAt=DAY)).dicts()
    made = briefing.compose(atlas, Scope("DNK", None, DAY), built.manifest, DAY)
    items = sum(len(chapter.items) for chapter in made.chapters)
    missing = sum(len(chapter.not_assessed) for chapter in made.chapters)
    assert items == sum(row["kindName"] != "not-assessed" for row in rows)
    assert missing == sum(row["kindName"] == "not-assessed" for row in rows)


def test_choices_narrow_it_and_are_named(atlas, built):
    scope = Scope("DNK", None, DAY, {"level": "vocabulary/obligation-level/require"})
    made = briefing.compose(atlas, scope, built.manifest, DAY)
    assert ("Further choices", "level: require") in made.facts
    assert all("level: require" in item.facts for chapter in made.chapters for item in chapter.items)


def test_before_the_report_nothing_was_recommended(atlas, built):
    made = briefing.compose(atlas, Scope("DNK", None, "2015-01-01"), built.manifest, DAY)
    assert not any("recommendation" in item.facts for chapter in made.chapters for item in chapter.items)


def test_the_docx_has_headings_facts_and_references_that_lead_to_a_bookmark(made, paper):
    headings = [paragraph.text for paragraph in paper.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [*(chapter.title for chapter in made.chapters), "Sources"]
    assert [tuple(cell.text for cell in row.cells) for row in paper.tables[0].rows] == list(made.facts)
    body = paper.element.body
    marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    links = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    assert len(links) == len(all_marks(made))
    assert set(links) == marks
    assert paper.core_properties.title == made.title


def test_the_pdf_is_tagged_and_has_bookmarks_and_every_reference(made, printed):
    assert printed.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert printed.trailer["/Root"]["/Lang"].startswith("en")
    titles = [entry.title for entry in printed.outline if not isinstance(entry, list)]
    assert titles == [*(chapter.title for chapter in made.chapters), "Sources"]
    text = text_of(printed)
    assert {int(number) for number in REFERENCE.findall(text)} == {source.number for source in made.sources}
    for _, fact in made.facts:
        assert fact.replace(" ", "") in text.replace(" ", "")


def test_letters_of_many_alphabets_are_printed_and_nothing_is_read_as_a_command():
    made = odd()
    text = text_of(pypdf.PdfReader(io.BytesIO(pdf.written(made))))
    paper = docx.Document(io.BytesIO(word.written(made)))
    for part in (
        NAMES,
        "#panic()",
        "*not bold* $x$ <b> @ref \\ `raw`",
        "= no heading",
        '#read("/etc/hosts") title',
    ):
        assert part in text
        assert any(part in paragraph.text for paragraph in paper.paragraphs)


def test_every_typeface_comes_with_the_file():
    reader = pypdf.PdfReader(io.BytesIO(pdf.written(odd())))
    faces = [face.get_object() for page in reader.pages for face in page["/Resources"]["/Font"].values()]
    assert faces
    for face in faces:
        described = face["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(described)


def test_the_same_briefing_makes_the_same_pdf():
    assert pdf.written(odd()) == pdf.written(odd())


def test_no_gap_makes_a_briefing_that_says_so():
    made = replace(odd(), chapters=(), sources=())
    assert "No gap matches" in text_of(pypdf.PdfReader(io.BytesIO(pdf.written(made))))
