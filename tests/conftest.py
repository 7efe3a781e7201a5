"""What several test folders share: one build of the real data, made once, and the store that answers."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import filelock
import hypothesis
import pyoxigraph as ox
import pytest

from lanzarote_atlas import builds, catalogue, resources
from lanzarote_atlas.compile import build
from lanzarote_atlas.store.embedded import EmbeddedStore
from tests import engines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_MAIN = sys.modules["__main__"]

# How long an example takes says how busy the machine is, and nothing of what the test claims.
hypothesis.settings.register_profile("atlas", deadline=None)
hypothesis.settings.load_profile("atlas")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/golden from the data; review the diff"
    )


@pytest.fixture(scope="module", autouse=True)
def _project_queries() -> None:
    """Each module begins with the project's own queries, whatever one before has read."""
    catalogue.queries.cache_clear()


@pytest.fixture(autouse=True)
def _own_main_module() -> None:
    """Streamlit's test harness leaves a page as the main module, which a process begun later would run."""
    sys.modules["__main__"] = _MAIN


@pytest.fixture(scope="session")
def built(pytestconfig: pytest.Config) -> builds.Build:
    """A build of the project's own data, kept in pytest's cache until what it is made from changes."""
    folder = pytestconfig.cache.mkdir("build")
    # Made by the first of the workers, read by the others.
    with filelock.FileLock(folder.with_suffix(".lock")):
        return build.build(resources.project() / "data", folder).build


@pytest.fixture(scope="session")
def atlas(built: builds.Build) -> EmbeddedStore:
    """The store of that build, read only."""
    return EmbeddedStore.open(built.store, built.manifest.build_id)


@pytest.fixture(scope="session")
def oxigraph(built: builds.Build) -> Iterator[engines.Engine]:
    """An Oxigraph server to which that build was published."""
    with engines.oxigraph() as engine:
        engine.publish(built)
        yield engine


@pytest.fixture(scope="session")
def virtuoso(built: builds.Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engine]:
    """An OpenLink Virtuoso server to which that build was published."""
    with engines.virtuoso(tmp_path_factory.mktemp("virtuoso")) as engine:
        engine.publish(built)
        yield engine


@dataclass(frozen=True)
class KeptBuilds:
    """A folder with the real build as the current one, and an older one that says two things otherwise."""

    out: Path
    older: builds.Build
    current: builds.Build

    SAID_THEN = "minimum penalty 5 years"
    SAYS_NOW = "minimum penalty 6 years"
    TITLE_THEN = "Hotline count as it was called then"
    TITLE_NOW = "Hotline count by type of material"


@pytest.fixture(scope="session")
def kept_builds(built: builds.Build, tmp_path_factory: pytest.TempPathFactory) -> KeptBuilds:
    """Two kept builds: in the older one Denmark's passive personality has another condition."""
    out = tmp_path_factory.mktemp("kept")
    manifest = replace(built.manifest, build_id="01d" + "0" * 61, built_at="2026-10-01T08:00:00+00:00")
    older, current = builds.Build(out / "older", manifest), builds.Build(out / "current-one", built.manifest)
    for one in (older, current):
        shutil.copytree(built.folder, one.folder)
        (one.folder / "manifest.json").write_text(json.dumps(asdict(one.manifest)), encoding="utf-8")
    text = older.trig.read_text(encoding="utf-8")
    older.trig.write_text(text.replace(KeptBuilds.TITLE_NOW, KeptBuilds.TITLE_THEN), encoding="utf-8")
    store = ox.Store(str(older.store))
    for quad in list(store.quads_for_pattern(None, None, ox.Literal(KeptBuilds.SAYS_NOW))):
        if "/DNK/jurisdiction.passive-personality" not in quad.subject.value:
            continue
        store.remove(quad)
        store.add(ox.Quad(quad.subject, quad.predicate, ox.Literal(KeptBuilds.SAID_THEN), quad.graph_name))
    store.flush()
    del store
    (out / "current").write_text("current-one\n", encoding="utf-8")
    (out / "removed").write_text(f"{'9' * 64} 2026-09-01T08:00:00+00:00\n", encoding="utf-8")
    return KeptBuilds(out, older, current)
