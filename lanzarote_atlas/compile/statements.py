"""A dataset as text: the statements of each graph, from which a build's identifier, store and dump are made.

A statement is a line of canonical N-Triples, or of N-Quads, without the dot and the line feed at its end. A
million of them are sorted, compared and read by the engine several times as fast as a million of Python's
objects, and take less memory.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_END = b" .\n"
"""Stands at the end of a line alone: a line feed in a literal is escaped."""


def of_quads(quads: Iterable[ox.Quad]) -> dict[str, list[bytes]]:
    """Return the triples of each graph, in order and each once, under its name in angle brackets."""
    graphs: dict[str, set[bytes]] = {}
    for quad in quads:
        triple, _, graph = str(quad).rpartition(" ")
        graphs.setdefault(graph, set()).add(triple.encode())
    return {graph: sorted(triples) for graph, triples in graphs.items()}


def of_n_triples(document: bytes) -> list[bytes]:
    """Return the triples of a document that the engine wrote, in order and each once."""
    return sorted(set(document.split(_END)) - {b""})


def n_triples(triples: Sequence[bytes], graph: str = "") -> bytes:
    """Return triples as a document: N-Triples, or N-Quads where a graph is named, in angle brackets."""
    end = f" {graph}".encode() + _END if graph else _END
    return end.join([*triples, b""])


def of_n_quads(document: bytes) -> list[bytes]:
    """Return the quads of a document that `n_triples` wrote."""
    return document.split(_END)[:-1]


def build_id(quads: Iterable[bytes]) -> str:
    """Return the SHA-256 of the canonical document (RDFC-1.0, section 5) of quads, each given once.

    The algorithm looks only at quads with blank nodes; the others are canonical as they stand.
    """
    canonical: list[bytes] = []
    unsure: list[bytes] = []
    for quad in quads:
        (unsure if b"_:" in quad else canonical).append(quad)
    blank = ox.Dataset(ox.parse(n_triples(unsure), format=ox.RdfFormat.N_QUADS, lenient=True))
    blank.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    canonical += (str(quad).encode() for quad in blank)
    canonical.sort()
    return hashlib.sha256(n_triples(canonical)).hexdigest()
