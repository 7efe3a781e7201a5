"""The editor knows the words that the guard knows, and sets no text of a reader's as markup."""

from __future__ import annotations

import re
from pathlib import Path

from lanzarote_atlas.dashboard import editor
from lanzarote_atlas.store import guard

FILES = Path(editor.__file__).parent
GRAMMAR = Path(guard.__file__).with_name("sparql.lark")


def words_of_the_guard() -> set[str]:
    """Return every word that a terminal of the grammar spells out."""
    terminals = re.findall(r"^[A-Z_]+\.2: /(.+?)\\b/i$", GRAMMAR.read_text(encoding="utf-8"), re.MULTILINE)
    return {word.upper() for terminal in terminals for word in re.findall(r"[A-Za-z_0-9]+", terminal)}


def words_of_the_editor() -> set[str]:
    text = (FILES / "tokens.js").read_text(encoding="utf-8")
    lists = re.findall(r"^const (?:FORMS|FUNCTIONS) = `([^`]+)`", text, re.MULTILINE)
    return {word for words in lists for word in words.split()} | {"TRUE", "FALSE"}


def test_the_editor_colours_the_words_that_the_guard_lets_through() -> None:
    assert len(words_of_the_guard()) > 80
    assert words_of_the_editor() == words_of_the_guard()


def test_the_script_writes_text_nodes_alone_and_asks_no_address() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in FILES.glob("*.js"))
    assert "textContent" in scripts
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "fetch(",
        "XMLHttpRequest",
        "import(",
    ):
        assert way not in scripts
