"""What the pages ask, of the current build or the endpoint of the settings.

They ask through named queries; what a reader writes passes the guard.

An address may name a kept build, which then answers instead of the current one, read only as all are. The
pointer to the current build is read at every run, that of an endpoint every few seconds, so that a build
made or published while the dashboard runs is noticed; stores and answers are kept by the identifier of the
build, so that none outlives its build.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import builds, catalogue, permanent_addresses, resources, scenario, settings
from lanzarote_atlas.dashboard import address
from lanzarote_atlas.store import Answer, Store, Table, table
from lanzarote_atlas.store.embedded import EmbeddedStore
from lanzarote_atlas.store.guarded import GuardedEndpoint, GuardedStore

if TYPE_CHECKING:
    from lanzarote_atlas.citation import Stand

AS_AT = "asAt"
"""The parameter by which a query takes the date at which the page shows the atlas."""
_ORIGIN = "origin"
_ANSWERS = 1000
_BUILDS = 4
"""How many builds are held open at once: the current one, and those that permanent addresses name."""
_ENDPOINT_SECONDS = 300
"""How long answers of an endpoint are kept that does not say which build it serves."""
_POINTER_SECONDS = 5


@dataclass(frozen=True)
class Origin:
    """Which atlas answers: the folder of a build or the address of an endpoint."""

    place: str
    build_id: str
    """Empty where an endpoint answers to which no build was published."""
    as_at: str
    built_at: str
    later: str = ""
    """The identifier of the current build, where the address names an older one."""

    @property
    def is_endpoint(self) -> bool:
        """Whether an endpoint answers, which keeps no builds and has no search index."""
        return _is_endpoint(self.place)

    @property
    def kept(self) -> str:
        """The digits by which an address can name the build; empty for an endpoint, which keeps none."""
        return "" if self.is_endpoint else permanent_addresses.short(self.build_id)


@dataclass(frozen=True)
class Answered:
    """The rows of a named query as texts, with what was asked."""

    name: str
    parameters: dict[str, str]
    sparql: str
    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    truncated: bool


@dataclass(frozen=True)
class Word:
    """What a concept, class or property is called and means."""

    label: str
    definition: str


def begin() -> Origin:
    """Look what answers, once at the start of a run, so that one page never mixes two builds; as origin()."""
    st.session_state[_ORIGIN] = None
    source = origin()
    st.session_state[_ORIGIN] = source
    return source


def origin() -> Origin:
    """Return what answers this run.

    Raises StoreError where there is neither a build nor an endpoint, UsageError where the address names a
    build that is not kept.
    """
    found: Origin | None = st.session_state.get(_ORIGIN)
    return found or _look()


def _look() -> Origin:
    endpoint = settings.current().endpoint
    if endpoint:
        return _published(endpoint)
    out, named = resources.store_folder(), address.build()
    current = builds.required(out)
    build = builds.find(out, named) if named else current
    manifest = build.manifest
    superseded = manifest.build_id != current.manifest.build_id
    later = current.manifest.build_id if superseded else ""
    return Origin(str(build.store), manifest.build_id, manifest.as_at, manifest.built_at, later)


def ask(name: str, /, **parameters: str | None) -> Answered:
    """Answer a named query of the catalogue; parameters that are None or empty are left out.

    A query that takes a date and is given none is asked as at the date of the address.
    """
    if takes_date(name):
        parameters[AS_AT] = parameters.get(AS_AT) or address.as_at()
    given = tuple(sorted((key, value) for key, value in parameters.items() if value))
    source = origin()
    if source.build_id:
        return _from_build(source.place, source.build_id, name, given)
    return _from_endpoint(source.place, name, given)


def takes_date(name: str) -> bool:
    """Return whether a named query answers as at a date."""
    return any(parameter.name == AS_AT for parameter in catalogue.find(name).parameters)


def terms_of(answer: Answered) -> Table:
    """Return the same answer as RDF terms, asked anew: exports keep what a page makes text of."""
    return table(data().query(answer.sparql))


def data() -> Store:
    """Return the open store itself, for what is made on demand: files and citations."""
    source = origin()
    return _open(source.place, source.build_id)


def stand() -> Stand:
    """Return which build a citation names; of an endpoint, which does not say, today's answers."""
    source = origin()
    return source if source.as_at else replace(source, as_at=address.today())


