"""What changed in the data between two builds: facts added, changed and withdrawn, gaps opened and answered.

A fact is a record of `data/` with its parts; a gap is what the rules derive. Two builds are compared as their
dumps have them, so that a build answers whatever program made it.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections import defaultdict
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lanzarote_atlas import exports, terms
from lanzarote_atlas.errors import StoreError, UsageError
from lanzarote_atlas.store import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lanzarote_atlas.builds import Build
    from lanzarote_atlas.store import Row

FORMATS = ("text", "csv", "json")
_NOBODY = "-"
_COLUMNS = ("state", "change", "type", "thing", "label", "property", "before", "after")
_LABELS = ("title", "prefLabel", "citedAs", "number", "topic", "summary", "quantity")
_OF_STATE = ("state", "enactedBy", "addressee")
_LONGEST = 120
_CLOSED = "closed"
_AT_OTHER_DATE = "GapAtOtherDate"
"""A gap that is none at the date of the data: nobody read it, and it is no gap of the build."""


class Kind(StrEnum):
    """What became of a fact or a gap."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    GAP_OPENED = "gap opened"
    GAP_ANSWERED = "gap answered"
    GAP_CLOSED = "gap closed"


@dataclass(frozen=True)
class Difference:
    """One property of a fact that differs: its values before and after, in reading order."""

    property: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One fact or gap that differs between two builds."""

    state: str
    """Code of the State, or `-` for what belongs to none."""
    kind: Kind
    type: str
    """Type of the record: `Assessment`, `Provision`, `Gap`."""
    iri: str
    label: str
    differences: tuple[Difference, ...] = ()
    """What differs in a changed fact; for an added or withdrawn one nothing."""


@dataclass(frozen=True)
class _Thing:
    type: str
    values: Mapping[str, tuple[str, ...]]
    """Path of a property, through its parts -> values in order."""


def between(old: Build, new: Build) -> tuple[Change, ...]:
    """Return the changes from one build to another, by State, kind, type and address.

    Raises StoreError where the dump of a build cannot be read.
    """
    before, after = _things(old), _things(new)
    found = [change for iri in before.keys() | after.keys() if (change := _change(iri, before, after))]
    return tuple(sorted(found, key=lambda one: (one.state, list(Kind).index(one.kind), one.type, one.iri)))


def worked_out(old: Build, new: Build) -> tuple[Change, ...]:
    """Return the same as `between`, worked out once: it is kept beside the later build, and goes with it.

    Where nothing can be written there, it is worked out each time.
    """
    path = new.folder / f"changes-{old.manifest.short}.json"
    found = _kept(path)
    if found is None:
        found = between(old, new)
        _keep(path, found)
    return found


def _kept(path: Path) -> tuple[Change, ...] | None:
    """Return the changes that a file holds; None where it is not there or not whole."""
    try:
        return tuple(_change_of(one) for one in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _change_of(said: dict[str, Any]) -> Change:
    differences = tuple(
        Difference(one["property"], tuple(one["before"]), tuple(one["after"])) for one in said["differences"]
    )
    return Change(**{**said, "kind": Kind(said["kind"]), "differences": differences})


def _keep(path: Path, changes: Sequence[Change]) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        fresh.write_text(_json(changes), encoding="utf-8")
        fresh.replace(path)


def of_state(changes: Iterable[Change], iso3: str) -> tuple[Change, ...]:
    """Return the changes of one State."""
    return tuple(change for change in changes if change.state == iso3)


def formatted(changes: Sequence[Change], form: str) -> str:
    """Return changes as `text`, `csv` or `json`; raise UsageError for another form."""
    writers = {"text": _text, "csv": _csv, "json": _json}
    if form not in writers:
        message = f"no format {form!r}; one of: {', '.join(FORMATS)}"
        raise UsageError(message)
    return writers[form](changes)


# --- reading


def _things(build: Build) -> dict[str, _Thing]:
    """Return the records and gaps of a build by address, each with the values of its parts."""
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    types: dict[str, str] = {}
    areas = (terms.graph("data/"), terms.graph("derived/gap"))
    try:
        for quad in ox.parse(path=str(build.trig), format=ox.RdfFormat.TRIG):
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(areas):
                _note(quad, values, types)
    except (OSError, SyntaxError) as error:
        message = f"the dump of build {build.manifest.short} cannot be read: {error}"
        raise StoreError(message) from error
    return {
        iri: _Thing(kind, {name: tuple(sorted(found)) for name, found in values[iri].items()})
        for iri, kind in types.items()
        if kind != _AT_OTHER_DATE
    }


def _note(quad: ox.Quad, values: dict[str, dict[str, list[str]]], types: dict[str, str]) -> None:
    subject, said = quad.subject.value, quad.predicate.value  # type: ignore[union-attr]
    thing, _, part = subject.partition("#")
    if said == terms.RDF_TYPE:
        if not part:
            types[thing] = terms.local_name(quad.object.value)  # type: ignore[union-attr]
        return
    name = terms.local_name(said)
    values[thing][f"{part}/{name}" if part else name].append(_shown(quad.object))


def _shown(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.NamedNode):
        return terms.compact(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)


# --- comparing


def _change(iri: str, before: Mapping[str, _Thing], after: Mapping[str, _Thing]) -> Change | None:
    old, new = before.get(iri), after.get(iri)
    shown = new or old
    if shown is None or old == new:
        return None
    kind = _gap_kind(old, new) if shown.type == "Gap" else _kind(old, new)
    if kind is None:
        return None
    differences = _differences(old, new) if old and new else ()
    return Change(_state(iri, shown), kind, shown.type, iri, _label(shown), differences)


def _kind(old: _Thing | None, new: _Thing | None) -> Kind:
    if old is None:
        return Kind.ADDED
    return Kind.CHANGED if new else Kind.WITHDRAWN


def _gap_kind(old: _Thing | None, new: _Thing | None) -> Kind | None:
    """Return what became of a gap: open before or not, open, answered or closed now."""
    was, now = _status(old), _status(new)
    if was == now:
        return None
    if now in {"", _CLOSED}:
        return Kind.GAP_CLOSED if was not in {"", _CLOSED} else None
    return Kind.GAP_OPENED if now == "open" else Kind.GAP_ANSWERED


def _status(gap: _Thing | None) -> str:
    return next(iter(gap.values.get("status", ())), "").rsplit("/", 1)[-1] if gap else ""


def _differences(old: _Thing, new: _Thing) -> tuple[Difference, ...]:
    names = sorted(old.values.keys() | new.values.keys())
    pairs = [(name, old.values.get(name, ()), new.values.get(name, ())) for name in names]
    return tuple(Difference(name, was, now) for name, was, now in pairs if was != now)


def _state(iri: str, thing: _Thing) -> str:
    if thing.type == "State":
        return terms.local_name(iri)
    named = [
        value for key in _OF_STATE for value in thing.values.get(key, ()) if value.startswith("id/state/")
    ]
    return named[0].removeprefix("id/state/") if named else _NOBODY


def _label(thing: _Thing) -> str:
    if thing.type == "Gap":
        kind = next(iter(thing.values.get("gapKind", ())), "").rsplit("/", 1)[-1]
        about = next(iter(thing.values.get("about", ())), "")
        return f"{kind}: {about}".strip(": ")
    text = next((value for key in _LABELS for value in thing.values.get(key, ())), "")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


# --- writing


def rows(changes: Iterable[Change]) -> Table:
    """Return changes as a table of terms, one row for each property that differs, for an export."""
    found: list[Row] = []
    for change, *told in _lines(changes):
        texts = (
            "" if change.state == _NOBODY else change.state,
            change.kind,
            change.type,
            change.label,
            *told,
        )
        state, kind, of_type, *rest = map(ox.Literal, texts)
        found.append((state, kind, of_type, ox.NamedNode(change.iri), *rest))
    return Table(_COLUMNS, tuple(found))


def _lines(changes: Iterable[Change]) -> Iterator[tuple[Change, str, str, str]]:
    """Yield a line for each property that differs: its path and both values; one even where none does."""
    for change in changes:
        for one in change.differences or (Difference("", (), ()),):
            yield change, one.property, "; ".join(one.before), "; ".join(one.after)


def _text(changes: Sequence[Change]) -> str:
    lines = []
    for state, of_one in groupby(changes, key=lambda change: change.state):
        own = list(of_one)
        counts = [(kind, sum(change.kind is kind for change in own)) for kind in Kind]
        summary = ", ".join(f"{number} {kind}" for kind, number in counts if number)
        lines.append(f"{'No State' if state == _NOBODY else state}: {summary}")
        for change in own:
            lines.append(f"  {change.kind}: {terms.compact(change.iri)}  {change.label}".rstrip())
            lines += [f"    {_line(difference)}" for difference in change.differences]
    return "\n".join(lines)


def _line(difference: Difference) -> str:
    before, after = ("; ".join(values) or "nothing" for values in (difference.before, difference.after))
    return f"{difference.property}: {before} → {after}"


def _csv(changes: Sequence[Change]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["state", "kind", "type", "iri", "label", "property", "before", "after"])
    for change, *told in _lines(changes):
        texts = map(exports.harmless, (change.label, *told))
        writer.writerow([change.state, change.kind, change.type, change.iri, *texts])
    return text.getvalue()


def _json(changes: Sequence[Change]) -> str:
    return json.dumps([asdict(change) for change in changes], ensure_ascii=False, indent=1)
