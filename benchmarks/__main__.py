"""`python -m benchmarks`: measure, print, write results.md and bench.json; exit 1 where a limit is missed."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks import build_bench, report
from benchmarks.report import Report, Section
from lanzarote_atlas import builds, resources
from lanzarote_atlas.errors import AtlasError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.status import Status

    from lanzarote_atlas.builds import Build

_SERVICE_SECONDS = {True: 1.0, False: 10.0}
"""How long each server is loaded by each number of clients, in a smoke run and otherwise."""
RESULTS = Path(__file__).parent / "results.md"
TIMES = 10


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return the exit code."""
    given = _parser().parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 130)
    try:
        done = _run(given, console)
    except AtlasError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    report.print_summary(done, console)
    if given.json or not given.quick:
        report.write_json(done, given.json or resources.store_folder() / "bench.json")
    if given.results or not given.quick:
        report.write_markdown(done, given.results or RESULTS)
    return 0 if given.quick or done.held else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a smoke run: few repetitions, three queries in rdflib, no browser; no limit is judged",
    )
    parser.add_argument(
        "--browser",
        action=argparse.BooleanOptionalAction,
        help="whether the dashboard is measured; else where Chromium is found",
    )
    parser.add_argument(
        "--service",
        action=argparse.BooleanOptionalAction,
        help="whether the query service is measured; else unless --quick",
    )
    parser.add_argument(
        "--soak", type=float, default=0, metavar="SECONDS", help="mixed load on the service for so long, too"
    )
    parser.add_argument(
        "--store", type=Path, help="folder of a standing build to query; the build is then not measured"
    )
    parser.add_argument(
        "--times",
        type=int,
        default=TIMES,
        help=f"how many times the data for the growth of queries (default: {TIMES}; 100 takes some minutes "
        "and 3 GB of memory); 1 leaves growth out",
    )
    parser.add_argument(
        "--results", type=Path, help="where the page is written (default: benchmarks/results.md)"
    )
    parser.add_argument(
        "--json", type=Path, help="where the raw values are written (default: build/bench.json)"
    )
    return parser


def _run(given: argparse.Namespace, console: Console) -> Report:
    with TemporaryDirectory(prefix="atlas-bench-") as work:
        sections = []
        # The build comes first, while this process is small: see build_bench.
        out = given.store
        if out is None:
            with _status("building"):
                section, out = build_bench.measure(Path(work))
            report.print_section(section, console)
            sections.append(section)
            if _growth_wanted(given):
                sections.append(_build_growth(console))
        build = builds.required(out)
        for section in _measured(given, out, build):
            report.print_section(section, console)
            sections.append(section)
        return Report(_circumstances(build), sections)


def _measured(given: argparse.Namespace, out: Path, build: Build) -> Iterator[Section]:
    from benchmarks import (  # noqa: PLC0415 - large; see build_bench
        query_bench,
        scale_bench,
        scenario_bench,
        search_bench,
    )

    effort = query_bench.QUICK if given.quick else query_bench.FULL
    with _status("querying") as status:
        section = query_bench.measure(build, effort, lambda name: status.update(f"querying: {name}"))
    yield section
    yield search_bench.measure(build, effort)
    yield scenario_bench.measure(build, effort)
    if _growth_wanted(given):
        with _status(f"querying {given.times} times the data"):
            section = scale_bench.queries(build, given.times)
        yield section
    yield from _of_service(given, build)
    if _browser_wanted(given):
        from benchmarks import browser_bench  # noqa: PLC0415 - as above

        with _status("browsing"):
            sections = browser_bench.measure(out)
        yield from sections


def _growth_wanted(given: argparse.Namespace) -> bool:
    return given.times > 1 and not given.quick


def _build_growth(console: Console) -> Section:
    from benchmarks import scale_bench  # noqa: PLC0415 - large; see build_bench

    with _status("building the project multiplied"):
        section = scale_bench.builds()
    report.print_section(section, console)
    return section


def _of_service(given: argparse.Namespace, build: Build) -> Iterator[Section]:
    from benchmarks import service_bench  # noqa: PLC0415 - as above

    if given.service or (given.service is None and not given.quick):
        with _status("serving"):
            section = service_bench.measure(build, _SERVICE_SECONDS[given.quick])
        yield section
    if given.soak:
        with _status(f"mixed load for {given.soak:g} s"):
            section = service_bench.soak(build, given.soak)
        yield section


def _browser_wanted(given: argparse.Namespace) -> bool:
    from benchmarks import browser_bench  # noqa: PLC0415 - as above

    if given.browser is not None:
        return bool(given.browser)
    if given.quick:
        return False
    lacking = browser_bench.lacking()
    if lacking:
        print(f"the dashboard is not measured: {lacking}", file=sys.stderr)
    return not lacking


def _status(text: str) -> Status:
    return Console(stderr=True).status(text)


def _circumstances(build: Build) -> dict[str, str]:
    return {
        "build": build.manifest.build_id[:16],
        "quads": f"{build.manifest.quads:,}",
        "day": build.manifest.built_at[:10],
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        **{name: version(name) for name in ("pyoxigraph", "rdflib", "streamlit")},
    }


if __name__ == "__main__":
    sys.exit(main())