def search_index() -> Path | None:
    """Return the search index of the build; None where an endpoint answers, which has none."""
    source = origin()
    build = None if source.is_endpoint else builds.standing(Path(source.place).parent)
    return build.search_index if build else None


def own(query: str) -> Answer:
    """Answer a query that a reader wrote: it passes the guard and is ended with its time."""
    source = origin()
    if source.is_endpoint:
        return GuardedEndpoint(_open(source.place, source.build_id)).query(query)
    return _guarded(source.place, source.build_id).query(query)


def words() -> dict[tuple[str, str], Word]:
    """Return every concept by scheme and name, and every class and property under the scheme ""."""
    source = origin()
    return _words(source.place, source.build_id, period(source))


def state_names() -> dict[str, str]:
    """Return the English name of every State compared, by its code, as the graph gives it."""
    source = origin()
    return _state_names(source.place, source.build_id, period(source))


def law() -> scenario.Law:
    """Return what scenarios are judged by, read once for a build."""
    source = origin()
    return _law(source.place, source.build_id, period(source))


def word(scheme: str, name: str) -> Word:
    """Return one word; a concept that the atlas does not define is called by its name."""
    return words().get((scheme, name)) or Word(name.replace("-", " "), "")


@st.cache_data(max_entries=2, ttl=_POINTER_SECONDS, show_spinner=False)
def _published(endpoint: str) -> Origin:
    # The remote client is slow to import, and only an endpoint needs it.
    from lanzarote_atlas import publication  # noqa: PLC0415

    found = publication.current(endpoint)
    if found is None:
        return Origin(endpoint, "", "", "")
    return Origin(endpoint, found.build_id, found.as_at, found.built_at)


def _is_endpoint(place: str) -> bool:
    return place.startswith(("http://", "https://"))


@st.cache_resource(max_entries=_BUILDS, show_spinner=False)
def _open(place: str, build_id: str) -> Store:
    if not _is_endpoint(place):
        return EmbeddedStore.open(Path(place), build_id)
    from lanzarote_atlas import publication  # noqa: PLC0415
    from lanzarote_atlas.store.remote import RemoteStore  # noqa: PLC0415

    return publication.held_to(place, build_id) if build_id else RemoteStore(place)


@st.cache_resource(max_entries=2, show_spinner=False)
def _guarded(place: str, build_id: str) -> GuardedStore:
    return GuardedStore(Path(place), build_id)


@st.cache_data(max_entries=_ANSWERS, show_spinner=False)
def _from_build(place: str, build_id: str, name: str, given: tuple[tuple[str, str], ...]) -> Answered:
    return _answer(_open(place, build_id), name, given)


@st.cache_data(max_entries=_ANSWERS, ttl=_ENDPOINT_SECONDS, show_spinner=False)
def _from_endpoint(place: str, name: str, given: tuple[tuple[str, str], ...]) -> Answered:
    return _answer(_open(place, ""), name, given)


def period(source: Origin) -> int:
    """Return 0 for a build, which never changes; for an endpoint a number that moves as answers age."""
    return 0 if source.build_id else int(time.monotonic() // _ENDPOINT_SECONDS)


@lru_cache(maxsize=_BUILDS)
def _state_names(_place: str, _build_id: str, _period: int) -> dict[str, str]:
    return {row["code"]: row["label"] for row in ask("states").rows}


@lru_cache(maxsize=_BUILDS)
def _words(_place: str, _build_id: str, _period: int) -> dict[tuple[str, str], Word]:
    rows = ask("words").rows
    return {(row["scheme"], row["name"]): Word(row["label"], row["definition"]) for row in rows}


@lru_cache(maxsize=_BUILDS)
def _law(place: str, build_id: str, _period: int) -> scenario.Law:
    return scenario.load(_open(place, build_id))


def _answer(store: Store, name: str, given: tuple[tuple[str, str], ...]) -> Answered:
    sparql = catalogue.find(name).bound(dict(given))
    answer = table(store.query(sparql))
    return Answered(name, dict(given), sparql, answer.columns, answer.dicts(), answer.truncated)
