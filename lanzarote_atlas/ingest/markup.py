"""One plain form for a line of any format, so that recognition sees text and nothing else.

Footnote marks become superscript digits, whatever they were (`^{4 5}`, `<sup>4</sup>`, `[^4]`, `^4^`);
emphasis, links and escapes go. What is left is the document's own words, character by character.
"""

from __future__ import annotations

import re

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISE = str.maketrans("0123456789", SUPERSCRIPTS)
_LOWER = str.maketrans(SUPERSCRIPTS, "0123456789")
_LONGEST_MARK = 4

MARKS = re.compile(f"[{SUPERSCRIPTS}]+(?:[ ,]{{0,2}}[{SUPERSCRIPTS}]+)*")
_ONE_MARK = re.compile(f"[{SUPERSCRIPTS}]+")
_RAISED = re.compile(
    r"\^\{(?P<braces>[\d ,]+)\}|<sup[^<>]{0,80}>(?P<tag>[\d ,]+)</sup>"
    r"|\[\^(?P<note>\d+)\]:?|\^(?P<carets>\d+)\^"
)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
_EMPHASIS = re.compile(
    r"(?<![\w*])(\*{1,3})(?=\S)([^*]+?)(?<=\S)\1(?![\w*])|(?<!\w)(__)(?=\S)([^_]+?)(?<=\S)__(?!\w)"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|])")
_UNSEEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff\x00-\x08\x0b\x0e-\x1f]")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_SPACES = re.compile(r"[ \t\u00a0\u2007\u2009\u202f\r\f\v\u2028\u2029\x85]+")


def raised(digits: str) -> str:
    """Return digits as a footnote mark: `4, 5` becomes `⁴ ⁵`."""
    return " ".join(number.translate(_RAISE) for number in re.findall(r"[0-9]+", digits))


def plain(text: str) -> str:
    """Return a line or paragraph in its plain form; applying it twice changes nothing more."""
    text = _UNSEEN.sub("", text.translate(_LIGATURES))
    text = _EMPHASIS.sub(lambda found: found[2] or found[4], _LINK.sub(r"\1", text))
    text = _ESCAPE.sub(r"\1", _RAISED.sub(_as_mark, text))
    return _SPACES.sub(" ", text).strip()


def _as_mark(found: re.Match[str]) -> str:
    mark = raised(next(group for group in found.groups() if group))
    return f"{mark} " if found["note"] and found[0].endswith(":") else mark


def marks(text: str) -> list[int]:
    """Return the footnote numbers that stand in a text, in order: `end.⁴ ⁵` gives 4 and 5."""
    return [int(mark.translate(_LOWER)) for mark in _ONE_MARK.findall(text) if len(mark) <= _LONGEST_MARK]


def without_marks(text: str) -> str:
    """Return a text without its footnote marks, as a quotation gives it."""
    return _SPACES.sub(" ", MARKS.sub("", text)).strip()


def leading_mark(text: str) -> tuple[int, str] | None:
    """Return number and rest of a line that begins with a footnote mark; None where it does not."""
    found = _ONE_MARK.match(text)
    if found is None or len(found[0]) > _LONGEST_MARK:
        return None
    return int(found[0].translate(_LOWER)), text[found.end() :].strip()
