"""Worked scenarios over every State: reading the law of a build, and judging one scenario after another."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.query_bench import Effort, percentile
from benchmarks.report import Figure, Section, shown
from lanzarote_atlas import scenario
from lanzarote_atlas.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from lanzarote_atlas.builds import Build

_MOST = 200
"""Milliseconds that a scenario over all States may take."""


def measure(build: Build, effort: Effort) -> Section:
    """Time the reading of the law once, and each worked scenario over all States."""
    data = EmbeddedStore.open(build.store, build.manifest.build_id)
    law = scenario.load(data)
    timings = {"reading the law, once a build": _timed(lambda: scenario.load(data), effort)}
    for name, path in scenario.worked().items():
        case = scenario.read(path, law)
        assert len(scenario.judge(case, law).states) == len(law.states)
        timings[name] = _timed(lambda case=case: scenario.judge(case, law), effort)
    slowest = max(
        percentile(times, 0.95) for name, times in timings.items() if not name.startswith("reading")
    )
    return Section(
        title="Scenarios",
        how=f"Processor milliseconds, {len(law.states)} States: {effort.runs} runs after {effort.warm_ups} "
        f"to warm up; at most {_MOST} for a scenario.",
        columns=("scenario", "p50", "p95"),
        rows=[
            (name, shown(median(times)), shown(percentile(times, 0.95))) for name, times in timings.items()
        ],
        figures=[Figure("slowest scenario over all States, p95", slowest, "ms")],
        data=[
            {"scenario": name, "p50": median(times), "p95": percentile(times, 0.95)}
            for name, times in timings.items()
        ],
    )


def _timed(work: Callable[[], object], effort: Effort) -> list[float]:
    milliseconds = []
    for _ in range(effort.warm_ups + effort.runs):
        start = time.process_time()
        work()
        milliseconds.append((time.process_time() - start) * 1000)
    return milliseconds[effort.warm_ups :]
