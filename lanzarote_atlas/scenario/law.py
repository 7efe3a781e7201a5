"""What the graph says that a scenario is judged by, read once from a build and the same for every scenario.

Nothing here knows a State or a principle by name: fields, connecting factors, kinds of condition and criteria
are concepts of the vocabulary, and positions are the assessments of `data/`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import catalogue, store, terms
from lanzarote_atlas.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lanzarote_atlas.store import Store

Links = dict[str, tuple[str, ...]]
"""Local name of a property -> addresses or values, in their order."""

CONSULTATION = "cets-201/art-25/8"
"""The provision on consultation between Parties that claim jurisdiction; its treaty tells who is a Party."""


@dataclass(frozen=True)
class Field:
    """What a scenario may tell of a case: a concept of vocabulary/scenario-field."""

    iri: str
    name: str
    label: str
    definition: str
    type: str
    """How it is written: date, offence, states, age, truth or years (by State)."""
    order: int


@dataclass(frozen=True)
class Term:
    """A connecting factor, a kind of condition or a criterion, with what it says of scenarios."""

    iri: str
    label: str
    definition: str
    order: int
    links: Mapping[str, tuple[str, ...]]

    def all(self, name: str) -> tuple[str, ...]:
        """Return what is said by a property: `examines`, `connectingFactor`."""
        return self.links.get(name, ())

    def one(self, name: str) -> str:
        """Return what is said once by a property, or an empty text."""
        return next(iter(self.all(name)), "")


@dataclass(frozen=True)
class Condition:
    """A condition of a position, and how a scenario is held against it where it says so itself."""

    iri: str
    kind: str
    note: str
    threshold: float | None
    links: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Position:
    """An assessment: what one source says of a State's law on a criterion, and when that is in force."""

    iri: str
    state: str
    criterion: str
    value: str
    """Name of the position, or an age in years."""
    stage: str
    begins: str
    ends: str
    summary: str
    links: Mapping[str, tuple[str, ...]] = field(repr=False)
    conditions: tuple[Condition, ...] = field(default=(), repr=False)

    def all(self, name: str) -> tuple[str, ...]:
        """Return what the position is tied to by a property: `provision`, `offenceScope`."""
        return self.links.get(name, ())

    def holds_on(self, day: dt.date) -> bool:
        """Tell whether the position is law on a day; a month or a year counts from its first to its last day.

        In force, or enacted and begun, or repealed and not yet ended then: a bill never is, nor is an Act or
        a repeal without a date.
        """
        dated = {"in-force": True, "enacted": bool(self.begins), "repealed": bool(self.ends)}
        begun = not self.begins or self.begins <= day.isoformat()
        return dated.get(self.stage, False) and begun and not (self.ends and _last_day(self.ends) < day)


@dataclass(frozen=True)
class State:
    """A State of the atlas; `party_since` is empty where the Convention does not bind it."""

    iri: str
    iso3: str
    label: str
    party_since: str

    def is_party_on(self, day: dt.date) -> bool:
        """Tell whether the Convention is in force for the State on a day."""
        return bool(self.party_since) and self.party_since <= day.isoformat()


@dataclass(frozen=True)
class Law:
    """Everything that scenarios are judged by, of one build."""

    build_id: str
    fields: Mapping[str, Field]
    """By name: `place-of-act`."""
    terms: Mapping[str, Term]
    """Factors, kinds of condition and criteria, by address."""
    states: tuple[State, ...]
    positions: tuple[Position, ...]
    consultation: str
    """How the provision on consultation is cited."""
    provisions: Mapping[str, str]
    """Address of a provision -> how it is cited."""
    sources: Mapping[str, tuple[tuple[str, str], ...]]
    """Address of a position -> address and title of each document in which it was read."""

    @cached_property
    def principles(self) -> tuple[Term, ...]:
        """The jurisdiction principles, in their order."""
        return self._criteria("connectingFactor")

    @cached_property
    def regulators(self) -> tuple[Term, ...]:
        """The criteria whose answer imposes or sets aside a kind of condition."""
        return self._criteria("regulates")

    @cached_property
    def ages(self) -> tuple[Term, ...]:
        """The criteria that set an age against which a scenario is held."""
        return self._criteria("necessary")

    @cached_property
    def by_cell(self) -> Mapping[tuple[str, str], tuple[Position, ...]]:
        """Address of a State and of a criterion -> positions."""
        found = defaultdict(list)
        for position in self.positions:
            found[position.state, position.criterion].append(position)
        return {cell: tuple(positions) for cell, positions in found.items()}

    def cited(self, provisions: Iterable[str]) -> str:
        """Return how provisions are cited, one after the other."""
        return "; ".join(self.provisions.get(iri, terms.local_name(iri)) for iri in provisions)

    def _criteria(self, said: str) -> tuple[Term, ...]:
        found = [term for term in self.terms.values() if term.all(said) and "/criterion/" in term.iri]
        return tuple(sorted(found, key=lambda term: (term.order, term.iri)))


