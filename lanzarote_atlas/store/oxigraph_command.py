"""The `oxigraph` program: where it is, and how much memory a process of it may take.

It is the same engine as pyoxigraph. What a reader wrote is answered by it in a process of its own, because a
query inside this process cannot be ended, and the engine's own time limit leaves some queries running.
"""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from lanzarote_atlas.errors import StoreError

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Sequence

_MEGABYTE = 1 << 20


def command(*arguments: str) -> Sequence[str]:
    """Return the command line with these arguments; StoreError where the program is not installed."""
    beside = Path(sysconfig.get_path("scripts")) / "oxigraph"
    program = str(beside) if beside.is_file() else shutil.which("oxigraph")
    if program is None:
        message = "the program `oxigraph` is not installed: install the package again"
        raise StoreError(message)
    return (program, *arguments)


def limit_memory(process: int, megabytes: int) -> None:
    """Let a process that was just started take no more memory than this; it ends where it asks for more."""
    prlimit = getattr(resource, "prlimit", None)  # of Linux alone
    if prlimit is not None:
        most = megabytes * _MEGABYTE
        prlimit(process, resource.RLIMIT_AS, (most, most))
