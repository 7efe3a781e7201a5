"""Borrowable models: the States that already do what a recommendation asks, in the order to read them in.

Official evidence goes first, then the fewest kinds of condition, then who does it wholly, then who is most
like the State that would borrow. The atlas records no family of law; the likeness of two States' answers,
which it does hold, stands in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = dict[str, str]
QUERY, LIKENESS = "models", "which-states-are-nearest"
"""The named queries whose rows are put in order here."""
ORDER = (
    "official evidence before secondary; then the fewest kinds of condition; then who does it wholly before "
    "who does it in part; then who answers most criteria as the borrowing State does"
)
_LAST = -1.0


@dataclass(frozen=True)
class Model:
    """One State's position that does what is asked, with the rows that tell it."""

    state: str
    """Address of the State."""
    rows: tuple[Row, ...]
    share: float | None
    """Likeness to the borrowing State, from 0 to 1; None where they share too few answers to tell."""
    alike: str
    """That likeness in words: `32 of 41 criteria`."""

    @property
    def official(self) -> bool:
        """Whether its evidence is official."""
        return self.rows[0]["grade"] == "official"

    @property
    def limits(self) -> int:
        """Under how many kinds of condition it does it."""
        return int(self.rows[0]["limits"])

    @property
    def wholly(self) -> bool:
        """Whether it does it without condition and not in part."""
        return self.rows[0]["meets"] == "true"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What its place in the order rests on, in that order, in words."""
        many = f"{self.limits} kind{'' if self.limits == 1 else 's'} of condition"
        return (
            "official evidence" if self.official else "secondary evidence",
            many if self.limits else "no condition",
            "does it wholly" if self.wholly else "does it under conditions or in part",
            f"alike on {self.alike}" if self.alike else "likeness not known",
        )


def ordered(rows: Iterable[Row], nearest: Iterable[Row], borrower: str) -> list[Model]:
    """Return the models among the rows of the first query, by the order above; the borrower is none.

    `nearest` holds the rows of the second for the borrower, whose address is `borrower`.
    """
    likeness = {row["address"]: row for row in nearest}
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row["doer"] != borrower:
            found.setdefault((row["about"], row["criterion"], row["cell"]), []).append(row)
    models = [_model(group, likeness.get(group[0]["doer"])) for group in found.values()]
    return sorted(models, key=_place)


def _model(rows: Sequence[Row], like: Row | None) -> Model:
    share = float(like["share"]) if like else None
    alike = f"{like['same']} of {like['compared']} criteria" if like else ""
    return Model(rows[0]["doer"], tuple(rows), share, alike)


def _place(model: Model) -> tuple[bool, int, bool, float, str, str]:
    likeness = _LAST if model.share is None else model.share
    first = model.rows[0]
    return (not model.official, model.limits, not model.wholly, -likeness, first["name"], first["cell"])
