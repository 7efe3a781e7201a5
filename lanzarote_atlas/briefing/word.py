"""A briefing as DOCX, with headings, a numbered list of sources and references that lead to it."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from lanzarote_atlas.briefing import notes

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.text.paragraph import Paragraph

    from lanzarote_atlas.briefing import Briefing, Chapter, Item, Mark, Said, Source

_FONT, _SIZE = "Cambria", 10.5
_MARGIN = 2.2


def written(briefing: Briefing) -> bytes:
    """Return the briefing as the bytes of a DOCX file."""
    paper = Document()
    _prepare(paper, briefing)
    paper.add_heading(briefing.title, 0)
    facts = paper.add_table(rows=0, cols=2)
    for label, text in briefing.facts:
        cells = facts.add_row().cells
        cells[0].paragraphs[0].add_run(label).bold = True
        cells[1].text = text
    for text in notes(briefing):
        paper.add_paragraph(text)
    for chapter in briefing.chapters:
        _chapter(paper, chapter)
    _sources(paper, briefing.sources)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _prepare(paper: Paper, briefing: Briefing) -> None:
    facts = dict(briefing.facts)
    core = paper.core_properties
    core.title, core.author, core.language = briefing.title, "Lanzarote Atlas contributors", "en-GB"
    core.comments = f"Build {facts.get('Build', '')}; {facts['Licence']}"
    core.created = core.modified = dt.datetime.fromisoformat(facts["Written on"])
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_SIZE)
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(_MARGIN)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{briefing.title} · as at {facts['As at']} · build {facts.get('Build', '')[:12]} · page ")
    _field(foot, "PAGE")


def _chapter(paper: Paper, chapter: Chapter) -> None:
    paper.add_heading(chapter.title, 1)
    for item in chapter.items:
        _item(paper, item)
    if chapter.not_assessed:
        paper.add_heading("Not assessed", 2)
        paper.add_paragraph("No source here looked: " + "; ".join(chapter.not_assessed) + ".")


def _item(paper: Paper, item: Item) -> None:
    paper.add_heading(item.label, 2)
    paper.add_paragraph().add_run(item.facts).italic = True
    _marked(paper.add_paragraph(item.asked), item.marks)
    _told(paper, "Basis", item.basis)
    for line in item.standing:
        _told(paper, "Status", line)
    for title, said in item.known:
        _listed(paper, title, said)
    _listed(paper, "Who already does it", item.models)
    if item.further:
        paper.add_paragraph(item.further, style="List Bullet")


def _told(paper: Paper, label: str, text: str) -> None:
    paragraph = paper.add_paragraph()
    paragraph.add_run(f"{label}: ").bold = True
    paragraph.add_run(text)


def _listed(paper: Paper, title: str, said: tuple[Said, ...]) -> None:
    if not said:
        return
    paragraph = paper.add_paragraph()
    paragraph.add_run(title).bold = True
    paragraph.paragraph_format.keep_with_next = True
    for statement in said:
        line = paper.add_paragraph(style="List Bullet")
        if statement.head:
            line.add_run(f"{statement.head}. ").bold = True
        line.add_run(statement.text)
        if statement.provisions:
            line.add_run(f" ({statement.provisions})")
        _marked(line, statement.marks)


def _marked(paragraph: Paragraph, marks: tuple[Mark, ...]) -> None:
    """Write references in square brackets, each leading to its line in the list of sources."""
    for mark in marks:
        paragraph.add_run(" ")
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), _anchor(mark.number))
        run = paragraph.add_run(f"[{mark.text()}]")
        link.append(run._r)  # noqa: SLF001 - the library gives no other way to a link within a document
        paragraph._p.append(link)  # noqa: SLF001 - as above


def _sources(paper: Paper, sources: tuple[Source, ...]) -> None:
    paper.add_heading("Sources", 1)
    for source in sources:
        line = paper.add_paragraph()
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(1), Cm(-1)
        _bookmark(line, source.number)
        line.add_run(f"[{source.number}] ").bold = True
        line.add_run(f"{source.title}. {source.details}.")
        for address in filter(None, (source.url, source.address)):
            line.add_run().add_break()
            line.add_run(address)


def _bookmark(paragraph: Paragraph, number: int) -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), _anchor(number))
        paragraph._p.append(mark)  # noqa: SLF001 - as above


def _anchor(number: int) -> str:
    return f"source_{number}"


def _field(paragraph: Paragraph, code: str) -> None:
    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)  # noqa: SLF001 - as above
