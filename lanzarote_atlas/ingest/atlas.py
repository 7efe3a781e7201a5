"""What the atlas already holds, as far as taking in a document needs it: records, names, chapters, questions.

It is read once and passed in. Recognition needs the State's names and the chapters; drafts and review need
the records that stand already, and what a new one may point at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import resources, terms
from lanzarote_atlas.check import references
from lanzarote_atlas.errors import FaultsFoundError, UsageError, did_you_mean
from lanzarote_atlas.ingest.pieces import Theme, Words
from lanzarote_atlas.records import files
from lanzarote_atlas.store import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lanzarote_atlas.check.references import Known
    from lanzarote_atlas.records.files import Record
    from lanzarote_atlas.records.yaml_text import Value

_SKOS = terms.FIXED_PREFIXES["skos"]


@dataclass(frozen=True)
class Criterion:
    """A question asked of every State, as proposals of links need it."""

    id: str
    theme: str
    words: str
    """Its label and definition."""


@dataclass(frozen=True, eq=False)
class Atlas:
    """The records of the project and of the reader, and the vocabularies that drafts use."""

    records: tuple[Record, ...]
    themes: tuple[Theme, ...]
    criteria: tuple[Criterion, ...]
    concepts: tuple[str, ...]
    """Addresses of all concepts."""
    _by_id: dict[tuple[str, str], Record] = field(repr=False, compare=False, default_factory=dict)

    @classmethod
    def read(cls, data: Path, local: Path | None = None) -> Atlas:
        """Read the data folder, the reader's own where there is one, and the vocabularies.

        Raises FaultsFoundError where a file cannot be read.
        """
        found = files.read(files.find(data), data)
        own = files.read_local(local) if local else files.DataFiles()
        if found.faults or own.faults:
            raise FaultsFoundError([*found.faults, *own.faults])
        vocabularies = {path.stem: _concepts(path) for path in _vocabulary_files()}
        atlas = cls(
            records=(),
            themes=tuple(sorted(_themes(vocabularies["theme"]), key=lambda theme: theme.id)),
            criteria=tuple(sorted(_criteria(vocabularies["criterion"]), key=lambda one: one.id)),
            concepts=tuple(iri for concepts in vocabularies.values() for iri in concepts),
        )
        return atlas.joined_by([*found.records, *own.records])

    def joined_by(self, records: Iterable[Record]) -> Atlas:
        """Return the atlas with more records."""
        every = (*self.records, *records)
        by_id = {(record.type, record.id): record for record in reversed(every)}
        return Atlas(every, self.themes, self.criteria, self.concepts, by_id)

    def find(self, kind: str, identifier: str) -> Record | None:
        """Return the record of a type and id; None where there is none."""
        return self._by_id.get((kind, identifier))

    def of_type(self, kind: str) -> Iterator[Record]:
        """Yield the records of a type."""
        return (record for record in self.records if record.type == kind)

    def known(self) -> Known:
        """Return all that a record may point at."""
        return references.known(self.records, self.concepts)

    def words(self, state: str) -> Words:
        """Return what recognition needs for a State; raise UsageError where the atlas has no such State."""
        record = self.find("State", state)
        if record is None:
            states = [one.id for one in self.of_type("State")]
            hint = did_you_mean(state, states) or "add the State first, see docs/curating.md"
            message = f"no State {state!r}: {hint}"
            raise UsageError(message)
        return Words(state, tuple(_names(record)), self.themes)


def _names(state: Record) -> Iterator[str]:
    for key in ("prefLabel", "altLabel"):
        labels = state.body.get(key)
        english = labels.get("en") if isinstance(labels, dict) else None
        yield from (str(name) for name in as_list(english))


def as_list(value: Value) -> list[Value]:
    """Return the values of a key that may hold one, several or none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _vocabulary_files() -> list[Path]:
    return sorted((resources.project() / "ontology" / "vocabulary").glob("*.ttl"))


def _concepts(path: Path) -> dict[str, dict[str, list[str]]]:
    """Return the concepts of a scheme: address -> property -> values in English or without language."""
    found: dict[str, dict[str, list[str]]] = {}
    for quad in ox.parse(resources.read_text(path), format=ox.RdfFormat.TURTLE):
        value = quad.object
        if isinstance(value, ox.Literal) and value.language not in {None, "en"}:
            continue
        found.setdefault(text(quad.subject), {}).setdefault(text(quad.predicate), []).append(text(value))
    return {iri: said for iri, said in found.items() if _SKOS + "inScheme" in said}


def _themes(concepts: dict[str, dict[str, list[str]]]) -> Iterator[Theme]:
    for iri, said in concepts.items():
        if _SKOS + "notation" in said:
            yield Theme(terms.local_name(iri), said[_SKOS + "notation"][0], said[_SKOS + "prefLabel"][0])


def _criteria(concepts: dict[str, dict[str, list[str]]]) -> Iterator[Criterion]:
    for iri, said in concepts.items():
        theme = said.get(terms.term("theme"), [""])[0]
        words = [*said.get(_SKOS + "prefLabel", []), *said.get(_SKOS + "definition", [])]
        yield Criterion(terms.local_name(iri), terms.local_name(theme), " ".join(words))
