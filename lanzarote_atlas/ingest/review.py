"""A reader's word on each draft: accepted, corrected or rejected, with who and when.

Accepted drafts become records in the reader's own data folder (`LANZAROTE_DATA`), one file each, which every
build joins to the project's data. A file is only ever added: what stands in the atlas is never overwritten,
and a draft that differs from a record that stands is shown as a difference and refused. Every decision is a
line of `reviews.jsonl` beside the records.

    atlas = Atlas.read(data, resources.local_data_folder())
    review = Review(resources.local_data_folder(), atlas)
    for draft in drafts.drafts:
        review.compare(draft)                                   # new, same or differs
        review.accept(draft, drafts, by="…", links=draft.proposed[:1])
        review.reject(draft, by="…", reason="…")
        review.decided(draft)                                   # the decision, or None
"""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import yaml

from lanzarote_atlas.check import keys, references
from lanzarote_atlas.errors import ReviewError
from lanzarote_atlas.ingest import standing
from lanzarote_atlas.ingest.atlas import as_list
from lanzarote_atlas.records.files import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lanzarote_atlas.errors import Fault
    from lanzarote_atlas.ingest.atlas import Atlas
    from lanzarote_atlas.ingest.drafts import Draft, Drafts
    from lanzarote_atlas.ingest.proposals import Proposal
    from lanzarote_atlas.ingest.standing import Comparison
    from lanzarote_atlas.records.yaml_text import Value

_JOURNAL = "reviews.jsonl"
_SINGLE = frozenset({"basisKind"})
_WIDTH = 110
LONGEST_NAME = 200
"""How many characters of a reviewer's name are kept."""


class Action(StrEnum):
    """What a reader did with a draft."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Decision:
    """What was decided on a draft, by whom and when (ISO 8601, UTC)."""

    draft: str
    """The draft's key."""
    type: str
    id: str
    action: Action
    by: str
    at: str
    reason: str = ""
    file: str = ""
    """The record's file, from the reader's data folder on."""


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)


