"""Texts of the data made fit for a page: never read as Markdown, dates and numbers as people write them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from babel import Locale
from babel.core import get_global

from lanzarote_atlas import page_addresses
from lanzarote_atlas.dashboard import address as page_address
from lanzarote_atlas.dashboard.markdown import plain as plain  # noqa: PLC0414 - pages take it from here
from lanzarote_atlas.page_addresses import page_of as page_of  # noqa: PLC0414 - pages take it from here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_NAMED = re.compile(r"^(?P<label>.*) <(?P<address>[^<>]+)>$")
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_SHORT = 70
_WITH_ARTICLE = ("Netherlands", "United ")
_DANISH_END = str.maketrans({"æ": "{", "ø": "|", "å": "}"})
_HEAD = 12
"""Letters that a title before its colon must have to stand alone."""


def sentence(text: str) -> str:
    """Return the text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def within(name: str) -> str:
    """Return the English name of a State as it stands within a sentence: the Netherlands, Denmark."""
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name


def called(numbers: str) -> str:
    """Return what a recommendation is called by the numbers of its text, for a page."""
    return plain(numbers) if numbers and numbers != "no number" else "Without number"


def titled(text: str) -> str:
    """Return "II. legal frameworks" with a capital letter after the numeral."""
    numeral, dot, rest = text.partition(". ")
    return f"{numeral}{dot}{sentence(rest)}" if dot else sentence(text)


def short(text: str, most: int = _SHORT) -> str:
    """Return a title without what follows its colon, or cut at a word so that it fits a line."""
    head, colon, _ = text.partition(": ")
    if colon and _HEAD <= len(head) <= most:
        return head
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,:;(–-") + "…"


def date(iso: str) -> str:
    """Return a date, month or year as it is written in English: 15 January 2018, May 2015, 2014."""
    parts = iso.split("-")
    if not all(part.isdigit() for part in parts) or not 1 <= int(parts[1] if len(parts) > 1 else 1) <= len(
        _MONTHS
    ):
        return iso
    month = [_MONTHS[int(parts[1]) - 1]] if len(parts) > 1 else []
    day = [str(int(parts[2]))] if len(parts) > 2 else []  # noqa: PLR2004 - year, month, day
    return " ".join([*day, *month, parts[0]])


def number(text: str) -> str:
    """Return a number with a space between thousands: 268 000 000."""
    whole, point, rest = text.partition(".")
    if not whole.lstrip("-").isdigit():
        return text
    return f"{int(whole):,}".replace(",", "\u202f") + (point + rest if rest.strip("0") else "")


def number_line(line: str) -> str:
    """Return a line "quantity: amount unit" with the thousands of its amount apart."""
    what, _, how_many = line.rpartition(": ")
    return plain(f"{what}: " + " ".join(number(word) for word in how_many.split(" ")))


def named(lines: str) -> list[tuple[str, str]]:
    """Return label and address of each line "label <address>", in the order of the labels."""
    found = [match for line in lines.splitlines() if (match := _NAMED.match(line))]
    return sorted({(match["label"], match["address"]) for match in found}, key=_natural)


def _natural(pair: tuple[str, str]) -> list[tuple[bool, int, str]]:
    pieces = re.split(r"(\d+)", pair[0])
    return [(piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece) for piece in pieces]


def lines(text: str) -> list[str]:
    """Return the lines of a joined column, in order, without empty ones."""
    return sorted(line for line in text.splitlines() if line)


def href(page: str, parameters: Mapping[str, str]) -> str:
    """Return the address of a page, relative to the dashboard; State, date and names go along."""
    return page_addresses.href(page, page_address.carried() | dict(parameters))


def hrefs(page: str, parameters: Mapping[str, str], name: str) -> Callable[[str], str]:
    """Return what gives the address of a page for each value of the parameter `name`, as `href` does.

    What all the addresses share is written once: a matrix has hundreds of links.
    """
    shared = page_address.carried() | dict(parameters)
    shared.pop(name, None)
    begins = page_addresses.href(page, shared) + ("&" if shared else "?") + quote_plus(name)
    return lambda value: f"{begins}={quote_plus(value)}"


def linked(label: str, address: str) -> str:
    """Return a label as a Markdown link to the page of the thing; the label alone where it has none."""
    target = page_of(address)
    return f"[{plain(label)}]({href(*target)})" if target else plain(label)


def linked_all(column: str, joint: str = "; ") -> str:
    """Return the labels of a column "label <address>" as Markdown links."""
    return joint.join(linked(label, address) for label, address in named(column))


def listed(items: Iterable[str]) -> str:
    """Return items as a Markdown list."""
    return "\n".join(f"- {item}" for item in items)


@cache
def state_name(code: str, language: str) -> str:
    """Return what the Unicode CLDR calls a State in `en`, `da` or `fr`; an unknown code stays."""
    short_codes = get_global("territory_aliases").get(code, [])
    return Locale(language).territories.get(short_codes[0], code) if short_codes else code


def alphabetical(name: str, language: str) -> tuple[str, str]:
    """Return what sorts a name as a reader of the language expects it: æ, ø and å end the Danish alphabet."""
    lower = name.casefold()
    if language == "da":
        lower = lower.translate(_DANISH_END)
    letters = unicodedata.normalize("NFD", lower)
    return "".join(sign for sign in letters if not unicodedata.combining(sign)), name
