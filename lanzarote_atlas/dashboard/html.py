"""HTML for what Markdown cannot say: tables with headings on two sides, groups of rows, lists in a cell.

Every text goes through one function, which escapes it; only what this module itself made is taken as it is.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Html(str):
    """HTML whose texts are escaped."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str) -> Html:
    """Return an element; a child that is not Html and every attribute is escaped.

    An attribute is named as Python can: `class_`, `aria_label`.
    """
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value, quote=True)}"'
        for name, value in attributes.items()
        if value
    )
    return Html(f"<{tag}{named}>{joined(children)}</{tag}>")


def joined(children: Iterable[str]) -> Html:
    """Return texts and elements one after another; each text is escaped."""
    return Html(
        "".join(child if isinstance(child, Html) else escape(child, quote=True) for child in children)
    )


def hidden(text: str) -> Html:
    """Return a text that is heard and not seen: the word for a sign."""
    return element("span", text, class_="atlas-heard")


def facts(told: Mapping[str, str]) -> Html:
    """Return terms and what is said of each as a list; what is empty is left out."""
    pairs = [element("div", element("dt", term), element("dd", said)) for term, said in told.items() if said]
    return element("dl", *pairs, class_="atlas-facts")


def table(caption: str, head: Iterable[str], body: Iterable[str]) -> Html:
    """Return a table that scrolls within itself where the page is narrow; a keyboard can scroll it too."""
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", element("tr", *head)),
            *body,
        ),
        class_="atlas-table",
        role="region",
        tabindex="0",
        aria_label=caption,
    )
