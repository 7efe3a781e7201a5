"""Where the answers come from: the newest whole build of a folder, a bare store, or an endpoint."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lanzarote_atlas import builds, resources, settings
from lanzarote_atlas.errors import AtlasError, StoreError
from lanzarote_atlas.gateway.engines import Engines, OxigraphServers, RemoteEngine, note
from lanzarote_atlas.store import Store, guarded, table, text
from lanzarote_atlas.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from pathlib import Path

_LOOK_SECONDS = 2
_GRAPHS_SECONDS = 60
_DRAIN_SECONDS = 1
_IN_USE = {"LOCK", "LOG"}


@dataclass(frozen=True)
class Dataset:
    """One build, or an endpoint, with what answers over it."""

    build_id: str
    """Empty where an endpoint does not say: nothing is then kept of its answers."""
    graphs: frozenset[str]
    engines: Engines
    store: Store
    """For the service's own queries, which are files of the project."""
    build: builds.Build | None = None


class Origin:
    """The dataset that is served now."""

    def __init__(self, folder: Path | None, endpoint: str) -> None:
        """Take the folder of builds, of one build or of a bare store; or the address of an endpoint."""
        self._folder = folder
        self._endpoint = endpoint
        self._dataset: Dataset | None = None
        self._watch: asyncio.Task[None] | None = None
        self._retired: set[asyncio.Task[None]] = set()

    @property
    def dataset(self) -> Dataset:
        """The dataset served; StoreError before `start`."""
        if self._dataset is None:
            message = "the service is not started"
            raise StoreError(message)
        return self._dataset

    @property
    def builds(self) -> Path | None:
        """The folder in which builds are kept; None where a single store or an endpoint answers."""
        return self._folder if self._folder and builds.current(self._folder) else None

    def check(self) -> None:
        """Raise StoreError where there is nothing to serve, before anything is started."""
        self._found()

    async def start(self) -> None:
        """Make the dataset ready; StoreError where there is none."""
        self._dataset = await self._ready()
        self._watch = asyncio.create_task(self._follow_endpoint() if self._endpoint else self._follow())

    async def stop(self) -> None:
        """End everything that was started."""
        for task in (self._watch, *self._retired):
            if task:
                task.cancel()
        if self._dataset:
            await self._dataset.engines.stop()

    async def _ready(self) -> Dataset:
        dataset = await asyncio.to_thread(self._found)
        await dataset.engines.start()
        return dataset

    def _found(self) -> Dataset:
        if self._endpoint or self._folder is None:
            return _of_endpoint(self._endpoint)
        build = builds.current(self._folder) or builds.standing(self._folder)
        if build:
            store: Store = EmbeddedStore.open(build.store, build.manifest.build_id)
            graphs = guarded.named_graphs(build.store)
            return Dataset(build.manifest.build_id, graphs, OxigraphServers(build.store), store, build)
        if not (self._folder / "CURRENT").is_file():
            builds.required(self._folder)
        build_id = _state_of(self._folder)
        store = EmbeddedStore.open(self._folder, build_id)
        return Dataset(build_id, guarded.named_graphs(self._folder), OxigraphServers(self._folder), store)

    async def _follow(self) -> None:
        """Serve a newer build once it is there; the servers of the old one end when its queries have."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            newest = builds.current(self._folder) if self._folder else None
            if newest is None or newest == self.dataset.build:
                continue
            try:
                fresh = await self._ready()
            except StoreError as error:
                note("build-refused", error=str(error))
                continue
            self._serve(fresh)

    def _serve(self, fresh: Dataset) -> None:
        old, self._dataset = self.dataset, fresh
        note("build-served", build=fresh.build_id)
        retiring = asyncio.create_task(_retire(old))
        self._retired.add(retiring)
        retiring.add_done_callback(self._retired.discard)

    async def _follow_endpoint(self) -> None:
        """Serve what is published next; learn of graphs that an endpoint without publications got or lost."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS if self.dataset.build_id else _GRAPHS_SECONDS)
            try:
                fresh = await asyncio.to_thread(self._newer_of_endpoint)
                if fresh and fresh.build_id:
                    await fresh.engines.start()
            except AtlasError as error:
                note("endpoint-failed", error=str(error))
                continue
            if fresh and fresh.build_id:
                self._serve(fresh)
            elif fresh:
                self._dataset = replace(self.dataset, graphs=fresh.graphs)

    def _newer_of_endpoint(self) -> Dataset | None:
        """Return what the endpoint holds now, or None where it is the build that is served."""
        from lanzarote_atlas import publication  # noqa: PLC0415 - slow to import, seldom needed

        found = publication.current(self._endpoint)
        if self.dataset.build_id and (found is None or found.build_id == self.dataset.build_id):
            return None
        return _of_endpoint(self._endpoint)


async def _retire(dataset: Dataset) -> None:
    await asyncio.sleep(settings.current().query_seconds + _DRAIN_SECONDS)
    await dataset.engines.stop()


def _of_endpoint(address: str) -> Dataset:
    """Return the build that was published last to an endpoint, or what it holds where none was."""
    from lanzarote_atlas import publication  # noqa: PLC0415 - slow to import, seldom needed
    from lanzarote_atlas.store.remote import RemoteStore  # noqa: PLC0415 - as above

    found = publication.current(address)
    if found is None:
        store = RemoteStore(address)
        return Dataset("", _graphs_of(store), RemoteEngine(address), store)
    held = publication.dataset(address, found.build_id)
    store = RemoteStore(address, dataset=held, build_id=found.build_id)
    return Dataset(found.build_id, held.graphs, RemoteEngine(address, held), store)


def _graphs_of(store: Store) -> frozenset[str]:
    query = resources.read_text(resources.project() / "queries" / "service" / "graphs.rq")
    return frozenset(text(term) for term in table(store.query(query)).values("graph"))


def _state_of(folder: Path) -> str:
    """Return what tells one state of a bare store from another: its files, their sizes and times."""
    files = sorted(
        path for path in folder.iterdir() if path.suffix in ("", ".sst") and path.name not in _IN_USE
    )
    told = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
