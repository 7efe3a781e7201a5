"""HTML, DOCX and PDF to lines, in a process of its own: `python -m lanzarote_atlas.ingest.unpacking FORMAT`.

Such files unpack: a few kilobytes may hold gigabytes, and a parser may meet what it was not made for. So the
work is done where a limit of memory holds and a crash harms nobody. The document comes in on standard input;
out goes JSON, either `lines` (text, page, role) or `error`. An empty line stands between paragraphs.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, TypeAlias

from lanzarote_atlas.ingest import markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.etree import _Element

Row: TypeAlias = tuple[str, int | None, str]
"""Text, page, role: "body", "heading" or "margin"."""

_MEMORY = 1_000_000_000
_UNPACKED = 200_000_000
_BLANK: Row = ("", None, "body")
_BULLET = re.compile(r"^\s*(?:[-–—•▪◦·‣■□➢*]|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})[.)])\s")


class UnreadableError(Exception):
    """The document cannot be unpacked; the text says why and what to do."""


def main() -> None:
    """Read a document from standard input, of the format that the first argument names."""
    _limit_memory()
    logging.disable(logging.CRITICAL)
    try:
        answer: dict[str, Any] = {"lines": list(_READERS[sys.argv[1]](sys.stdin.buffer.read()))}
    except UnreadableError as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": "needs more memory than a document should; it is not read"}
    json.dump(answer, sys.stdout)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - there is none on Windows; the limit of time holds there too
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


# --- HTML


_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
_UNSHOWN = frozenset(["head", "noscript", "script", "style", "template"])


def of_html(content: bytes) -> list[Row]:
    """Return the lines of a page: one a paragraph, list item, cell or heading."""
    from lxml import etree, html  # noqa: PLC0415 - each format loads its own library alone

    parser = html.HTMLParser(encoding=_encoding(content), remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(content, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        message = f"not readable as HTML: {error}"
        raise UnreadableError(message) from error
    page = _Page()
    page.walk(root)
    page.end()
    return page.rows


def _encoding(content: bytes) -> str | None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


class _Page:
    """Gathers the text of a page; the end of a block ends the line."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._text = ""
        self._role = "body"

    def walk(self, root: _Element) -> None:
        """Take an element and what follows it, without recursion: a page may nest as deep as it likes."""
        todo: list[tuple[str, Any]] = [("open", root)]
        while todo:
            step, item = todo.pop()
            if step == "open":
                self._open(item, todo)
            elif step == "close":
                self._close(item)
            else:
                self._text += item

    def _open(self, element: _Element, todo: list[tuple[str, Any]]) -> None:
        tag = str(element.tag).lower()
        if element.tail:
            todo.append(("text", element.tail))
        if tag in _UNSHOWN:
            return
        if tag == "sup" and (mark := _mark_of(element)):
            self._text += f" {mark}" if self._text[-1:] in markup.SUPERSCRIPTS and self._text else mark
            return
        todo.append(("close", tag))
        todo += [("open", child) for child in reversed(element)]
        if tag in _BLOCKS:
            self.end()
            self._role = "heading" if re.fullmatch("h[1-6]", tag) else self._role
            self._text = "- " if tag == "li" else ""
        elif tag == "br":
            self._flush()
        if element.text:
            todo.append(("text", element.text))

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end()

    def _flush(self) -> None:
        text = " ".join(self._text.split())
        if text and text != "-":
            self.rows.append((text, None, self._role))
            self._text = ""
        elif not text:
            self._text = ""

    def end(self) -> None:
        """End a paragraph: what was gathered becomes a line, and an empty one follows."""
        before = len(self.rows)
        self._flush()
        if len(self.rows) > before or (self.rows and self.rows[-1] != _BLANK and self._text != "- "):
            self.rows.append(_BLANK)
        self._role = "body"


def _mark_of(element: _Element) -> str:
    """Return the footnote mark that a raised element holds; empty where it holds anything else."""
    said = re.fullmatch(r"[\s\[(]*([\d ,]+)[\s\])]*", "".join(map(str, element.itertext())))
    return markup.raised(said[1]) if said else ""


# --- DOCX


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = {_W + "del", _W + "moveFrom", _W + "txbxContent", _W + "instrText", _MC + "Fallback"}


def of_docx(content: bytes) -> list[Row]:
    """Return the lines of a Word document: body with tables and text boxes, footnotes, then the margins."""
    import docx  # noqa: PLC0415 - as above
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415

    _refuse_bomb(content)
    try:
        document = docx.Document(io.BytesIO(content))
        return list(_word_rows(document))
    except (
        PackageNotFoundError,
        KeyError,
        ValueError,
        AttributeError,
        etree.LxmlError,
        zipfile.BadZipFile,
    ) as error:
        message = "damaged, or a ZIP file that is no DOCX; save it as DOCX again"
        raise UnreadableError(message) from error


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            broken = archive.testzip() if size <= _UNPACKED else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        message = "damaged, encrypted, or a ZIP file that is no DOCX; save it as DOCX again"
        raise UnreadableError(message) from error
    if size > _UNPACKED:
        message = (
            f"unpacks to {size / 1e6:,.0f} MB, at most {_UNPACKED / 1e6:,.0f} are read; it is no document"
        )
        raise UnreadableError(message)
    if broken:
        message = f"damaged ({broken}); save it as DOCX again"
        raise UnreadableError(message)


