"""YAML text to plain values that remember their lines.

Reads the core schema of YAML 1.2 from PyYAML's events: only `true` and `false` are booleans, so that `yes`
stays a position and not a truth value, and dates stay text until the mapping types them. A key that stands
twice in one mapping is a fault, and so are anchors, aliases and tags, because they hide what a record says.
Nothing is constructed but text, numbers, lists and mappings, and no nesting is followed beyond a fixed depth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import yaml

from lanzarote_atlas.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
Path: TypeAlias = tuple[str | int, ...]

_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?")
"""Numbers of up to 18 digits, which every engine holds exactly enough; longer ones stay text."""
_DEEPEST = 20


class YamlError(Exception):
    """The text is not YAML that the atlas reads; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault: file, line and what to do."""
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class YamlText:
    """The value of a YAML document and the line of each of its parts (first line: 1)."""

    value: Value
    lines: dict[Path, int]


def parse(text: str, file: str) -> YamlText:
    """Parse one YAML document; raise YamlError with the line where it is not well formed."""
    try:
        reader = _Reader(file, yaml.parse(text, Loader=yaml.CSafeLoader))
        return YamlText(reader.document(), reader.lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = f"not YAML: {error.problem or error.context}"
        raise YamlError(Fault(file, line, "", problem, "check indentation, quotes and colons")) from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        problem = f"not YAML: {str(error).splitlines()[0]}"
        fault = Fault(file, _line_of(error, text), "", problem, "save the file as UTF-8 text")
        raise YamlError(fault) from error


def _line_of(error: Exception, text: str) -> int:
    """Return the line of a character that YAML does not allow; 1 where the error does not say."""
    position = getattr(error, "position", None)
    return text.encode()[:position].count(b"\n") + 1 if isinstance(position, int) else 1


class _Reader:
    """Turns events into values, noting the line of each."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self.lines: dict[Path, int] = {}
        self._file = file
        self._events = events

    def document(self) -> Value:
        """Return the value of the only document; None where the text holds none."""
        value: Value = None
        found = False
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found:
                    raise self._error(event, "a second document begins here", "remove the line `---`")
                value, found = self._read(next(self._events), ()), True
        return value

    def _read(self, event: yaml.Event, path: Path) -> Value:
        self._refuse_hidden(event)
        self.lines[path] = _line(event)
        if len(path) > _DEEPEST:
            raise self._error(event, "nested too deeply", f"at most {_DEEPEST} levels")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return _scalar(event) if isinstance(event, yaml.ScalarEvent) else self._sequence(path)

    def _mapping(self, path: Path) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse_hidden(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error(event, "a key is not a plain word", "write key: value")
            key = str(event.value)
            if key in found:
                first = self.lines[(*path, key)]
                problem = f"key {key!r} stands twice (first at line {first})"
                raise self._error(event, problem, "keep one of them")
            found[key] = self._read(next(self._events), (*path, key))
            self.lines[(*path, key)] = _line(event)
        return found

    def _sequence(self, path: Path) -> list[Value]:
        found: list[Value] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._read(event, (*path, len(found))))
        return found

    def _refuse_hidden(self, event: yaml.Event) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            raise self._error(event, f"anchor or alias {anchor!r}", "write the value out where it is meant")
        if tag is not None:
            raise self._error(event, f"tag {tag!r}", "write the value without a tag")

    def _error(self, event: yaml.Event, problem: str, remedy: str) -> YamlError:
        return YamlError(Fault(self._file, _line(event), "", problem, remedy))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> Value:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text
