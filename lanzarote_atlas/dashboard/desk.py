"""The reviewer's desk: the document of the session, its drafts, what was changed on them, the decisions.

The document and unfinished work stay with the session, so that a look at another page loses nothing;
decisions are in the reader's data folder at once. A document is unpacked once, whoever hands it in, and
drafted once for a build. The atlas is read once for a build; the reader's own records are read again when one
was added.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import builds, resources
from lanzarote_atlas.compile import build
from lanzarote_atlas.dashboard import store
from lanzarote_atlas.errors import FaultsFoundError
from lanzarote_atlas.ingest import documents, drafts, fields, reading
from lanzarote_atlas.ingest.atlas import Atlas
from lanzarote_atlas.ingest.review import Action, Decision, Review
from lanzarote_atlas.ingest.standing import Standing
from lanzarote_atlas.records import files

if TYPE_CHECKING:
    from pathlib import Path

    from lanzarote_atlas.ingest.drafts import Draft, Drafts
    from lanzarote_atlas.ingest.pieces import Kind
    from lanzarote_atlas.ingest.proposals import Proposal
    from lanzarote_atlas.ingest.reading import Document
    from lanzarote_atlas.ingest.standing import Comparison
    from lanzarote_atlas.records.yaml_text import Value

_HANDED_IN, _WORK = "review.document", "review.work"
_DOCUMENTS = 8
_WRITING = Lock()
"""One decision at a time, so that two readers of this dashboard never decide on the same state of things."""

TO_DECIDE, ACCEPTED, REJECTED, NOTHING = "to-decide", "accepted", "rejected", "nothing"
"""What is to be done on a draft: decide; it was accepted or rejected; the atlas holds it already."""


@dataclass(frozen=True)
class HandedIn:
    """A document that was read, and what the reader said of it."""

    document: Document
    state: str
    kind: Kind | None = None
    source: str = ""


@dataclass
class Work:
    """What a reader changed on one draft and has not decided yet."""

    written: dict[str, Value] = field(default_factory=dict)
    """By field, as `ingest.fields` names them."""
    ticked: set[tuple[str, str]] = field(default_factory=set)
    """Key and value of the proposals that were ticked."""
    added: dict[str, list[str]] = field(default_factory=dict)
    """By key of a link."""
    reason: str = ""


@dataclass(frozen=True)
class Item:
    """A draft with how it stands to the atlas and what was decided."""

    draft: Draft
    standing: Standing
    decision: Decision | None

    @property
    def status(self) -> str:
        """One of TO_DECIDE, ACCEPTED, REJECTED, NOTHING."""
        if self.decision:
            return REJECTED if self.decision.action is Action.REJECTED else ACCEPTED
        return NOTHING if self.standing is Standing.SAME else TO_DECIDE


# --- the document of the session


def hand_in(content: bytes, name: str, state: str, kind: Kind | None, source: str) -> None:
    """Read a document and put it on the desk; raise DocumentError or UsageError where that fails."""
    document = _read(content, name)
    given = HandedIn(document, state, kind, source)
    _drafted(given)
    st.session_state[_HANDED_IN] = given


def handed_in() -> HandedIn | None:
    """Return the document on the desk; None where there is none."""
    found: HandedIn | None = st.session_state.get(_HANDED_IN)
    return found


def clear() -> None:
    """Take the document from the desk; unfinished work on it stays, should it come back."""
    st.session_state.pop(_HANDED_IN, None)


@st.cache_resource(max_entries=_DOCUMENTS, show_spinner=False)
def _read(content: bytes, name: str) -> Document:
    return reading.read_bytes(content, name)  # kept by the hash of content and name


def made() -> Drafts:
    """Return the drafts of the document on the desk, its source as the reader corrected it."""
    given = handed_in()
    if given is None:
        message = "no document on the desk"
        raise ValueError(message)
    found = _drafted(given)
    changed = fields.changes(found.source, work(found.source).written)
    return replace(found, source=drafts.corrected(found.source, changed)) if changed else found


def _drafted(given: HandedIn) -> Drafts:
    return _drafts(given, store.origin().build_id)


def _identity(given: HandedIn) -> tuple[str, ...]:
    return (given.document.sha256, given.document.name, given.state, given.kind or "", given.source)


@st.cache_resource(max_entries=_DOCUMENTS, show_spinner=False, hash_funcs={HandedIn: _identity})
def _drafts(given: HandedIn, build_id: str) -> Drafts:  # noqa: ARG001 - drafted once for a build
    standing = atlas()
    words = standing.words(given.state)
    return documents.drafts_of(given.document, words, standing, given.kind, given.source)


# --- the atlas


def atlas() -> Atlas:
    """Return the records of the project and of the reader; raise FaultsFoundError where a file has faults."""
    source = store.origin()
    folder = resources.local_data_folder()
    return _joined(source.build_id, store.period(source), folder, _stamp(folder))


def is_built() -> bool:
    """Return whether the current build was made from what stands now, the reader's own records included."""
    made_from = builds.required(resources.store_folder()).manifest.fingerprint
    folder = resources.local_data_folder()
    return _is_made_from(made_from, folder, _stamp(folder))