class Review:
    """The reader's decisions on drafts.

    `atlas` is what stood when the review began, and grows with each acceptance.
    """

    def __init__(self, folder: Path, atlas: Atlas, now: Callable[[], dt.datetime] = _now) -> None:
        """Take the reader's data folder, which need not exist yet."""
        self._folder = folder
        self._now = now
        self.atlas = atlas

    def compare(self, draft: Draft) -> Comparison:
        """Return how a draft stands to the atlas: new, the same, or where it differs from which record."""
        return standing.compare(draft, self.atlas)

    def decisions(self) -> list[Decision]:
        """Return every decision, oldest first; raise ReviewError where the journal cannot be read."""
        journal = self._folder / _JOURNAL
        try:
            lines = journal.read_text(encoding="utf-8").splitlines() if journal.is_file() else []
            found = [json.loads(line) for line in lines if line.strip()]
            return [Decision(**(one | {"action": Action(one["action"])})) for one in found]
        except (OSError, ValueError, TypeError, KeyError) as error:
            message = f"{journal}: cannot be read ({error}); restore it, or move it away"
            raise ReviewError(message) from error

    def decided(self, draft: Draft) -> Decision | None:
        """Return the latest decision on a draft; None where there is none."""
        return next((one for one in reversed(self.decisions()) if one.draft == draft.key), None)

    def accept(self, draft: Draft, drafts: Drafts, by: str, links: Sequence[Proposal] = ()) -> Decision:
        """Write a draft as a record, with the links that the reader chose, and its source where that is new.

        Raises ReviewError, and writes nothing, where nobody accepts it, where the atlas holds it already or
        holds something that differs, or where it would be a fault in the data (the message says of each what
        to do).
        """
        who = _somebody(by)
        self._refuse_standing(draft)
        self._refuse_links_to_drafts(draft, drafts, links)
        at = self._now()
        records = [self._record(drafts.source, (), who, at)] if self._lacks(drafts.source) else []
        records.append(self._record(draft, links, who, at))
        self._refuse_faults(records)
        for record in records:
            self._write(record)
        self.atlas = self.atlas.joined_by(records)
        action = Action.CORRECTED if draft.corrected else Action.ACCEPTED
        return self._note(replace(self._decision(draft, action, who, at), file=_file_name(draft)))

    def reject(self, draft: Draft, by: str, reason: str = "") -> Decision:
        """Note that a draft is not to become a record; nothing else is written.

        Raises ReviewError where nobody rejects it, or where it was accepted before.
        """
        who = _somebody(by)
        before = self.decided(draft)
        if before and before.action is not Action.REJECTED:
            message = f"{draft.id}: {before.action} by {before.by} on {before.at}; retire the record instead"
            raise ReviewError(message)
        decision = self._decision(draft, Action.REJECTED, who, self._now())
        return self._note(replace(decision, reason=reason.strip()))

    # --- what is refused

    def _refuse_standing(self, draft: Draft) -> None:
        found = self.compare(draft)
        if found.standing is standing.Standing.SAME:
            message = f"{draft.id}: the atlas holds it already: {', '.join(one.id for one in found.records)}"
            raise ReviewError(message)
        if found.standing is standing.Standing.DIFFERS:
            told = "\n".join(str(difference) for difference in found.differences)
            message = f"{draft.id}: differs from what stands, which is not overwritten:\n{told}"
            raise ReviewError(message)

    def _refuse_links_to_drafts(self, draft: Draft, drafts: Drafts, links: Sequence[Proposal]) -> None:
        others = {one.id for one in drafts.drafts if one.type == "Recommendation"}
        for link in links:
            if link.key == "recommendation" and link.value in others and not self._stands(link.value):
                message = f"{draft.id}: {link.value} is a draft still: accept it first, or leave the link"
                raise ReviewError(message)

    def _stands(self, recommendation: str) -> bool:
        known = self.atlas.known().names.get("id/recommendation", set())
        return recommendation in known

    def _refuse_faults(self, records: list[Record]) -> None:
        grown = self.atlas.joined_by(records)
        found: list[Fault] = [*keys.faults(records), *references.faults(records, grown.known())]
        if found:
            told = "\n".join(f"{one.record}: {one.problem}; {one.remedy}" for one in sorted(set(found)))
            message = f"cannot be accepted yet:\n{told}"
            raise ReviewError(message)

    def _lacks(self, source: Draft) -> bool:
        return self.atlas.find("Source", source.id) is None

    # --- what is written

    def _record(self, draft: Draft, links: Sequence[Proposal], who: str, at: dt.datetime) -> Record:
        body = dict(draft.record)
        for link in links:
            body[link.key] = _with(body.get(link.key), link)
        if draft.parts and "part" in body:
            body["part"] = _quoted_parts(body.get("part"), draft.parts)
        if draft.quotation:
            body["quotation"] = draft.quotation
        body |= {"reviewedBy": who, "reviewedOn": at.date().isoformat()}
        if "citation" in body:
            body["citation"] = body.pop("citation")
        path = self._folder / _file_name(draft)
        graph = "local/" + _file_name(draft).removesuffix(".yaml")
        return Record(draft.type, draft.id, body, path.as_posix(), graph, (), {})

    def _write(self, record: Record) -> None:
        """Write a record's file whole or not at all, and never over another."""
        text = yaml.safe_dump(record.body, allow_unicode=True, sort_keys=False, width=_WIDTH)
        final = self._folder / (record.graph.removeprefix("local/") + ".yaml")
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", encoding="utf-8", dir=final.parent, suffix=".part") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
                os.link(file.name, final)
        except FileExistsError as error:
            message = f"{final}: stands already and is not overwritten; read the atlas anew"
            raise ReviewError(message) from error
        except OSError as error:
            message = f"{final}: cannot be written: {error.strerror}; LANZAROTE_DATA names another folder"
            raise ReviewError(message) from error

    def _note(self, decision: Decision) -> Decision:
        line = json.dumps(asdict(decision), ensure_ascii=False) + "\n"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / _JOURNAL).open("a", encoding="utf-8") as journal:
                journal.write(line)
        except OSError as error:
            message = f"{self._folder / _JOURNAL}: cannot be written: {error.strerror}"
            raise ReviewError(message) from error
        return decision

    def _decision(self, draft: Draft, action: Action, who: str, at: dt.datetime) -> Decision:
        when = at.isoformat(timespec="seconds")
        return Decision(draft.key, draft.type, draft.id, action, who, when)


def _somebody(by: str) -> str:
    who = " ".join(by.split())
    if not who:
        message = "say who reviews: a name or an address"
        raise ReviewError(message)
    return who[:LONGEST_NAME]


def _file_name(draft: Draft) -> str:
    return f"{draft.type}/{draft.id.replace('/', '--')}.yaml"


def _with(standing_value: Value, link: Proposal) -> Value:
    if link.key in _SINGLE:
        return link.value
    values = [*as_list(standing_value), link.value]
    return list(dict.fromkeys(map(str, values)))


def _quoted_parts(parts: Value, words: Sequence[str]) -> Value:
    """Return the sub-items with their words, as far as the reader left them in number."""
    items = [one for one in as_list(parts) if isinstance(one, dict)]
    if len(items) != len(words):
        return parts
    return [one | {"quotation": said} for one, said in zip(items, words, strict=True)]
