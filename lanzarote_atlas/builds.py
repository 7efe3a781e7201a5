"""Builds on disk: where they are kept, which one is current, and how a new one takes its place.

A build is a folder with the store, `atlas.trig`, the search index and a manifest. A new one is made aside and
becomes current by the replacement of one small file, so that a reader sees the old build or the new one and
never a part of either; a build that fails or is killed leaves nothing but a folder that the next one removes.

The newest builds are kept, as many as LANZAROTE_BUILDS_KEPT says, so that their permanent addresses answer;
those that say the same, because the program alone was changed, count as one. A build that is removed leaves a
line in a list, so that its addresses can say that it is kept no more.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from lanzarote_atlas import permanent_addresses, settings
from lanzarote_atlas.errors import GoneError, StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_POINTER = "current"
_REMOVED = "removed"
_MAKING = ".making-"
_FEWEST = 4
"""Characters of an identifier that a reader must give at least."""


@dataclass(frozen=True)
class Manifest:
    """What is known of a build."""

    build_id: str
    """SHA-256 of the canonical quads (RDFC-1.0), in hexadecimal."""
    fingerprint: str
    """SHA-256 of everything the build was made from."""
    quads: int
    graphs: int
    as_at: str
    """Date of the data, ISO 8601; the derived cells hold at this date."""
    built_at: str
    """When the build was made, ISO 8601 with time zone."""

    @property
    def short(self) -> str:
        """The digits by which addresses, folders and messages name it."""
        return permanent_addresses.short(self.build_id)


@dataclass(frozen=True)
class Build:
    """A finished build: its folder and manifest."""

    folder: Path
    manifest: Manifest

    @property
    def store(self) -> Path:
        """The folder of the store."""
        return self.folder / "store"

    @property
    def trig(self) -> Path:
        """The dataset as TriG."""
        return self.folder / "atlas.trig"

    @property
    def search_index(self) -> Path:
        """The full-text index."""
        return self.folder / "search.sqlite"


def current(out: Path) -> Build | None:
    """Return the current build in a folder, or None where there is none."""
    try:
        folder = out / (out / _POINTER).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return standing(folder)


def kept(out: Path) -> tuple[Build, ...]:
    """Return the builds that are kept in a folder, newest first; those that lack a part are left out."""
    found = [
        build for path in out.glob("*/manifest.json") if (build := standing(path.parent)) and is_whole(build)
    ]
    return tuple(sorted(found, key=lambda build: (build.manifest.built_at, build.folder.name), reverse=True))


def find(out: Path, name: str) -> Build:
    """Return a kept build by the first characters of its identifier, by `current`, or by its folder.

    Raises UsageError, with the builds that are kept, where none or several answer to the name; GoneError
    where the build was one of this folder and was removed.
    """
    if name == _POINTER:
        return required(out)
    every = kept(out)
    found = [build for build in every if len(name) >= _FEWEST and build.manifest.build_id.startswith(name)]
    by_folder = standing(Path(name)) if not found and Path(name).is_dir() else None
    if by_folder and is_whole(by_folder):
        return by_folder
    if len({build.manifest.build_id for build in found}) != 1:
        named = dict.fromkeys(build.manifest.short for build in every)
        names = ", ".join(named) or "none"
        _tell_if_gone(out, name, names)
        message = f"{'several builds' if found else 'no build'} {name!r} kept here; kept are: {names}"
        raise UsageError(message)
    return found[0]


def _tell_if_gone(out: Path, name: str, names: str) -> None:
    found = [line.split() for line in _removed(out) if len(name) >= _FEWEST and line.startswith(name)]
    if found:
        build_id, built_at = found[-1]
        message = (
            f"build {permanent_addresses.short(build_id)}, made on {built_at[:10]}, is kept no more; "
            f"kept are: {names}. LANZAROTE_BUILDS_KEPT says how many are kept"
        )
        raise GoneError(message)


def _removed(out: Path) -> list[str]:
    """Return a line for each build that was removed: its identifier and when it was made."""
    try:
        lines = (out / _REMOVED).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    return [line for line in lines if len(line.split()) == len(("identifier", "date"))]


def standing(folder: Path) -> Build | None:
    """Return the build that a folder holds, or None where it holds none."""
    try:
        manifest = Manifest(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return Build(folder, manifest)


def required(out: Path) -> Build:
    """Return the current build; raise StoreError saying how to make one where there is none."""
    build = current(out)
    if build is None:
        message = f"no build in {out}: run `lanzarote build`"
        raise StoreError(message)
    return build


@contextmanager
def making(out: Path) -> Iterator[Path]:
    """Give an empty folder in `out`; what is not adopted goes, and `out` too where it was new."""
    is_first = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(out)
        folder = Path(mkdtemp(prefix=f"{_MAKING}{os.getpid()}-", dir=out))
    except OSError as error:
        message = f"no build can be written to {out}: {error.strerror}; name another folder with --out"
        raise StoreError(message) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if is_first:
            with suppress(OSError):
                out.rmdir()  # which removes an empty folder alone


def adopt(folder: Path, manifest: Manifest, out: Path) -> Build:
    """Make the finished folder the current build; the replacement of the pointer file is the only switch."""
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    kept = Build(out / f"{manifest.short}-{manifest.fingerprint[:8]}", manifest)
    if not is_whole(kept):
        shutil.rmtree(kept.folder, ignore_errors=True)
        _move(folder, kept)
    fresh = folder.with_name(f"{folder.name}-pointer")
    fresh.write_text(kept.folder.name + "\n", encoding="utf-8")
    fresh.replace(out / _POINTER)
    _remove_oldest(out, kept.folder)
    return kept


def is_whole(build: Build) -> bool:
    """Tell whether every part of a build is there: nobody removed the store, the dump or the index."""
    parts = (build.folder / "manifest.json", build.trig, build.search_index)
    return build.store.is_dir() and all(part.is_file() for part in parts)


def _move(folder: Path, kept: Build) -> None:
    try:
        folder.rename(kept.folder)
    except OSError:
        if not is_whole(kept):  # else another process made the same build in the meantime
            raise


def _remove_abandoned(out: Path) -> None:
    for path in out.glob(f"{_MAKING}*"):
        owner = path.name.removeprefix(_MAKING).split("-")[0]
        if owner.isdigit() and _runs(int(owner)):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _remove_oldest(out: Path, kept: Path) -> None:
    """Remove what is older than the builds to be kept, and what says the same as a later one.

    The one before the current stays even if it says the same: a service may still answer from it.
    """
    manifests = sorted(out.glob("*/manifest.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    seen: set[str] = set()
    for place, folder in enumerate(path.parent for path in manifests):
        build = standing(folder)
        build_id = build.manifest.build_id if build else ""
        again = build_id in seen
        too_many = not again and len(seen) >= settings.current().builds_kept
        if folder != kept and (too_many or (again and place > 1)):
            if too_many:
                _note_removal(out, folder)
            shutil.rmtree(folder, ignore_errors=True)
        else:
            seen.add(build_id)


def _note_removal(out: Path, folder: Path) -> None:
    build = standing(folder)
    if build:
        with (out / _REMOVED).open("a", encoding="utf-8") as listed:
            listed.write(f"{build.manifest.build_id} {build.manifest.built_at}\n")
