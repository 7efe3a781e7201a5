"""Full-text search over the build's index: a word, words begun, and a slip of the keyboard."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.query_bench import Effort, percentile
from benchmarks.report import Figure, Section, shown
from lanzarote_atlas import search

if TYPE_CHECKING:
    from lanzarote_atlas.builds import Build

_TEXTS = ("jurisdiction", "dual crim", "child", "c", "the of a", "grooning", "passive personalty")
_LIMIT = 100


def measure(build: Build, effort: Effort) -> Section:
    """Time a few searches over the index of a build."""
    data = [_timing(build, text, effort) for text in _TEXTS]
    return Section(
        title="Search",
        how=f"Milliseconds of a search in the index on disk: {effort.runs} runs after {effort.warm_ups} to "
        "warm up. The last two texts hold a slip, so the nearest known words are looked for.",
        columns=("text", "hits", "p50", "p95"),
        rows=[
            (str(row["text"]), str(row["hits"]), shown(float(row["p50"])), shown(float(row["p95"])))
            for row in data
        ],
        figures=[Figure("slowest search, p95", max(float(row["p95"]) for row in data), "ms", _LIMIT)],
        data=[dict(row) for row in data],
    )


def _timing(build: Build, text: str, effort: Effort) -> dict[str, str | float]:
    milliseconds = []
    for _ in range(effort.warm_ups + effort.runs):
        start = time.perf_counter()
        hits = search.find(build.search_index, text).hits
        milliseconds.append((time.perf_counter() - start) * 1000)
    kept = milliseconds[effort.warm_ups :]
    return {"text": text, "hits": len(hits), "p50": median(kept), "p95": percentile(kept, 0.95)}
