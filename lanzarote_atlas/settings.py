"""Every setting of the atlas: its environment variable, default and line of help.

Nothing else reads the environment, so `lanzarote settings` is the whole list.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lanzarote_atlas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_BASE = "https://w3id.org/lanzarote-atlas/"
_BASE = re.compile(r'https?://[^\s/?#<>"{}|\\^`]+(/[^\s?#<>"{}|\\^`]*)?/')


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, default (as text) and what it does."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("LANZAROTE_BASE", DEFAULT_BASE, "Base of every address in the graph; ends with a slash."),
    Setting(
        "LANZAROTE_STORE",
        "",
        "Folder of the build; empty: build/ in a checkout, else the user's data folder.",
    ),
    Setting("LANZAROTE_ENDPOINT", "", "SPARQL 1.1 endpoint to query instead of the embedded store."),
    Setting("LANZAROTE_ENDPOINT_USER", "", "User name for the endpoint, where it asks for one."),
    Setting("LANZAROTE_ENDPOINT_PASSWORD", "", "Password for the endpoint."),
    Setting("LANZAROTE_QUERY_SECONDS", "10", "Longest time that an endpoint may take to answer, in seconds."),
    Setting("LANZAROTE_QUERY_ROWS", "50000", "Most rows that a query may return."),
    Setting("LANZAROTE_QUERY_BYTES", "100000000", "Most bytes that an endpoint's answer may have."),
)


@dataclass(frozen=True)
class Settings:
    """The settings in force, typed. Durations in seconds."""

    base: str
    store: str
    endpoint: str
    endpoint_user: str
    endpoint_password: str
    query_seconds: float
    query_rows: int
    query_bytes: int


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`; raise UsageError where a value is not of its kind."""
    text = {setting.name: environ.get(setting.name, "").strip() or setting.default for setting in SETTINGS}
    base = text["LANZAROTE_BASE"]
    if not _BASE.fullmatch(base):
        message = f"LANZAROTE_BASE is {base!r}: expected an http address that ends with a slash"
        raise UsageError(message)
    return Settings(
        base=base,
        store=text["LANZAROTE_STORE"],
        endpoint=text["LANZAROTE_ENDPOINT"],
        endpoint_user=text["LANZAROTE_ENDPOINT_USER"],
        endpoint_password=text["LANZAROTE_ENDPOINT_PASSWORD"],
        query_seconds=_positive("LANZAROTE_QUERY_SECONDS", text),
        query_rows=_whole("LANZAROTE_QUERY_ROWS", text),
        query_bytes=_whole("LANZAROTE_QUERY_BYTES", text),
    )


def _positive(name: str, text: Mapping[str, str]) -> float:
    try:
        number = float(text[name])
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        message = f"{name} is {text[name]!r}: expected a number above zero"
        raise UsageError(message)
    return number


def _whole(name: str, text: Mapping[str, str]) -> int:
    number = _positive(name, text)
    if not number.is_integer():
        message = f"{name} is {text[name]!r}: expected a whole number above zero"
        raise UsageError(message)
    return int(number)


@cache
def current() -> Settings:
    """Return the settings of this process, read once from its environment."""
    return read(os.environ)
