"""A scenario file: the facts of a case, read from YAML and held against the fields that the vocabulary knows.

A key that is left out, or that has no value, is a blank: not known. An empty list says that there is none (a
stateless person, no ship). A list that names States is whole. Every fault tells its line.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from babel.core import get_global

from lanzarote_atlas import resources, terms
from lanzarote_atlas.errors import Fault, FaultsFoundError, did_you_mean
from lanzarote_atlas.records import yaml_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lanzarote_atlas.records.yaml_text import Value
    from lanzarote_atlas.scenario.law import Field, Law

Fact: TypeAlias = "dt.date | str | tuple[str, ...] | int | bool | dict[str, float]"
"""A day; the name of an offence; codes of States; an age; yes or no; years by the code of a State."""

TEXTS = ("title", "summary", "about", "checked")
"""Keys for the reader: what it is called, tells and is about, and what its outcome was checked against."""
OLDEST = 120
_LONGEST = 100
_LARGEST = 200_000
_COUNTRY = re.compile(
    r"(?!AA|Q[M-Z]|X|ZZ)(?!ANT|BUR|DDR|FXX|NTZ|SCG|SUN|TMP|YMD|YUG|ZAR|ASC|CPT|DGA|TAA)[A-Z]{3}"
)
"""The CLDR also has codes that ISO 3166-1 leaves to its users, has withdrawn, or reserves for parts of
States.
"""
_KOSOVO = "XKK"
"""In no edition of ISO 3166-1; this is how the CLDR writes it."""
_WORDS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Scenario:
    """The facts of a case. A field that is absent is not known."""

    facts: Mapping[str, Fact]
    """By the name of the field: `place-of-act`."""
    title: str = ""
    summary: str = ""
    about: str = ""
    """Address or `id/KIND/LOCAL` of what it is about, such as a case of the atlas."""
    checked: str = ""
    """What its outcome was compared with by hand."""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def day(self) -> dt.date:
        """The day at which law is read."""
        return next(fact for fact in self.facts.values() if isinstance(fact, dt.date))

    def states(self, name: str) -> tuple[str, ...] | None:
        """Return the codes of the States that a field names; None where it is blank."""
        fact = self.facts.get(name)
        return fact if isinstance(fact, tuple) else None

    def truth(self, name: str) -> bool | None:
        """Return what a field of yes or no says; None where it is blank."""
        fact = self.facts.get(name)
        return fact if isinstance(fact, bool) else None

    def number(self, name: str, iso3: str) -> float | None:
        """Return an age, or the years under the law of a State; None where it is blank."""
        fact = self.facts.get(name)
        if isinstance(fact, dict):
            return fact.get(iso3)
        return fact if isinstance(fact, int) and not isinstance(fact, bool) else None


@dataclass(frozen=True)
class Heading:
    """What a worked scenario is called and about, to choose it by."""

    title: str
    about: str
    """As in `Scenario.about`."""


def worked() -> dict[str, Path]:
    """Return the files of the worked scenarios by their names."""
    return {
        path.stem: path for path in sorted((resources.project() / "examples" / "scenarios").glob("*.yaml"))
    }


@cache
def headings() -> Mapping[str, Heading]:
    """Return title and subject of each worked scenario by name: those about a thing of the atlas first."""
    found = {name: _heading(path) for name, path in worked().items()}
    return dict(sorted(found.items(), key=lambda item: (not item[1].about, item[0])))


def _heading(path: Path) -> Heading:
    said = yaml_text.parse(path.read_text(encoding="utf-8"), str(path)).value
    given = said if isinstance(said, dict) else {}
    return Heading(_text(given.get("title") or path.stem), _text(given.get("about") or ""))


def read(path: Path, law: Law) -> Scenario:
    """Read a scenario file; raise FaultsFoundError with every fault and its line."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig") if len(content) <= _LARGEST else ""
    except (OSError, UnicodeDecodeError) as error:
        problem = f"cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
        raise FaultsFoundError([Fault(str(path), 1, "", problem, "name a YAML file")]) from error
    if len(content) > _LARGEST:
        fault = Fault(str(path), 1, "", "too large for a scenario", f"at most {_LARGEST:,} bytes")
        raise FaultsFoundError([fault])
    return parse(text, law, str(path))


def parse(text: str, law: Law, file: str = "scenario") -> Scenario:
    """Read a scenario from YAML text; raise FaultsFoundError with every fault and its line."""
    try:
        document = yaml_text.parse(text, file)
    except yaml_text.YamlError as error:
        raise FaultsFoundError([error.fault]) from error
    if not isinstance(document.value, dict):
        keys = ", ".join((*TEXTS, *law.fields))
        fault = Fault(file, 1, "", "not a mapping of keys to values", f"keys are: {keys}")
        raise FaultsFoundError([fault])
    reader = _Reader(
        law, file, {str(path[0]): line for path, line in document.lines.items() if len(path) == 1}
    )
    return reader.scenario(document.value)


def of_values(values: Mapping[str, Value], law: Law) -> Scenario:
    """Make a scenario from the values of a form; raise FaultsFoundError as `parse` does, without lines."""
    return _Reader(law, "scenario", {}).scenario(dict(values))


