"""Text that Markdown shows letter by letter: what data, addresses and documents say is never markup."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\`*_{}\[\]<>#+|$~:^=!&-])")
_LIST = re.compile(r"^(\d+)([.)])", re.MULTILINE)


def plain(text: str) -> str:
    """Return a text such that Markdown shows it letter by letter, on one line."""
    return _LIST.sub(r"\1\\\2", _MARKS.sub(r"\\\1", " ".join(text.split())))
