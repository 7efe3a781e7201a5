"""Copies of a text document in the other formats, made for the tests as word processors and printers make them."""

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
    lines = []
    for line in clean(text).splitlines():
        line = f"## {line}" if _CHAPTER.match(line) else re.sub(r"^- ", "* ", line)
        line = re.sub(f"^([{SUPERSCRIPTS}]+)", lambda found: f"[^{found[1].translate(PLAIN)}]:", line)
        lines.append(MARK.sub(lambda found: f"[^{found[0].translate(PLAIN)}]", line))
    return "\n".join(lines).encode()


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
    made.build([Paragraph("".join(_set(said, kind) for said, kind in runs(line)), style) for line in paragraphs(text)])
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
