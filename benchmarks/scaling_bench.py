"""`python -m benchmarks.scaling_bench [COPIES]`: what the embedded store needs as the data grows.

The build is loaded once as it is, and once with further copies beside it in which every address of the atlas
is another; so the named queries find as much as before among more. docs/scaling.md has the figures.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import builds, catalogue, resources, settings
from lanzarote_atlas.store import embedded, table

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEGA = 1024
_ROUNDS = 3


def main(arguments: list[str]) -> None:
    """Print quads, size on disk, memory and queries a second of the build with so many copies."""
    copies = int(arguments[0]) if arguments else 1
    build = builds.required(resources.store_folder())
    with TemporaryDirectory() as folder:
        store = ox.Store(folder)
        for number in range(copies):
            embedded.fill(store, _copy(build.trig, number))
        store.flush()
        store.optimize()
        quads = sum(1 for _ in store.quads_for_pattern(None, None, None, None)) // 2
        del store
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        _ask(embedded.EmbeddedStore.open(Path(folder), build.manifest.build_id))
        print(f"{quads:,} quads, {size / 1e6:,.0f} MB on disk")


def _copy(trig: Path, number: int) -> Iterator[ox.Quad]:
    base = settings.current().base
    for quad in ox.parse(path=str(trig), format=ox.RdfFormat.TRIG):
        if not number or isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            yield quad
        else:
            terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
            yield ox.Quad(*(_other(term, f"{base}id/", f"{base}copy-{number}/id/") for term in terms))


def _other(term: ox.NamedNode, begins: str, instead: str) -> ox.NamedNode:
    if isinstance(term, ox.NamedNode) and term.value.startswith(begins):
        return ox.NamedNode(instead + term.value.removeprefix(begins))
    return term


def _ask(store: embedded.EmbeddedStore) -> None:
    texts = [query.bound(query.example) for query in catalogue.queries().values()]
    times: list[float] = []
    for _ in range(_ROUNDS):
        for text in texts:
            start = time.process_time()
            assert table(store.query(text)).columns
            times.append(time.process_time() - start)
    times.sort()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGA
    print(f"{len(times) / sum(times):,.0f} named queries a second of one core, ", end="")
    print(f"half within {times[len(times) // 2] * 1000:.1f} ms, ", end="")
    print(
        f"19 of 20 within {times[len(times) * 19 // 20] * 1000:.1f} ms, at most {times[-1] * 1000:.0f} ms; "
    )
    print(f"at most {memory:,.0f} MB of memory, loading included")


if __name__ == "__main__":
    main(sys.argv[1:])
