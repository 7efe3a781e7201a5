"""Copies of a text document in the other formats, as word processors and printers make them."""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
PLAIN = str.maketrans(SUPERSCRIPTS, "0123456789")
MARK = re.compile(f"[{SUPERSCRIPTS}]+")
_RAISED = re.compile(r"\^\{([\d ]+)\}")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_CHAPTER = re.compile(r"^[IVX]+\. [A-Z][^.]*$")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_RUNNING_HEAD = "Implementation report, factsheets by State"


def clean(text: str) -> str:
    """Return the text without the marks of Markdown other than bold, raised numbers as superscripts."""
    text = _RAISED.sub(lambda found: found[1].translate(str.maketrans("0123456789", SUPERSCRIPTS)), text)
    return re.sub(r"(?<!\*)\*(?!\*)([^*\n]+)\*(?!\*)", r"\1", _LINK.sub(r"\1", text))


def paragraphs(text: str) -> Iterator[str]:
    """Yield the lines that hold something."""
    return (line.strip() for line in clean(text).splitlines() if line.strip())


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the runs of a paragraph: (text, "" or "bold" or "raised")."""
    for place, part in enumerate(_BOLD.split(text)):
        if place % 2:
            yield part, "bold"
            continue
        last = 0
        for mark in MARK.finditer(part):
            yield part[last : mark.start()], ""
            yield mark[0].translate(PLAIN), "raised"
            last = mark.end()
        yield part[last:], ""


def markdown(text: str) -> bytes:
    """A Markdown file: headings with #, bullets with *, footnote marks in their own syntax."""
    return "\n".join(_marked(line) for line in clean(text).splitlines()).encode()


def _marked(line: str) -> str:
    line = f"## {line}" if _CHAPTER.match(line) else re.sub(r"^- ", "* ", line)
    line = re.sub(f"^([{SUPERSCRIPTS}]+)", lambda found: f"[^{found[1].translate(PLAIN)}]:", line)
    return MARK.sub(lambda found: f"[^{found[0].translate(PLAIN)}]", line)


def page(text: str) -> bytes:
    """An HTML page with lists, headings and <sup>."""
    parts = []
    for line in paragraphs(text):
        inner = "".join(_tagged(said, kind) for said, kind in runs(re.sub(r"^[-•] ", "", line)))
        tag = "h2" if _CHAPTER.match(line) else "p"
        parts.append(f"<ul><li>{inner}</li></ul>" if line[:2] in {"- ", "• "} else f"<{tag}>{inner}</{tag}>")
    body = "\n".join(parts)
    return (
        "<!DOCTYPE html><html><head><title>A title</title><style>p {color: red}</style></head>"
        f"<body><script>var hidden = 1;</script><div>{body}</div></body></html>"
    ).encode()


def _tagged(said: str, kind: str) -> str:
    tag = {"bold": "strong", "raised": "sup"}.get(kind)
    return f"<{tag}>{html.escape(said)}</{tag}>" if tag else html.escape(said)


def docx(text: str) -> bytes:
    """A Word document: styles for headings and bullets, bold verbs, raised marks, a running head."""
    import docx as word

    document = word.Document()
    document.sections[0].header.paragraphs[0].text = _RUNNING_HEAD
    for line in paragraphs(text):
        bullet = line[:2] in {"- ", "• "}
        style = "Heading 1" if _CHAPTER.match(line) else "List Bullet" if bullet else None
        paragraph = document.add_paragraph(style=style)
        for said, kind in runs(line[2:] if bullet else line):
            run = paragraph.add_run(said)
            run.bold = True if kind == "bold" else None
            run.font.superscript = True if kind == "raised" else None
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(text: str, *, columns: int = 1, size: float = 10, password: str = "") -> bytes:
    """A PDF as printed: pages with a running head and a number, one column or two, marks raised and small."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    style = ParagraphStyle("body", fontName="Vera", fontSize=size, leading=1.25 * size, spaceAfter=0.9 * size)
    out = io.BytesIO()
    width, height = A4
    wide = (width - 100 - 20 * (columns - 1)) / columns
    frames = [
        Frame(50 + place * (wide + 20), 60, wide, height - 130, leftPadding=0, rightPadding=0)
        for place in range(columns)
    ]
    encryption = StandardEncryption(password, strength=128) if password else None
    made = BaseDocTemplate(out, pagesize=A4, encrypt=encryption)
    made.addPageTemplates(PageTemplate(frames=frames, onPage=_margins))
    made.build(
        [
            Paragraph("".join(_set(said, kind) for said, kind in runs(line)), style)
            for line in paragraphs(text)
        ]
    )
    return out.getvalue()


def _margins(canvas, document) -> None:
    canvas.setFont("Vera", 8)
    canvas.drawString(50, 800, _RUNNING_HEAD)
    canvas.drawRightString(545, 30, str(document.page))


def _set(said: str, kind: str) -> str:
    text = html.escape(said, quote=False)
    return f"<super>{text}</super>" if kind == "raised" else text


def rewrapped(text: str, width: int) -> str:
    """The same text with each paragraph broken at another width."""
    import textwrap

    return "\n".join(
        "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=True)) or ""
        for line in text.splitlines()
    )


def full_pages(count: int) -> bytes:
    """A PDF of pages that are full of print."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for number in range(count):
        for line in range(45):
            canvas.drawString(
                50, 780 - 15 * line, f"{number} {line} " + "a sentence goes on over the line " * 2
            )
        canvas.showPage()
    canvas.save()
    return out.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def docx_with_footnote() -> bytes:
    """A Word document with what the library writes none of: footnotes, a text box, a tracked deletion."""
    body = (
        "<w:p><w:r><w:t>Before the table.</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>In a cell.</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        '<w:p><w:r><w:t>Called here.</w:t></w:r><w:r><w:footnoteReference w:id="5"/></w:r>'
        '<w:del w:id="9"><w:r><w:delText>gone</w:delText></w:r></w:del>'
        '<w:r><w:t xml:space="preserve"> And again.</w:t></w:r><w:r><w:footnoteReference w:id="3"/></w:r>'
        "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    head = f'<w:document xmlns:w="{_WORD}" xmlns:mc="{_COMPATIBILITY}">'
    document = f"{head}<w:body>{body}<w:sectPr/></w:body></w:document>"
    notes = (
        f'<w:footnotes xmlns:w="{_WORD}">'
        '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="3"><w:p><w:r><w:t>Recommendation II-7.</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="5"><w:p><w:r><w:t>Para. 12.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    return docx_with_document(document, notes)


def docx_with_document(document: str, footnotes: str = "") -> bytes:
    """A Word document whose main part, and footnotes, are given as XML."""
    import zipfile

    source = zipfile.ZipFile(io.BytesIO(docx("")))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            content = source.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                content = document
            if footnotes and name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                entry = f'<Relationship Id="rNotes" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                content = content.replace("</Relationships>", entry)
            archive.writestr(name, content.encode("utf-8", "surrogateescape"))
        if footnotes:
            archive.writestr("word/footnotes.xml", footnotes)
    return out.getvalue()


def pdf_of_stream(stream: bytes, filters: str) -> bytes:
    """A PDF of one page whose content is a given packed stream."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        f"<< /Length {len(stream)} /Filter {filters} >>\nstream\n".encode() + stream + b"\nendstream",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(parts) + 1
    start = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + (start + trailer).encode()