@lru_cache(maxsize=2)
def _is_made_from(fingerprint: str, folder: Path, _stamped: tuple[tuple[str, int, int], ...]) -> bool:
    return build.fingerprint_of(resources.project() / "data", folder) == fingerprint


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what tells that the reader's own records changed."""
    found = files.find(folder) if folder.is_dir() else []
    stats = [(path, path.stat()) for path in found]
    return tuple((path.as_posix(), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@lru_cache(maxsize=2)
def _joined(build_id: str, period: int, folder: Path, _stamped: tuple[tuple[str, int, int], ...]) -> Atlas:
    own = files.read_local(folder)
    if own.faults:
        raise FaultsFoundError(own.faults)
    return _project(build_id, period).joined_by(own.records)


@lru_cache(maxsize=1)
def _project(_build_id: str, _period: int) -> Atlas:
    return Atlas.read(resources.project() / "data")


def states() -> dict[str, str]:
    """Return code and English name of every State that a document can be about."""
    standing = atlas()
    named = {record.id: standing.words(record.id).names[0] for record in standing.of_type("State")}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def link_options(key: str, kind: str) -> list[str]:
    """Return what a link can lead to: ids of criteria, provisions of treaties or recommendations."""
    standing = atlas()
    if kind == "Criterion":
        return [one.id for one in standing.criteria]
    found = sorted((record.id for record in standing.of_type(kind)), key=_as_counted)
    return [one for one in found if key != "basis" or one.startswith("cets-201/")]


def _as_counted(identifier: str) -> list[tuple[int, str]]:
    """Return what sorts Article 3 before Article 10."""
    pieces = re.split(r"(\d+)", identifier)
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in pieces]


def cited_as(provision: str) -> str:
    """Return how a provision is cited; an empty text where the id is none's."""
    found = atlas().find("Provision", provision)
    return str(found.body.get("citedAs", "")) if found else ""


# --- work and decisions


def work(draft: Draft) -> Work:
    """Return what the reader changed on a draft so far; it stays with the session."""
    every: dict[str, Work] = st.session_state.setdefault(_WORK, {})
    return every.setdefault(draft.key, Work())


def corrected(draft: Draft) -> Draft:
    """Return a draft as the reader has changed it so far; an id that was blotted out stays."""
    changed = fields.changes(draft, work(draft).written)
    if not changed.get("id", "-"):
        del changed["id"]
    return drafts.corrected(draft, changed) if changed else draft


def links(draft: Draft) -> list[Proposal]:
    """Return the links that the reader made on a draft so far."""
    found = work(draft)
    return fields.chosen(draft, found.ticked, found.added)


def items(found: Drafts) -> list[Item]:
    """Return every draft with its standing and decision, in the order of the document."""
    review = _review()
    latest = {one.draft: one for one in review.decisions()}
    return [Item(draft, review.compare(draft).standing, latest.get(draft.key)) for draft in found.drafts]


def _review() -> Review:
    return Review(resources.local_data_folder(), atlas())


def decisions() -> list[Decision]:
    """Return every decision ever taken, oldest first."""
    return _review().decisions()


def compared(draft: Draft) -> Comparison:
    """Return how a draft stands, the records that say the same, and the differences from them."""
    return _review().compare(draft)


def accept(draft: Draft, by: str) -> Decision:
    """Accept a draft as the reader changed it, with the links made; raise ReviewError, as Review.accept."""
    with _WRITING:
        return _review().accept(corrected(draft), made(), by, links(draft))


def reject(draft: Draft, by: str) -> Decision:
    """Reject a draft for the reason given; raise ReviewError, as Review.reject."""
    with _WRITING:
        return _review().reject(draft, by, work(draft).reason)
