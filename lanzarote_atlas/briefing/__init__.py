"""A briefing: the gaps of one State or one chapter, put together to be printed and taken to a meeting.

It says what is asked, at which level, what is on record as an answer and who does it elsewhere, each with its
source. What was never looked at is named apart, because it says nothing of a State. Nothing here draws: the
same content is written as DOCX and as PDF by the modules beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lanzarote_atlas import catalogue, citation, exports, models, store, terms
from lanzarote_atlas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lanzarote_atlas.citation import Stand
    from lanzarote_atlas.store import Store

Row = dict[str, str]
MODELS = 5
"""So many States that do what is asked are told; of the others, the number."""
_NOT_ASSESSED = "not-assessed"
_ROLES = {
    "closes": "The Committee's word that closes it",
    "answers": "Answers on record",
    "decides": "Position on record",
    "other": "Also on record",
    "asked": "Noted by the Committee",
    "bears": "Also bears on it",
    "searched": "Searched without result",
}


@dataclass(frozen=True)
class Scope:
    """What a briefing is about: a State by its code, a chapter by its name, or both; as at a day."""

    state: str | None
    theme: str | None
    as_at: str
    choices: Mapping[str, str] = field(default_factory=dict)
    """Further parameters of the query `gaps`, such as kind and status."""


@dataclass(frozen=True)
class Mark:
    """A reference to the list of sources: the number there, and the place in the source."""

    number: int
    place: str

    def text(self) -> str:
        """Return the reference as it is printed: `3, paras 23–25`."""
        return f"{self.number}, {self.place}" if self.place else str(self.number)


@dataclass(frozen=True)
class Said:
    """One statement: whose or since when, what it says, under which provisions, and where it was read."""

    head: str
    text: str
    provisions: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Item:
    """One thing that is asked, and what is known of it."""

    label: str
    facts: str
    """Kind, level and severity on one line."""
    asked: str
    basis: str
    standing: tuple[str, ...]
    """The status, and in a briefing on several States which of them have it."""
    marks: tuple[Mark, ...]
    known: tuple[tuple[str, tuple[Said, ...]], ...]
    """Statements under the heading of what they are to the gap."""
    models: tuple[Said, ...]
    further: str
    """How many more States do it; empty where all are told."""


@dataclass(frozen=True)
class Chapter:
    """A chapter of the Committee's report: what is asked there, and what was never looked at."""

    title: str
    items: tuple[Item, ...]
    not_assessed: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A line of the numbered list of sources."""

    number: int
    address: str
    title: str
    details: str
    url: str


@dataclass(frozen=True)
class Briefing:
    """What the writers print."""

    title: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    sources: tuple[Source, ...]


def notes(briefing: Briefing) -> tuple[str, ...]:
    """Return what a reader on paper must know to read the rest rightly."""
    status = "Only the Committee's own later word closes a gap; an answer reported is something to read."
    empty = "What is not assessed was looked at by no source here: it is never a no."
    none = "No gap matches these choices on this day."
    return (status, empty) if briefing.chapters else (none,)


def compose(data: Store, scope: Scope, stand: Stand, day: str) -> Briefing:
    """Return the briefing for a scope, written on a day; raise UsageError where it names neither."""
    if not scope.state and not scope.theme:
        message = "a briefing is on one State or one chapter; choose a State, a chapter or both"
        raise UsageError(message)
    return _Composer(data, scope).briefing(stand, day)


class _Composer:
    """Asks the named queries once and numbers the sources in the order in which they are cited."""

    def __init__(self, data: Store, scope: Scope) -> None:
        self._data = data
        self._scope = scope
        self._numbers: dict[str, int] = {}
        self._labels = {(row["scheme"], row["name"]): row["label"] for row in self._ask("words")}
        self._states = {row["state"]: row["label"] for row in self._ask("states")}
        self._subjects = {row["about"]: row for row in self._ask("gap-subjects")}
        within = {"state": scope.state, "theme": scope.theme}
        self._gaps = self._ask("gaps", **within, **scope.choices, asAt=scope.as_at)
        self._evidence = _by(
            self._ask("gap-evidence", **within, asAt=scope.as_at) if self._gaps else (), "about"
        )
        asked = self._ask(models.QUERY, theme=scope.theme, asAt=scope.as_at) if self._gaps else ()
        self._models = _by(asked, "about")
        borrower = {"state": scope.state, "asAt": scope.as_at}
        self._nearest = self._ask(models.LIKENESS, **borrower) if scope.state and self._gaps else []

    def _ask(self, name: str, **given: str | None) -> list[Row]:
        chosen = {key: value for key, value in given.items() if value}
        return store.table(catalogue.run(self._data, name, **chosen)).dicts()

    def briefing(self, stand: Stand, day: str) -> Briefing:
        names = [name for scheme, name in self._labels if scheme == "theme"]
        wanted = [self._scope.theme] if self._scope.theme else names
        chapters = [self._chapter(theme) for theme in wanted if theme in names]
        return Briefing(
            self._title(),
            self._facts(stand, day),
            tuple(chapter for chapter in chapters if chapter.items or chapter.not_assessed),
            tuple(self._source(address, number) for address, number in self._numbers.items()),
        )

    def _title(self) -> str:
        whose = self._state_label() or "All States"
        chapter = self._chapter_label(self._scope.theme or "")
        return f"Gaps: {whose}" + (f", {chapter}" if chapter else "")

    def _chapter_label(self, theme: str) -> str:
        """Return "II. Legal frameworks" for `ii-legal-frameworks`."""
        label = self._label("theme", theme)
        return f"{theme.partition('-')[0].upper()}. {label[:1].upper()}{label[1:]}" if theme else ""

    def _state_label(self) -> str:
        return self._states.get(terms.thing("state", self._scope.state or ""), self._scope.state or "")

    def _facts(self, stand: Stand, day: str) -> tuple[tuple[str, str], ...]:
        choices = "; ".join(
            f"{name}: {value.rpartition('/')[2]}" for name, value in self._scope.choices.items()
        )
        facts = {
            "State": self._state_label() or "all States",
            "Chapter": self._chapter_label(self._scope.theme or "") or "all chapters",
            "Further choices": choices,
            "As at": self._scope.as_at,
            "Gaps": str(len(self._gaps)),
            "Build": stand.build_id,
            "Date of the data": stand.as_at,
            "Written on": day,
            "Source": "Lanzarote Atlas; the wording is the atlas's own",
            "Licence": exports.LICENCE,
        }
        return tuple((label, text) for label, text in facts.items() if text)

    def _chapter(self, theme: str) -> Chapter:
        """Return a chapter; a gap of several stands in the first of them, unless another was chosen."""
        rows = [row for row in self._gaps if self._home(row) == theme]
        asked = [row for row in rows if row["kindName"] != _NOT_ASSESSED]
        groups = _by(asked, "about", "kindName").values()
        missing = _by((row for row in rows if row["kindName"] == _NOT_ASSESSED), "about")
        return Chapter(
            self._chapter_label(theme),
            tuple(self._item(group) for group in groups),
            tuple(self._missing(about, len(group)) for (about,), group in missing.items()),
        )

    def _home(self, row: Row) -> str:
        return self._scope.theme or self._subjects[row["about"]]["theme"].splitlines()[0]

    def _missing(self, about: str, states: int) -> str:
        label = self._subjects[about]["label"]
        return label if self._scope.state else f"{label} ({states} {'State' if states == 1 else 'States'})"

    def _item(self, gaps: Sequence[Row]) -> Item:
        first = gaps[0]
        subject = self._subjects[first["about"]]
        scheme, _, level = subject["level"].partition("/")
        facts = (
            self._label("gap-kind", first["kindName"]),
            f"{'level' if scheme == 'obligation-level' else 'strength'}: {self._label(scheme, level)}",
            f"severity: {self._label('severity', first['severityName'])}",
        )
        whose = {row["stateAddress"] for row in gaps}
        doers = self._doers(first["about"], whose)
        told = {model.state for model in doers[:MODELS]}
        rest = len({model.state for model in doers[MODELS:]} - told)
        return Item(
            label=_called(subject),
            facts="; ".join(facts),
            asked=subject["asked"],
            basis=_labels(subject["basis"]),
            standing=self._standing(gaps),
            marks=self._marks(self._ask("gap", gap=terms.local_name(first["gap"]))),
            known=self._known(first["about"], whose),
            models=tuple(self._said(_done(model.rows), model.rows) for model in doers[:MODELS]),
            further=f"{rest} more {'State' if rest == 1 else 'States'} on record" if rest else "",
        )

    def _standing(self, gaps: Sequence[Row]) -> tuple[str, ...]:
        """Return each status with the States that have it; of a single State the status alone."""
        return tuple(
            self._label("gap-status", status)
            + ("" if self._scope.state else f": {', '.join(row['stateLabel'] for row in group)}")
            for (status,), group in _by(gaps, "statusName").items()
        )

    def _known(self, about: str, whose: set[str]) -> tuple[tuple[str, tuple[Said, ...]], ...]:
        rows = [row for row in self._evidence.get((about,), ()) if row["whose"] in whose]
        found = _by(rows, "role", "whose", "thing")
        return tuple(
            (title, said)
            for role, title in _ROLES.items()
            if (
                said := tuple(
                    self._said(self._evidence_head(group[0]), group)
                    for key, group in found.items()
                    if key[0] == role
                )
            )
        )

    def _evidence_head(self, row: Row) -> str:
        scheme = {"Assessment": "position", "Observation": "polarity"}.get(row["class"], "follow-up-kind")
        facts = (
            "" if self._scope.state else self._states.get(row["whose"], ""),
            row["title"],
            self._label(scheme, row["value"]),
            self._label("legal-stage", row["stage"]),
            row["from"],
        )
        return "; ".join(fact for fact in facts if fact)

    def _doers(self, about: str, whose: set[str]) -> list[models.Model]:
        rows = [row for row in self._models.get((about,), ()) if row["doer"] not in whose]
        return models.ordered(rows, self._nearest, terms.thing("state", self._scope.state or ""))

    def _said(self, head: str, rows: Sequence[Row]) -> Said:
        return Said(head, rows[0]["summary"], _labels(rows[0]["provisions"]), self._marks(rows))

    def _marks(self, rows: Iterable[Row]) -> tuple[Mark, ...]:
        """Return the references of rows, each source numbered when it is first cited."""
        cited = dict.fromkeys((row["source"], citation.place(row)) for row in rows if row["source"])
        return tuple(
            Mark(self._numbers.setdefault(address, len(self._numbers) + 1), place) for address, place in cited
        )

    def _source(self, address: str, number: int) -> Source:
        row = self._ask("source", source=terms.local_name(address))[0]
        grade = self._label("evidence-grade", row["grade"])
        details = (
            row["publisher"],
            row["issued"],
            f"{grade} source",
            f"read {row['readOn']}" * bool(row["readOn"]),
        )
        return Source(number, address, row["title"], "; ".join(filter(None, details)), row["url"])

    def _label(self, scheme: str, name: str) -> str:
        """Return the label of a concept; an age stays a number, no name stays empty."""
        return self._labels.get((scheme, name), name)


def _called(subject: Row) -> str:
    if not subject["level"].startswith("obligation-level"):
        return subject["label"][:1].upper() + subject["label"][1:]
    number = subject["label"]
    return "Recommendation without number" if number == "no number" else f"Recommendation {number}"


def _done(rows: Sequence[Row]) -> str:
    confined = f", for {rows[0]['principle']}" if rows[0]["principle"] else ""
    limits = "; ".join(sorted(rows[0]["conditions"].split("\n"))) if rows[0]["conditions"] else ""
    return f"{rows[0]['name']}: {rows[0]['valueLabel']}{confined}" + (f" ({limits})" if limits else "")


def _labels(lines: str) -> str:
    """Return the labels of lines "label <address>", in their order."""
    return "; ".join(line.rpartition(" <")[0] for line in lines.splitlines() if line)


def _by(rows: Iterable[Row], *columns: str) -> dict[tuple[str, ...], list[Row]]:
    """Put rows with the same values together, in the order in which these first appear."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    return groups