def _word_rows(document: Any) -> Iterator[Row]:  # noqa: ANN401 - docx hides the class behind a function
    notes = _Notes(document.part)
    styles = {style.style_id: style.name or "" for style in document.styles}
    for paragraph in document.element.body.iter(_W + "p"):
        if not any(parent.tag == _MC + "Fallback" for parent in paragraph.iterancestors()):
            yield from _paragraph_rows(paragraph, styles, notes)
    for number, note in notes.called:
        text = f"{markup.raised(str(number))} " if number else ""
        yield (text + " ".join(_run_text(part, notes) for part in note.iter(_W + "p")).strip(), None, "body")
        yield _BLANK
    seen = set()
    for section in document.sections:
        for margin in (section.header, section.footer):
            for line in (line.strip() for paragraph in margin.paragraphs for line in [paragraph.text]):
                if line and line not in seen:
                    seen.add(line)
                    yield (line, None, "margin")


def _paragraph_rows(paragraph: _Element, styles: dict[str, str], notes: _Notes) -> Iterator[Row]:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = styles.get(str(style.get(_W + "val")) if style is not None else "", "")
    heading = name.startswith(("Heading", "Title"))
    listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None or name.startswith("List")
    text = _run_text(paragraph, notes)
    if listed and not heading and text.strip() and not _BULLET.match(text):
        text = "- " + text.lstrip()
    for line in text.split("\n"):
        yield (line, None, "heading" if heading else "body")
    yield _BLANK


class _Notes:
    """The footnotes and endnotes of a Word document, numbered as Word does: in the order of their calls."""

    def __init__(self, part: Any) -> None:  # noqa: ANN401 - as above
        self._texts = {kind: _notes_of(part, kind) for kind in ("footnote", "endnote")}
        self.called: list[tuple[int, _Element]] = []
        self._count = 0

    def mark(self, kind: str, identifier: str) -> str:
        """Return the mark for a call; an endnote has none, since Word numbers it apart."""
        note = self._texts[kind].get(identifier)
        if note is None:
            return ""
        self._count += kind == "footnote"
        self.called.append((self._count if kind == "footnote" else 0, note))
        return markup.raised(str(self._count)) if kind == "footnote" else ""


def _notes_of(part: Any, kind: str) -> dict[str, _Element]:  # noqa: ANN401 - as above
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above

    found: dict[str, _Element] = {}
    for relation in part.rels.values():
        if relation.reltype.endswith(f"/{kind}s"):
            root = parse_xml(relation.target_part.blob)
            found |= {
                str(note.get(_W + "id")): note
                for note in root.iter(_W + kind)
                if note.get(_W + "type") is None
            }
    return found


def _run_text(paragraph: _Element, notes: _Notes) -> str:
    parts: list[str] = []
    todo = list(reversed(paragraph))
    while todo:
        element = todo.pop()
        if element.tag in _SKIPPED:
            continue
        part = _word_text(element, notes)
        if part is None:
            todo += reversed(element)
        elif part and parts and part[0] in markup.SUPERSCRIPTS and parts[-1][-1:] in markup.SUPERSCRIPTS:
            parts += [" ", part]
        else:
            parts.append(part)
    return "".join(parts)


