"""The catalogue of named queries: files in queries/, their headers, and how they are run.

A query file opens with a YAML header in `#+` lines: title, question, params, columns, example. Command line,
dashboard and tests all read it here, so that a view and its query are one. Parameters are written `$name` in
the query and are put in place as RDF terms; one that is not given stays a variable.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lanzarote_atlas import resources, terms
from lanzarote_atlas.errors import AtlasError, UsageError, did_you_mean
from lanzarote_atlas.records import yaml_text
from lanzarote_atlas.store import Answer, Store, sparql_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDERS = ("answers", "views")
_MARK = "#+"
_PLAIN_TYPES = ("iri", "date", "integer", "text")
_AREAS = ("id", "vocabulary")
TODAY = "today"
"""A date by this word is that of the day on which the query is asked."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a named query.

    `type` is `id/KIND` (a thing by its id), `vocabulary/SCHEME` (a concept by its name), `iri` (an address),
    `date` (`today` is that of the day of asking), `integer` or `text`; `default` is None where the parameter
    may be left out or must be given.
    """

    name: str
    type: str
    help: str
    default: str | None
    required: bool

    def term(self, value: str) -> ox.NamedNode | ox.Literal:
        """Return the RDF term for a reader's text; raise UsageError where it is not of the type."""
        if self.type == "iri" or self.type.startswith(("id/", "vocabulary/")):
            return _named_node(self, value)
        if self.type == "integer":
            return ox.Literal(str(_integer(self, value)), datatype=ox.NamedNode(terms.XSD + "integer"))
        if self.type == "date":
            return ox.Literal(_date(self, value), datatype=ox.NamedNode(terms.XSD + "date"))
        return _text(self, value)


@dataclass(frozen=True)
class NamedQuery:
    """A query of the catalogue: its name (file stem), header and text."""

    name: str
    folder: str
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: dict[str, str]
    """Column name -> what it holds."""
    example: dict[str, str]
    text: str
    """The SPARQL without its header."""

    def bound(self, given: Mapping[str, str]) -> str:
        """Return the SPARQL with parameters in place; raise UsageError for unknown, missing or bad ones."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                hint = did_you_mean(name, known) or f"it takes: {', '.join(known) or 'none'}"
                message = f"query {self.name}: no parameter {name!r}; {hint}"
                raise UsageError(message)
        chosen: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal] = {}
        for name, parameter in known.items():
            value = given.get(name) or parameter.default
            if value:
                chosen[name] = parameter.term(value)
            elif parameter.required:
                message = f"query {self.name}: parameter {name!r} is missing; {parameter.help}"
                raise UsageError(message)
        return sparql_text.bind(self.text, chosen)


@cache
def queries() -> dict[str, NamedQuery]:
    """Return the named queries by name, read once from queries/answers and queries/views."""
    found: dict[str, NamedQuery] = {}
    for folder in FOLDERS:
        for path in sorted((resources.project() / "queries" / folder).glob("*.rq")):
            if path.stem in found:
                message = f"{path.name} stands in two folders of queries/"
                raise AtlasError(message)
            found[path.stem] = read(path)
    return found


def today() -> str:
    """Return today's date in ISO 8601, in UTC: the same for all readers of a server."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def find(name: str) -> NamedQuery:
    """Return a named query; raise UsageError with the nearest name where there is none."""
    known = queries()
    if name not in known:
        hint = did_you_mean(name, known) or "`lanzarote queries` lists them"
        message = f"no query named {name!r}; {hint}"
        raise UsageError(message)
    return known[name]


def run(store: Store, name: str, **given: str) -> Answer:
    """Run a named query with parameters as texts (ids, concept names, dates)."""
    return store.query(find(name).bound(given))


def read(path: Path) -> NamedQuery:
    """Read a query file; raise AtlasError naming the file where its header is not complete."""
    header, text = read_header(path)
    try:
        return NamedQuery(
            name=path.stem,
            folder=path.parent.name,
            title=header["title"],
            question=header["question"],
            parameters=tuple(_parameter(name, entry) for name, entry in (header.get("params") or {}).items()),
            columns=dict(header.get("columns") or {}),
            example={name: str(value) for name, value in (header.get("example") or {}).items()},
            text=text,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"{path.parent.name}/{path.name}: header lacks or misplaces {error}"
        raise AtlasError(message) from error


def read_header(path: Path, *needed: str) -> tuple[dict[str, Any], str]:
    """Return header and text of a query file; AtlasError naming the file where it lacks a needed key."""
    name = f"{path.parent.name}/{path.name}"
    try:
        header, text = split_header(resources.read_text(path))
    except (AtlasError, UnicodeDecodeError) as error:
        message = f"{name}: {error}"
        raise AtlasError(message) from error
    for key in needed:
        if not isinstance(header.get(key), str):
            message = f"{name}: header lacks {key!r}; write `#+ {key}: …`"
            raise AtlasError(message)
    return header, text


def split_header(text: str) -> tuple[dict[str, Any], str]:
    """Return the header of a query file as a mapping, and the text after it; AtlasError where it is no YAML.

    It is read as the data files are: `yes` stays text, and so do dates.
    """
    lines = text.splitlines(keepends=True)
    marked = [line.removeprefix(_MARK).removeprefix(" ") for line in lines if line.startswith(_MARK)]
    rest = "".join(line for line in lines if not line.startswith(_MARK))
    try:
        header = yaml_text.parse("".join(marked), "header").value or {}
    except yaml_text.YamlError as error:
        raise AtlasError(str(error)) from error
    if not isinstance(header, dict):
        message = f"query header is not a mapping: {header!r}"
        raise AtlasError(message)
    return header, rest.lstrip("\n")


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    default = entry.get("default")
    kind = str(entry["type"])
    if kind not in _PLAIN_TYPES and not (kind.partition("/")[0] in _AREAS and kind.partition("/")[2]):
        message = f"type {kind!r} of parameter {name!r}"
        raise ValueError(message)
    return Parameter(
        name=name,
        type=kind,
        help=entry["help"],
        default=None if default is None else str(default),
        required=bool(entry.get("required", False)),
    )


def _named_node(parameter: Parameter, value: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(_address(parameter, value))
    except ValueError as error:
        what = "address" if parameter.type == "iri" else "id"
        message = f"parameter {parameter.name!r}: {value!r} is no {what}; {parameter.help}"
        raise UsageError(message) from error


def _address(parameter: Parameter, value: str) -> str:
    """Return the address that a reader's text names: itself, one within the atlas, or that of an id."""
    area, _, kind = parameter.type.partition("/")
    if value.startswith(("http://", "https://")):
        return value
    if area == "iri":
        inside = value.startswith(("id/", "vocabulary/", "graph/", "ontology#"))
        return terms.prefixes()["lz"].removesuffix("ontology#") + value if inside else value
    return terms.thing(kind, value) if area == "id" else terms.concept(kind, value)


def _text(parameter: Parameter, value: str) -> ox.Literal:
    try:
        return ox.Literal(value)
    except ValueError as error:
        message = f"parameter {parameter.name!r}: {value!r} is no text; {parameter.help}"
        raise UsageError(message) from error


def _integer(parameter: Parameter, value: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        message = f"parameter {parameter.name!r}: {value!r} is no whole number; {parameter.help}"
        raise UsageError(message) from error


def _date(parameter: Parameter, value: str) -> str:
    if value == TODAY:
        return today()
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError as error:
        message = f"parameter {parameter.name!r}: {value!r} is no date like 2026-11-21; {parameter.help}"
        raise UsageError(message) from error
