"""Data files as typed records that know where they stand.

A file is one record (a mapping with `type`) or a list of them under `records`. A file that cannot be read
gives a fault and no record; the others are read all the same, so that one run reports every fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lanzarote_atlas.errors import Fault
from lanzarote_atlas.records import yaml_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lanzarote_atlas.records.yaml_text import Path as KeyPath
    from lanzarote_atlas.records.yaml_text import Value

_LARGEST = 20_000_000
_ID = re.compile(r"\bid: *['\"]?([A-Za-z0-9][\w./~-]*)")


@dataclass(frozen=True)
class Record:
    """One record: its type and id, its keys and values, and the file and lines where they stand."""

    type: str
    id: str
    body: dict[str, Value]
    file: str
    graph: str
    path: KeyPath
    lines: dict[KeyPath, int] = field(repr=False, compare=False)

    def line(self, *keys: str | int) -> int:
        """Return the line of a part of the record, or of the nearest part that encloses it."""
        path = (*self.path, *keys)
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, problem: str, remedy: str = "", at: KeyPath = ()) -> Fault:
        """Return a fault of this record at the line of `at`."""
        return Fault(self.file, self.line(*at), self.id, problem, remedy)


@dataclass
class DataFiles:
    """The records of a data folder and the faults met while reading it."""

    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    """Ids that stand in what could not be read; who points at them is not at fault."""


def find(data: Path) -> list[Path]:
    """Return the YAML files below a folder in a fixed order, or the one file that `data` names.

    A link that leads nowhere is among them, so that reading reports it.
    """
    if data.is_file():
        return [data]
    found = {path for ending in ("*.yaml", "*.yml") for path in data.rglob(ending)}
    return sorted(path for path in found if path.is_file() or path.is_symlink())


def read(paths: Iterable[Path], folder: Path) -> DataFiles:
    """Read the files; `folder` is the data folder that graph names and messages are relative to."""
    found = DataFiles()
    for path in paths:
        _read_file(path, folder, found)
    return found


def read_local(folder: Path) -> DataFiles:
    """Read the reader's own records: faults name the whole path, and graphs begin with `local/`.

    A folder that is not there holds none.
    """
    found = DataFiles()
    for path in find(folder) if folder.is_dir() else []:
        inside = path.relative_to(folder).with_suffix("").as_posix()
        _read_named(path, path.as_posix(), f"local/{inside}", found)
    return found


def name_of(path: Path, folder: Path) -> str:
    """Return how faults name a file: from the data folder on, `data/states/SWE.yaml`."""
    if not path.is_relative_to(folder):
        return path.as_posix()
    return (folder.name / path.relative_to(folder)).as_posix()


def _read_file(path: Path, folder: Path, found: DataFiles) -> None:
    inside = path.relative_to(folder) if path.is_relative_to(folder) else path
    _read_named(path, name_of(path, folder), "data/" + inside.with_suffix("").as_posix(), found)


def _read_named(path: Path, name: str, graph: str, found: DataFiles) -> None:
    try:
        if path.stat().st_size > _LARGEST:
            found.faults.append(Fault(name, 1, "", f"larger than {_LARGEST:,} bytes", "split the file"))
            return
        content = path.read_bytes()
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        found.faults.append(Fault(name, 1, "", problem, "restore the file or its rights, or remove it"))
        return
    try:
        document = yaml_text.parse(_decoded(content, name), name)
    except yaml_text.YamlError as error:
        found.faults.append(error.fault)
        found.lost.update(_ID.findall(content.decode("utf-8", "replace")))
    else:
        _Document(name, graph, document.lines, found).take(document.value)


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        fault = Fault(name, line, "", f"not UTF-8 text: {error.reason}", "save the file as UTF-8 text")
        raise yaml_text.YamlError(fault) from error


@dataclass(frozen=True)
class _Document:
    """A parsed file: takes its records into `found`, and a fault for each that is none."""

    name: str
    graph: str
    lines: dict[KeyPath, int]
    found: DataFiles

    def take(self, value: Value) -> None:
        """Take the one record, or the list under `records`."""
        if isinstance(value, dict) and "records" not in value:
            self._take_record(value, ())
            return
        items = value.get("records") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(items, list):
            problem = "neither a record nor a list of `records`"
            self._fault((), "", problem, "begin with `records:` or with `type:` and `id:`")
            return
        for key in value:
            if key != "records":
                self._fault((key,), "", f"unknown key {key!r} beside `records`", "move it into a record")
        for place, item in enumerate(items):
            self._take_record(item, ("records", place))

    def _take_record(self, value: Value, path: KeyPath) -> None:
        if not isinstance(value, dict):
            self._fault(path, "", "not a record", "write a mapping with `type` and `id`")
            return
        kind, identifier = value.get("type"), value.get("id")
        label = identifier if isinstance(identifier, str) else ""
        if isinstance(kind, str) and kind and label:
            self.found.records.append(Record(kind, label, value, self.name, self.graph, path, self.lines))
            return
        self.found.lost.add(str(identifier))
        key, given = ("type", kind) if not isinstance(kind, str) or not kind else ("id", identifier)
        if given is None or given == "":
            self._fault(path, label, f"no {key}", f"give the record a `{key}`")
        else:
            self._fault((*path, key), label, f"{key} {given!r} is not text", "write it in quotes")

    def _fault(self, path: KeyPath, label: str, problem: str, remedy: str) -> None:
        self.found.faults.append(Fault(self.name, self.lines.get(path, 1), label, problem, remedy))
