"""The engine alone: write a store from a build's dump. Run as `python -m benchmarks.engine_side DUMP FOLDER`.

Every build has to do at least this. How it grows with the data is how sorting does, and the machine's memory.
"""

from __future__ import annotations

import sys

import pyoxigraph as ox


def main(dump: str, folder: str) -> None:
    """Load the quads of a dump into a new store."""
    store = ox.Store(folder)
    store.bulk_load(path=dump)
    store.flush()
    store.optimize()


if __name__ == "__main__":
    main(*sys.argv[1:])
