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


class GoneError(UsageError):
    """The address was one of the atlas, and what it led to is kept no more."""


class QueryError(AtlasError):
    """A query does not parse, or was refused."""


class RefusedError(QueryError):
    """A query that the guard does not let through, or that went past a limit.

    `code` names the reason in one word, `status` is the HTTP status that says so, `allowed` tells what would
    be let through, and `place` is line and column where one can be named.
    """

    def __init__(
        self, message: str, *, code: str, allowed: str, place: tuple[int, int] | None = None, status: int = 0
    ) -> None:
        """Keep the parts; without a status, 400 for what does not parse and 403 for what is not allowed."""
        self.code = code
        self.allowed = allowed
        self.place = place
        self.status = status or (400 if code in ("syntax", "nesting") else 403)
        self.message = message
        super().__init__(f"{message}; allowed: {allowed}")


class StoreError(AtlasError):
    """The store or endpoint cannot be read."""


class DocumentError(AtlasError):
    """A document cannot be taken in: wrong type, damaged, too large, or not what was asked for."""


class ReviewError(AtlasError):
    """A draft cannot be accepted, corrected or rejected as asked; nothing was written."""


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
