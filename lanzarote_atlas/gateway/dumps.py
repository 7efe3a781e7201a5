"""The whole dataset as files with checksums, made from the build when the first of them is asked for."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox
from starlette.responses import FileResponse, Response

from lanzarote_atlas import terms
from lanzarote_atlas.errors import UsageError

if TYPE_CHECKING:
    from starlette.requests import Request

    from lanzarote_atlas.builds import Build
    from lanzarote_atlas.gateway.service import Service

CHECKSUMS = "SHA256SUMS"
_LEVEL = 6


@dataclass(frozen=True)
class Dump:
    """One file: its media type without and with its compression."""

    format: ox.RdfFormat
    packed: bool

    @property
    def media_type(self) -> str:
        """The type in Content-Type."""
        return "application/gzip" if self.packed else self.format.media_type


NAMES = {
    "atlas.trig.gz": Dump(ox.RdfFormat.TRIG, packed=True),
    "atlas.nq.gz": Dump(ox.RdfFormat.N_QUADS, packed=True),
    "atlas.jsonld": Dump(ox.RdfFormat.JSON_LD, packed=False),
}


class Dumps:
    """The folder of the dumps of each build served; it lasts as long as the service."""

    def __init__(self) -> None:
        """Make nothing yet."""
        self._folders: dict[str, Path] = {}
        self._lock = asyncio.Lock()

    async def folder(self, build: Build) -> Path:
        """Return the folder with the dumps of a build."""
        build_id = build.manifest.build_id
        async with self._lock:
            if build_id not in self._folders:
                self._folders[build_id] = await asyncio.to_thread(_make, build)
        return self._folders[build_id]

    def remove(self) -> None:
        """Remove every dump."""
        for folder in self._folders.values():
            shutil.rmtree(folder, ignore_errors=True)


async def send(request: Request) -> Response:
    """Return a dump or the checksums; UsageError (404) for another name, or where an endpoint is served."""
    name, service = request.path_params["name"], cast("Service", request.app.state.service)
    build = service.origin.dataset.build
    if name not in (*NAMES, CHECKSUMS) or build is None:
        message = f"no dump {name!r}: a service over a build has {', '.join((*NAMES, CHECKSUMS))}"
        raise UsageError(message)
    folder = await service.dumps.folder(build)
    media_type = "text/plain" if name == CHECKSUMS else NAMES[name].media_type
    return FileResponse(
        folder / name,
        media_type=media_type,
        headers={"X-Build": build.manifest.short},
    )


def _make(build: Build) -> Path:
    folder = Path(mkdtemp(prefix="atlas-dumps-"))
    for name, dump in NAMES.items():
        with (folder / name).open("wb") as file:
            if dump.packed:
                with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
                    _write(build, cast("IO[bytes]", packed), dump.format)
            else:
                _write(build, file, dump.format)
    lines = [f"{_checksum(folder / name)}  {name}\n" for name in NAMES]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="ascii")
    return folder


def _write(build: Build, out: IO[bytes], rdf_format: ox.RdfFormat) -> None:
    """Write the named graphs; the default graph is their union and would say everything twice."""
    quads = ox.parse(path=str(build.trig), format=ox.RdfFormat.TRIG)
    prefixes = None if rdf_format == ox.RdfFormat.N_QUADS else terms.prefixes()
    ox.serialize(quads, out, format=rdf_format, prefixes=prefixes)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