class _Reader:
    """Turns keys and values into facts, noting every fault."""

    def __init__(self, law: Law, file: str, lines: Mapping[str, int]) -> None:
        self._law = law
        self._file = file
        self._lines = lines
        self._faults: list[Fault] = []

    def scenario(self, values: dict[str, Value]) -> Scenario:
        """Return the scenario; raise FaultsFoundError where there is any fault."""
        facts: dict[str, Fact] = {}
        texts: dict[str, str] = {}
        for key, value in values.items():
            try:
                if key in TEXTS:
                    texts[key] = "" if value is None else _text(value)
                elif value is not None:
                    facts[key] = self._fact(key, value)
            except ValueError as error:
                self._fault(key, *map(str, error.args))
        self._require(values)
        if self._faults:
            raise FaultsFoundError(self._faults)
        ordered = {name: facts[name] for name in self._law.fields if name in facts}
        return Scenario(ordered, **texts, lines=dict(self._lines))

    def _fact(self, key: str, value: Value) -> Fact:
        known = self._law.fields
        if key not in known:
            words = (*TEXTS, *known)
            message = f"unknown key {key!r}"
            raise ValueError(message, did_you_mean(key, words) or f"keys are: {', '.join(words)}")
        return _READERS[known[key].type](value, self._law)

    def _require(self, values: dict[str, Value]) -> None:
        """Without a day and an offence no law can be chosen."""
        for name, entry in self._law.fields.items():
            if entry.type in {"date", "offence"} and values.get(name) is None:
                self._fault(
                    name, f"key {name!r} is missing", f"{entry.definition} Give it: it chooses the law"
                )

    def _fault(self, key: str, problem: str, remedy: str = "") -> None:
        self._faults.append(Fault(self._file, self._lines.get(key, 1), key, problem, remedy))


def _text(value: Value) -> str:
    if not isinstance(value, str):
        message = f"{value!r} is no text"
        raise ValueError(message, "write words")  # noqa: TRY004 - a fault of the file, not of the program
    return " ".join(value.split())


def _day(value: Value, _law: Law) -> dt.date:
    text = str(value)
    with suppress(ValueError):
        if len(text) == len("2018-01-15"):
            return dt.date.fromisoformat(text)
    message = f"{value!r} is no date"
    raise ValueError(message, "write a day of the calendar, like 2018-01-15")


def offences(law: Law) -> tuple[str, ...]:
    """Return the names of the offences that a scenario may name."""
    return tuple(terms.local_name(iri) for iri in law.terms if "/offence/" in iri)


def _offence(value: Value, law: Law) -> str:
    known = offences(law)
    if value not in known:
        message = f"{value!r} is no offence"
        raise ValueError(message, did_you_mean(str(value), known) or f"one of: {', '.join(known)}")
    return str(value)


@cache
def countries() -> frozenset[str]:
    """Return the three-letter codes of ISO 3166-1, and Kosovo's, as the CLDR has them."""
    return frozenset(code for code in get_global("territory_aliases") if _COUNTRY.fullmatch(code)) | {_KOSOVO}


def _state(value: Value, law: Law) -> str:
    known = countries() | {state.iso3 for state in law.states}
    if value not in known:
        hint = did_you_mean(str(value).upper(), [state.iso3 for state in law.states])
        message = f"{value!r} is no code of a State"
        raise ValueError(
            message, hint or "write three capital letters as in ISO 3166-1, like DNK; XKK for Kosovo"
        )
    return str(value)


def _states(value: Value, law: Law) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(_state(one, law) for one in given))


def _age(value: Value, _law: Law) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= OLDEST:
        message = f"{value!r} is no age"
        raise ValueError(message, f"write whole years from 0 to {OLDEST}")
    return value


def _truth(value: Value, _law: Law) -> bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value not in _WORDS:
        message = f"{value!r} is neither yes nor no"
        raise ValueError(message, "write yes or no; leave it blank where it is not known")
    return _WORDS[value]


def _years(value: Value, law: Law) -> dict[str, float]:
    if not isinstance(value, dict):
        message = f"{value!r} is no list of laws"
        raise ValueError(message, "write the code of each State with its years, like {DNK: 6}")  # noqa: TRY004
    return {_state(code, law): _span(years) for code, years in value.items()}


def _span(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST:
        message = f"{value!r} is no number of years"
        raise ValueError(message, f"write years from 0 to {_LONGEST}; {_LONGEST} for life")
    return float(value)


def as_yaml(scenario: Scenario) -> str:
    """Return a scenario as the text of a file that `parse` reads back to the same facts and texts."""
    said = {name: text for name in TEXTS if (text := getattr(scenario, name))}
    lines = [f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in said.items()]
    lines += [f"{name}: {_as_yaml(fact)}" for name, fact in scenario.facts.items()]
    return "\n".join(lines) + "\n"


def _as_yaml(fact: Fact) -> str:
    if isinstance(fact, tuple):
        return f"[{', '.join(fact)}]"
    if isinstance(fact, dict):
        return f"{{{', '.join(f'{code}: {years:g}' for code, years in fact.items())}}}"
    return written(fact)


_READERS: dict[str, Callable[[Value, Law], Fact]] = {
    "date": _day,
    "offence": _offence,
    "states": _states,
    "age": _age,
    "truth": _truth,
    "years": _years,
}


def written(fact: Fact | None, entry: Field | None = None) -> str:
    """Return a fact as a reader writes it; `not known` for a blank."""
    if fact is None:
        return "not known"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, tuple):
        return ", ".join(fact) or "none"
    if isinstance(fact, dict):
        return ", ".join(f"{code}: {years:g}" for code, years in fact.items()) or "none"
    unit = " years" if entry and entry.type == "age" else ""
    return f"{fact}{unit}"
