"""What was published to an engine, and which of it readers see.

An engine holds each build in graphs of its own, named after the build, so that loading one changes nothing
that readers see. Which build they see is told by the highest position in one small graph; adding one triple
there is the switch (docs/decisions/010). Readers ask for the graphs of that build by name, and get the
addresses that those graphs have in the atlas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lanzarote_atlas import catalogue, resources, settings, store, terms
from lanzarote_atlas.errors import StoreError
from lanzarote_atlas.store.remote import OWN_WORK, Dataset, RemoteStore

if TYPE_CHECKING:
    from lanzarote_atlas.store import Answer, Store

_IN_NAMES = 16
BEGUN = 0
"""The position of a build while it is loaded."""


@dataclass(frozen=True)
class Publication:
    """A build in an engine, and its place in the order of publications."""

    build_id: str
    position: int
    as_at: str
    built_at: str

    @property
    def address(self) -> str:
        """The address of the build, and of the graph with the union of all its graphs."""
        return f"{folder()}{self.build_id[:_IN_NAMES]}"

    @property
    def manifest(self) -> str:
        """The address of the graph that lists the build's graphs."""
        return f"{self.address}/manifest"

    @property
    def graphs(self) -> str:
        """How the addresses of its graphs begin in the engine."""
        return f"{self.address}/graph/"


def folder() -> str:
    """Return how the addresses of all published builds begin."""
    return f"{settings.current().base}build/"


def publications() -> str:
    """Return the address of the graph that tells what was published."""
    return f"{folder()}publications"


def shown() -> str:
    """Return how the addresses of graphs begin for readers."""
    return terms.prefixes()["graph"]


def current(address: str) -> Publication | None:
    """Return what readers of an endpoint see, or None where nothing was published to it.

    An endpoint without publications is asked as it is: somebody else loaded it, or it is a gateway.
    Raise StoreError while the first build is still being loaded.
    """
    found = history(RemoteStore(address))
    if found and found[0].position == BEGUN:
        message = (
            f"{address} holds no whole build yet: its first one is being published, or was interrupted; "
            "run `lanzarote publish` again"
        )
        raise StoreError(message)
    return found[0] if found else None


def history(engine: Store) -> list[Publication]:
    """Return the publications to an engine, the latest first; those that were only begun stand last."""
    rows = store.table(ask(engine, "history", publications=publications())).dicts()
    return [Publication(row["identifier"], int(row["position"]), row["asAt"], row["builtAt"]) for row in rows]


def opened(address: str) -> RemoteStore:
    """Return the store of an endpoint, held to the build that readers see now."""
    found = current(address)
    return held_to(address, found.build_id) if found else RemoteStore(address)


def held_to(address: str, build_id: str) -> RemoteStore:
    """Return the store of an endpoint that answers from one published build, whatever else is there."""
    return RemoteStore(address, dataset=dataset(address, build_id), build_id=build_id)


def dataset(address: str, build_id: str) -> Dataset:
    """Return the graphs of a build that was published to an endpoint."""
    engine = RemoteStore(address, limits=OWN_WORK)
    publication = Publication(build_id, BEGUN, "", "")
    given = {"build": publication.address, "manifest": publication.manifest}
    graphs = tuple(row["graph"] for row in store.table(ask(engine, "graphs", **given)).dicts())
    return Dataset(publication.address, graphs, shown(), publication.graphs)


def ask(engine: Store, name: str, **given: str) -> Answer:
    """Answer one of the queries in queries/publication."""
    return engine.query(_query(name).bound(given))


@cache
def _query(name: str) -> catalogue.NamedQuery:
    return catalogue.read(resources.project() / "queries" / "publication" / f"{name}.rq")
