"""Errors that say where, what and what next.

Everything the atlas raises on purpose derives from AtlasError, so that an edge (command line, page, service)
can turn it into one plain message and never shows a traceback for a reader's mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class AtlasError(Exception):
    """Something that a reader or curator can put right; `exit_code` is what a command ends with."""

    exit_code = 1


class UsageError(AtlasError):
    """The command, address or parameter is not one that the atlas knows."""

    exit_code = 2


class QueryError(AtlasError):
    """A query does not parse, or was refused."""


class StoreError(AtlasError):
    """The store or endpoint cannot be read."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault in the data: where it stands, what was found, and what to do about it."""

    file: str
    line: int
    record: str
    problem: str
    remedy: str = field(default="")

    def __str__(self) -> str:
        """Give `file:line: id: what; what next`, the form that editors make clickable."""
        tail = f"; {self.remedy}" if self.remedy else ""
        return f"{self.file}:{self.line}: {self.record or '-'}: {self.problem}{tail}"


class FaultsFoundError(AtlasError):
    """The data has faults; nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults in the order of files and lines."""
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'X'?` for the known word nearest to `word`; an empty text where none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""