def _word_text(element: _Element, notes: _Notes) -> str | None:
    """Return the text of one element of a run; None where its children hold it."""
    tag = str(element.tag).removeprefix(_W)
    if tag == "t":
        return _of_run(element)
    if tag in {"footnoteReference", "endnoteReference"}:
        return notes.mark(tag.removesuffix("Reference"), str(element.get(_W + "id")))
    return {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(tag)


def _of_run(text: _Element) -> str:
    run = text.getparent()
    said = text.text or ""
    raised = run is not None and run.find(f"{_W}rPr/{_W}vertAlign[@{_W}val='superscript']") is not None
    return markup.raised(said) if raised and re.fullmatch(r"[\d ,]*\d[\d ,]*", said) else said


# --- PDF


_RAISED_SIZE = 0.95
"""A raised digit is smaller than this share of the line's own letters."""
_RAISED_BY = 0.1
_SAME_LINE = 0.6
_WORD_GAP = 0.2
_PARAGRAPH_GAP = 1.25
_USUAL = 0.04
_UNMAPPED = 0.1


@dataclass(frozen=True)
class _Glyph:
    text: str
    left: float
    right: float
    middle: float
    size: float


def of_pdf(content: bytes) -> list[Row]:
    """Return the lines of a PDF page by page, in the order in which its text was set."""
    from pdfminer import settings  # noqa: PLC0415 - as above
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect  # noqa: PLC0415
    from pdfminer.pdfexceptions import PDFException  # noqa: PLC0415
    from pdfminer.psexceptions import PSException  # noqa: PLC0415

    settings.STRICT = True
    try:
        rows = list(_rows_of_pages(_pages(content)))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        message = "encrypted; save a copy without a password"
        raise UnreadableError(message) from error
    except (
        PDFException,
        PSException,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        AssertionError,
        RecursionError,
    ) as error:
        message = f"a damaged PDF ({type(error).__name__}); fetch it again, or save it anew"
        raise UnreadableError(message) from error
    unmapped = sum(text.count("(cid:") for text, _, _ in rows)
    if unmapped > _UNMAPPED * sum(len(text.split()) for text, _, _ in rows):
        message = "its fonts do not tell their letters; run text recognition (OCR) over it first"
        raise UnreadableError(message)
    return rows


def _pages(content: bytes) -> Iterator[list[_Glyph]]:
    from pdfminer.converter import PDFPageAggregator  # noqa: PLC0415 - as above
    from pdfminer.pdfdocument import PDFDocument  # noqa: PLC0415
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager  # noqa: PLC0415
    from pdfminer.pdfpage import PDFPage  # noqa: PLC0415
    from pdfminer.pdfparser import PDFParser  # noqa: PLC0415

    document = PDFDocument(PDFParser(io.BytesIO(content)), fallback=False)
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.create_pages(document):
        interpreter.process_page(page)
        yield list(_glyphs(device.get_result()))


def _glyphs(container: Iterable[Any]) -> Iterator[_Glyph]:
    from pdfminer.layout import LTChar, LTFigure  # noqa: PLC0415 - as above

    for item in container:
        if isinstance(item, LTChar):
            yield _Glyph(item.get_text(), item.x0, item.x1, (item.y0 + item.y1) / 2, item.size)
        elif isinstance(item, LTFigure):
            yield from _glyphs(item)


def _rows_of_pages(pages: Iterable[list[_Glyph]]) -> Iterator[Row]:
    """Yield the lines of all pages; where the step from line to line is unusually wide, a paragraph ends."""
    pages_of_lines = [list(_set_lines(glyphs)) for glyphs in pages]
    usual = _usual_step(pages_of_lines)
    for page, lines in enumerate(pages_of_lines, start=1):
        previous = None
        for line in lines:
            if previous is not None and not 0 < _step(previous, line) <= _PARAGRAPH_GAP * usual:
                yield ("", page, "body")
            yield (_set_text(line), page, "body")
            previous = line
        yield ("", page, "body")


def _usual_step(pages: list[list[list[_Glyph]]]) -> float:
    """Return the smallest step between two lines that is no exception, in sizes of the document's letters."""
    steps = Counter(round(_step(above, below), 1) for lines in pages for above, below in pairwise(lines))
    down = {step: count for step, count in steps.items() if step > 0}
    least = _USUAL * sum(down.values())
    return min((step for step, count in down.items() if count >= least), default=0.0)


def _step(above: list[_Glyph], below: list[_Glyph]) -> float:
    size = median(glyph.size for glyph in above) or 1.0
    return (median(glyph.middle for glyph in above) - median(glyph.middle for glyph in below)) / size


def _set_lines(glyphs: list[_Glyph]) -> Iterator[list[_Glyph]]:
    """Yield the glyphs of each line: as long as they stand at about one height and run to the right."""
    line: list[_Glyph] = []
    for glyph in glyphs:
        last = line[-1] if line else None
        size = max(glyph.size, last.size) if last else 0.0
        if last and (abs(glyph.middle - last.middle) > _SAME_LINE * size or glyph.left < last.left - size):
            yield line
            line = []
        line.append(glyph)
    if line:
        yield line


def _set_text(line: list[_Glyph]) -> str:
    size = median(glyph.size for glyph in line if glyph.text.strip()) if _has_ink(line) else 0.0
    own = [glyph.middle for glyph in line if glyph.size > _RAISED_SIZE * size and glyph.text.strip()]
    middle = median(own) if own else 0.0
    text, last = "", None
    for glyph in line:
        said = glyph.text
        if said.isdigit() and glyph.size <= _RAISED_SIZE * size and glyph.middle > middle + _RAISED_BY * size:
            said = markup.raised(said)
        if last and glyph.left - last.right > _WORD_GAP * size and not text.endswith(" ") and said.strip():
            text += " "
        text += said
        last = glyph
    return text.strip()


def _has_ink(line: list[_Glyph]) -> bool:
    return any(glyph.text.strip() for glyph in line)


_READERS: dict[str, Callable[[bytes], list[Row]]] = {"html": of_html, "docx": of_docx, "pdf": of_pdf}


if __name__ == "__main__":
    main()
