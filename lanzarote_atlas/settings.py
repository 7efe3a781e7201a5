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
    Setting(
        "LANZAROTE_QUERY_SECONDS", "10", "Longest time that a query may take, in seconds; then it is ended."
    ),
    Setting("LANZAROTE_QUERY_ROWS", "50000", "Most rows that a query may return."),
    Setting("LANZAROTE_QUERY_BYTES", "100000000", "Most bytes that an answer may have."),
    Setting("LANZAROTE_QUERY_CHARACTERS", "50000", "Most characters that a reader's query may have."),
    Setting("LANZAROTE_QUERY_NESTING", "64", "How deep the brackets of a reader's query may be nested."),
    Setting(
        "LANZAROTE_QUERY_MEGABYTES", "2048", "Most memory that one reader's query may use, in megabytes."
    ),
    Setting("LANZAROTE_CONCURRENCY", "4", "How many queries the service answers at the same time."),
    Setting(
        "LANZAROTE_QUEUE", "64", "How many further queries may wait for the service; more are turned away."
    ),
    Setting(
        "LANZAROTE_RATE",
        "500",
        "Queries and documents of kept builds a second that one client may ask for, over ten seconds.",
    ),
    Setting("LANZAROTE_CACHE_MEGABYTES", "64", "Memory in which the service keeps answers, in megabytes."),
    Setting("LANZAROTE_DASHBOARD", "http://127.0.0.1:8501/", "Address of the dashboard; ends with a slash."),
    Setting("LANZAROTE_SERVICE", "", "Public address of the service; empty: the one that a request names."),
    Setting(
        "LANZAROTE_BUILDS_KEPT",
        "5",
        "Builds kept on disk, the current one among them; addresses of older ones answer no more.",
    ),
    Setting(
        "LANZAROTE_DATA",
        "",
        "Folder of the reader's own records, joined by each build; empty: in the user's data folder.",
    ),
    Setting("LANZAROTE_DOCUMENT_MEGABYTES", "50", "Largest document that is taken in, in megabytes."),
    Setting(
        "LANZAROTE_DOCUMENT_SECONDS", "60", "Longest time that reading one document may take, in seconds."
    ),
    Setting(
        "LANZAROTE_REVIEWERS",
        "",
        "Addresses of those who may review once signed in, apart by commas; empty: all who can sign in.",
    ),
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
    query_characters: int
    query_nesting: int
    query_megabytes: int
    concurrency: int
    queue: int
    rate: float
    cache_megabytes: int
    dashboard: str
    service: str
    builds_kept: int
    data: str
    document_megabytes: float
    document_seconds: float
    reviewers: str


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`; raise UsageError where a value is not of its kind."""
    text = {setting.name: environ.get(setting.name, "").strip() or setting.default for setting in SETTINGS}
    return Settings(
        base=_address("LANZAROTE_BASE", text),
        store=text["LANZAROTE_STORE"],
        endpoint=text["LANZAROTE_ENDPOINT"],
        endpoint_user=text["LANZAROTE_ENDPOINT_USER"],
        endpoint_password=text["LANZAROTE_ENDPOINT_PASSWORD"],
        query_seconds=_positive("LANZAROTE_QUERY_SECONDS", text),
        query_rows=_whole("LANZAROTE_QUERY_ROWS", text),
        query_bytes=_whole("LANZAROTE_QUERY_BYTES", text),
        query_characters=_whole("LANZAROTE_QUERY_CHARACTERS", text),
        query_nesting=_whole("LANZAROTE_QUERY_NESTING", text),
        query_megabytes=_whole("LANZAROTE_QUERY_MEGABYTES", text),
        concurrency=_whole("LANZAROTE_CONCURRENCY", text),
        queue=_whole("LANZAROTE_QUEUE", text),
        rate=_positive("LANZAROTE_RATE", text),
        cache_megabytes=_whole("LANZAROTE_CACHE_MEGABYTES", text),
        dashboard=_address("LANZAROTE_DASHBOARD", text),
        service=_address("LANZAROTE_SERVICE", text) if text["LANZAROTE_SERVICE"] else "",
        builds_kept=_whole("LANZAROTE_BUILDS_KEPT", text),
        data=text["LANZAROTE_DATA"],
        document_megabytes=_positive("LANZAROTE_DOCUMENT_MEGABYTES", text),
        document_seconds=_positive("LANZAROTE_DOCUMENT_SECONDS", text),
        reviewers=text["LANZAROTE_REVIEWERS"],
    )


def _address(name: str, text: Mapping[str, str]) -> str:
    if not _BASE.fullmatch(text[name]):
        message = f"{name} is {text[name]!r}: expected an http address that ends with a slash"
        raise UsageError(message)
    return text[name]


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
