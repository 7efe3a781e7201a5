"""A file to numbered lines: text, Markdown, HTML, DOCX or PDF, by what is in it and not by its name.

A document comes from anywhere, so nothing in it is trusted: its size is bounded, a file that changes while it
is read is refused, and the formats that unpack something are read in a process of their own (`unpacking.py`),
which has a limit of memory and time. Nothing is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lanzarote_atlas import resources, settings
from lanzarote_atlas.errors import DocumentError, UsageError
from lanzarote_atlas.ingest import markup

if TYPE_CHECKING:
    from pathlib import Path

_MEGABYTE = 1_000_000
_HEAD = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*$")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PAGE_BREAK = "\f"


class Format(StrEnum):
    """The formats that are read."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


class Role(StrEnum):
    """What the format itself says a line is."""

    BODY = "body"
    HEADING = "heading"
    MARGIN = "margin"
    """A header or footer that the format keeps apart from the text."""


@dataclass(frozen=True)
class Line:
    """One line: its number (from 1), its plain text, its page where the format has pages."""

    number: int
    text: str
    page: int | None = None
    role: Role = Role.BODY


@dataclass(frozen=True)
class Document:
    """A document as lines. In text and Markdown a line's number is that of the file; else its place."""

    name: str
    format: Format
    sha256: str
    lines: tuple[Line, ...]


def read(path: Path) -> Document:
    """Read a file; raise DocumentError saying what is wrong with it and what to do."""
    return read_bytes(content_of(path), path.name)


def read_bytes(content: bytes, name: str) -> Document:
    """Read the content of a file, such as one handed to a page; `name` stands in messages.

    Raises DocumentError as `read` does.
    """
    _refuse_large(len(content), name)
    form = format_of(content, name)
    if form in {Format.TEXT, Format.MARKDOWN}:
        lines = _of_text(_decoded(content, name), form)
    else:
        lines = _unpacked(content, form, name)
    if not any(line.text for line in lines):
        message = f"{name}: no text in it; if it is a scan, run text recognition (OCR) over it first"
        raise DocumentError(message)
    return Document(name, form, hashlib.sha256(content).hexdigest(), tuple(lines))


def content_of(path: Path) -> bytes:
    """Return the bytes of a file as they stood at one moment; raise DocumentError where that fails."""
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                message = f"{path.name}: not a file"
                raise DocumentError(message)
            _refuse_large(before.st_size, path.name)
            content = file.read(before.st_size + 1)
            after = os.fstat(file.fileno())
        standing = path.stat()
    except FileNotFoundError as error:
        message = f"no document {path}"
        raise UsageError(message) from error
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise DocumentError(message) from error
    if not _state(before, len(content)) == _state(after, after.st_size) == _state(standing, standing.st_size):
        message = f"{path.name}: changed while it was read; try again when it is complete"
        raise DocumentError(message)
    return content


def _without_waiting(path: str, flags: int) -> int:
    """Open without waiting for a writer, so that a pipe is refused and does not hang."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _state(found: os.stat_result, size: int) -> tuple[int, int, int]:
    return (found.st_ino, found.st_mtime_ns, size)


def _refuse_large(size: int, name: str) -> None:
    most = settings.current().document_megabytes
    if size > most * _MEGABYTE:
        message = (
            f"{name}: {size / _MEGABYTE:,.0f} MB, at most {most:,.0f} are read; "
            "LANZAROTE_DOCUMENT_MEGABYTES sets the limit"
        )
        raise DocumentError(message)


def format_of(content: bytes, name: str) -> Format:
    """Tell a document's format by its content; raise DocumentError where it is none that is read."""
    if b"%PDF-" in content[:_HEAD]:
        return Format.PDF
    if content.startswith(b"PK"):
        return Format.DOCX
    if content.startswith(_OLE):
        message = f"{name}: an old Word file or one with a password; save it as DOCX without one"
        raise DocumentError(message)
    if _HTML.search(content[:_HEAD]):
        return Format.HTML
    return Format.MARKDOWN if name.lower().endswith((".md", ".markdown")) else Format.TEXT


def _decoded(content: bytes, name: str) -> str:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        message = (
            f"{name}: neither a PDF, DOCX or HTML file nor text in UTF-8 (byte {error.start:,}); "
            "save it in one of these"
        )
        raise DocumentError(message) from error
    if _CONTROL.search(text):
        message = f"{name}: a binary file of a type that is not read; save it as PDF, DOCX, HTML or text"
        raise DocumentError(message)
    return text


def _of_text(text: str, form: Format) -> list[Line]:
    """Split text into lines as editors count them; a form feed begins a page."""
    page = 1 if _PAGE_BREAK in text else None
    lines = []
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        heading = _HEADING.match(raw) if form is Format.MARKDOWN else None
        if page and _PAGE_BREAK in raw:
            page += raw.count(_PAGE_BREAK)
        text = markup.plain(heading[1] if heading else raw)
        lines.append(Line(number, text, page, Role.HEADING if heading else Role.BODY))
    return lines


def _unpacked(content: bytes, form: Format, name: str) -> list[Line]:
    command = [sys.executable, "-P", "-m", "lanzarote_atlas.ingest.unpacking", form.value]
    seconds = settings.current().document_seconds
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell; the document goes in as data
            command, input=content, capture_output=True, timeout=seconds, check=False, env=_environment()
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        message = f"{name}: not read after {seconds:g} seconds; LANZAROTE_DOCUMENT_SECONDS sets the limit"
        raise DocumentError(message) from error
    except ValueError as error:
        message = f"{name}: damaged, or made to exhaust memory; save a fresh copy of it"
        raise DocumentError(message) from error
    if "error" in answer:
        message = f"{name}: {answer['error']}"
        raise DocumentError(message)
    return [
        Line(number, markup.plain(text), page, Role(role))
        for number, (text, page, role) in enumerate(answer["lines"], start=1)
    ]


def _environment() -> dict[str, str]:
    """Return the environment of the reading process: this one's, with this package to be found."""
    paths = [str(resources.PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"}
