"""Ids and what they point at: no id twice, no retired id in use, nothing that points nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanzarote_atlas import settings
from lanzarote_atlas.errors import did_you_mean
from lanzarote_atlas.records import context as contexts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from lanzarote_atlas.errors import Fault
    from lanzarote_atlas.records.files import Record
    from lanzarote_atlas.records.yaml_text import Value

_FEW = 30


@dataclass(frozen=True)
class Known:
    """Everything that a record may point at: area (`id/state`, `vocabulary/theme`) -> local names."""

    names: dict[str, set[str]]
    retired: dict[str, str]
    """Retired `id/KIND/LOCAL` without the `id/` -> what is said of it."""
    lost: AbstractSet[str] = frozenset()
    """Ids that stand in files or records that could not be read."""


def known(records: Sequence[Record], concepts: Iterable[str], lost: AbstractSet[str] = frozenset()) -> Known:
    """Collect the ids of records, further numbers of recommendations, and the concepts (full addresses)."""
    context = contexts.load()
    names: dict[str, set[str]] = {}
    retired: dict[str, str] = {}
    for record in records:
        if record.type not in context.type_bases:
            continue
        if record.type == "Retired":
            retired[record.id] = str(record.body.get("isReplacedBy") or record.body.get("reason") or "")
            continue
        own = names.setdefault(context.area_of(record.type), set())
        own.add(record.id)
        if record.type == "Recommendation":
            own.update(str(number) for number in _as_list(record.body.get("number")))
    base = settings.current().base
    for iri in concepts:
        area, _, name = iri.removeprefix(base).rpartition("/")
        names.setdefault(area, set()).add(name)
    return Known(names, retired, lost)


def faults(records: Sequence[Record], known_names: Known) -> Iterator[Fault]:
    """Yield a fault for every id used twice, every retired id, and every reference that leads nowhere."""
    yield from _twice(records)
    for record in records:
        if record.type not in contexts.load().type_bases or record.type == "Retired":
            continue
        kind = contexts.load().area_of(record.type).removeprefix("id/")
        if f"{kind}/{record.id}" in known_names.retired:
            said = known_names.retired[f"{kind}/{record.id}"]
            yield record.fault(f"id {record.id!r} is retired ({said})", "give the record a new id", ("id",))
        if {".", ".."} & set(record.id.split("/")):
            yield record.fault(f"id {record.id!r} has a part of dots alone", "an address drops it", ("id",))
        yield from _dangling(record, record.body, (), known_names)


def _twice(records: Sequence[Record]) -> Iterator[Fault]:
    first: dict[tuple[str, str], Record] = {}
    for record in records:
        key = (record.type, record.id)
        if key in first:
            where = f"{first[key].file}:{first[key].line()}"
            yield record.fault(
                f"id {record.id!r} stands twice (first at {where})", "give one of them its own id", ("id",)
            )
        first.setdefault(key, record)


def _dangling(record: Record, value: Value, at: tuple[str | int, ...], known_names: Known) -> Iterator[Fault]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in {"type", "id"}:
                yield from _dangling(record, inner, (*at, key), known_names)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _dangling(record, inner, (*at, place), known_names)
    elif isinstance(value, str):
        yield from _one(record, value, at, known_names)


def _one(record: Record, value: str, at: tuple[str | int, ...], known_names: Known) -> Iterator[Fault]:
    context = contexts.load()
    key = next((str(part) for part in reversed(at) if isinstance(part, str)), "")
    area = context.areas.get(key)
    if area is None or value in context.words[key]:
        return
    retired = known_names.retired.get(f"{area.removeprefix('id/')}/{value}")
    if retired is not None:
        yield record.fault(f"{key}: {value!r} is retired ({retired})", "point at what took its place", at)
    elif value not in known_names.names.get(area, set()) and value not in known_names.lost:
        near = known_names.names.get(area, set()) | set(context.words[key])
        what = area.rsplit("/", 1)[-1]
        hint = did_you_mean(value, near) or _what_then(area, near)
        yield record.fault(f"{key}: unknown {what} {value!r}", hint, at)


def _what_then(area: str, names: set[str]) -> str:
    """Return the next step where no name is near: the short lists in full, else to add what is missing."""
    if area.startswith("vocabulary/") and len(names) <= _FEW:
        return f"expected one of: {', '.join(sorted(names))}"
    return f"add the {area.rsplit('/', 1)[-1]} first, or correct the id"


def _as_list(value: Value) -> list[Value]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