def load(data: Store) -> Law:
    """Read what scenarios are judged by from a build; StoreError where the store gives only a part of it."""
    known, fields = _terms(data)
    standing = _rows(data, "scenario-parties", provision=CONSULTATION)
    since = {state: since for state, since, _cited in standing}
    return Law(
        build_id=data.build_id,
        fields=fields,
        terms=known,
        states=tuple(
            State(iri, iso3, label, since.get(iri, "")) for iri, iso3, label in _rows(data, "scenario-states")
        ),
        positions=_positions(data),
        consultation=next((cited for _state, _since, cited in standing), ""),
        provisions={iri: cited for iri, cited in _rows(data, "scenario-provisions")},  # noqa: C416 - rows are of any length
        sources=_sources(data),
    )


def _rows(data: Store, name: str, **given: str) -> list[tuple[str, ...]]:
    """Return the rows of a view as texts."""
    answer = store.table(catalogue.run(data, name, **given))
    if answer.truncated:
        message = f"view {name} was cut off; raise LANZAROTE_QUERY_ROWS, since a scenario needs all of it"
        raise StoreError(message)
    return [tuple(map(_text, row)) for row in answer.rows]


def _text(term: store.Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def _terms(data: Store) -> tuple[dict[str, Term], dict[str, Field]]:
    heads: dict[str, tuple[str, str, int]] = {}
    links: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for subject, label, definition, place, said, value in _rows(data, "scenario-terms"):
        heads[subject] = (label, definition, int(place or 0))
        _add(links[subject], said, value)
    known = {iri: Term(iri, *head, links[iri]) for iri, head in heads.items()}
    fields = {
        (name := terms.local_name(iri)): Field(
            iri, name, term.label, term.definition, term.one("valueType"), term.order
        )
        for iri, term in sorted(known.items(), key=lambda item: item[1].order)
        if term.one("valueType")
    }
    return {iri: term for iri, term in known.items() if not term.one("valueType")}, fields


def _positions(data: Store) -> tuple[Position, ...]:
    tied = _position_links(data)
    conditions = _conditions(data)
    return tuple(
        Position(
            iri=iri,
            state=state,
            criterion=criterion,
            value=terms.local_name(value),
            stage=terms.local_name(stage),
            begins=begins,
            ends=ends,
            summary=summary,
            links=tied.get(iri, {}),
            conditions=tuple(conditions.get(iri, ())),
        )
        for iri, state, criterion, value, stage, begins, ends, summary in _rows(data, "scenario-positions")
    )


def _conditions(data: Store) -> dict[str, list[Condition]]:
    said = _condition_links(data)
    found = defaultdict(list)
    for iri, position, kind, note, threshold in _rows(data, "scenario-conditions"):
        number = float(threshold) if threshold else None
        found[position].append(Condition(iri, kind, note, number, said.get(iri, {})))
    return found


def _position_links(data: Store) -> dict[str, Links]:
    found: dict[str, Links] = {}
    for position, pairs in _rows(data, "scenario-position-links"):
        links = found.setdefault(position, {})
        for pair in sorted(pairs.split("\n")):
            _add(links, *pair.split(" ", 1))
    return found


def _condition_links(data: Store) -> dict[str, Links]:
    found: dict[str, Links] = defaultdict(dict)
    for condition, said, value in _rows(data, "scenario-condition-links"):
        _add(found[condition], said, value)
    return found


def _add(links: Links, said: str, value: str) -> None:
    name = terms.local_name(said)
    links[name] = (*links.get(name, ()), value)


def _sources(data: Store) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for source, title, positions in _rows(data, "scenario-sources"):
        for position in positions.split("\n"):
            found[position] = (*found.get(position, ()), (source, title))
    return found


def _last_day(text: str) -> dt.date:
    """Return the last day of a date, a month or a year."""
    if len(text) == len("2018"):
        return dt.date(int(text), 12, 31)
    if len(text) == len("2018-01"):
        year, month = int(text[:4]), int(text[5:7])
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        return following - dt.timedelta(days=1)
    return dt.date.fromisoformat(text)
