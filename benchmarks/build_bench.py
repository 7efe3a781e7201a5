"""The build as a curator meets it: the command in a process of its own, from nothing and with nothing to do.

Memory is the peak of the command's largest process as the kernel counted it. The count begins at what this
process held when it started the child, so the build is measured first, before anything large is loaded here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.report import Figure, Section, shown
from lanzarote_atlas import resources
from lanzarote_atlas.errors import AtlasError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLD_SECONDS = 10
COLD_MEGABYTES = 600
UNCHANGED_SECONDS = 1
_COLD_RUNS = 3
_UNCHANGED_RUNS = 5
_INSIDE = re.compile(
    r"^(built|nothing changed): (?P<quads>[\d,]+) quads.*? (?P<seconds>[\d.]+) s, build", re.MULTILINE
)
# Linux counts in KiB, macOS in bytes.
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    state: str
    seconds: float
    inside: float
    """Seconds that the command itself reports: without the interpreter's start."""
    megabytes: float
    processor: float
    """Seconds of processor time, of the command and what it started."""
    quads: int


def measure(work: Path) -> tuple[Section, Path]:
    """Build from nothing a few times, then with nothing changed; return section and folder of the last build.

    Raises AtlasError with the command's own message where the build fails.
    """
    outs = [work / f"cold-{number}" for number in range(1, _COLD_RUNS + 1)]
    cold = [run(out, "built") for out in outs]
    unchanged = [run(outs[-1], "nothing changed") for _ in range(_UNCHANGED_RUNS)]
    return _section(cold, unchanged), outs[-1]


def run(out: Path, expected: str, project: Path | None = None) -> Run:
    """Build this project, or another, into a folder; raise AtlasError where it does not end as expected."""
    command = [sys.executable, "-m", "lanzarote_atlas", "build", "--out", str(out)]
    ended = ended_process(command, project or resources.project())
    found = _INSIDE.search(ended.printed)
    if not found or found[1] != expected:
        message = f"the build to measure ended otherwise than {expected!r}: {ended.printed}"
        raise AtlasError(message)
    return Run(
        state=found[1],
        seconds=ended.seconds,
        inside=float(found["seconds"]),
        megabytes=ended.megabytes,
        processor=ended.processor,
        quads=int(found["quads"].replace(",", "")),
    )


class Ended(NamedTuple):
    """A process that ended well: what it printed, seconds, peak in megabytes, seconds of processor time."""

    printed: str
    seconds: float
    megabytes: float
    processor: float


def ended_process(command: Sequence[str], folder: Path) -> Ended:
    """Run our own command to its end; raise AtlasError, with the last it said, where it fails."""
    with TemporaryFile() as printed, TemporaryFile() as said:
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=folder, stdout=printed, stderr=said)  # noqa: S603 - no shell
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        said.seek(0)
        text, errors = printed.read().decode(), said.read().decode()
    if child.returncode:
        tail = "\n".join(errors.splitlines()[-3:]) or text
        message = f"what is measured ended with {child.returncode}: {tail}"
        raise AtlasError(message)
    processor = usage.ru_utime + usage.ru_stime
    return Ended(text, seconds, usage.ru_maxrss * _MAXRSS_UNIT / 1e6, processor)


def _section(cold: list[Run], unchanged: list[Run]) -> Section:
    figures = [
        Figure("build from nothing", median(run.seconds for run in cold), "s", COLD_SECONDS),
        Figure(
            "build from nothing: peak memory of its largest process",
            max(run.megabytes for run in cold),
            "MB",
            COLD_MEGABYTES,
        ),
        Figure("build, nothing changed", median(run.seconds for run in unchanged), "s", UNCHANGED_SECONDS),
        Figure("build, nothing changed: inside the command", median(run.inside for run in unchanged), "s"),
    ]
    return Section(
        title="Build",
        how=f"`lanzarote build` in a process of its own: {_COLD_RUNS} times into an empty folder, then "
        f"{_UNCHANGED_RUNS} times with nothing changed. Times are medians, the peak of memory, of the "
        "largest process, is a maximum.",
        columns=("run", "whole command, s", "inside, s", "peak memory, MB"),
        rows=[
            (run.state, shown(run.seconds), shown(run.inside), shown(run.megabytes))
            for run in (*cold, *unchanged)
        ],
        figures=figures,
        data=[vars(run) for run in (*cold, *unchanged)],
    )
