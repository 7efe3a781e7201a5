"""A step of the reasoning as a student can follow it: the question, the fact, the input, the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lanzarote_atlas.scenario.logic import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Input:
    """A field of the scenario that a step looked at, and what it says there."""

    field: str
    """Name of the field: `place-of-act`."""
    label: str
    value: str
    """As a reader writes it; `not known` for a blank."""
    known: bool


@dataclass(frozen=True)
class Step:
    """One step: a test of one condition, or the joining of the steps below it."""

    asked: str
    """The question, in words."""
    fact: str
    """Address of the fact of the graph that asks it: a factor, a condition, an assessment, a criterion."""
    result: Truth
    because: str
    """Why the result is what it is."""
    inputs: tuple[Input, ...] = ()
    settled_by: str = ""
    """What would settle a result that is unknown; empty where it is known."""
    parts: tuple[Step, ...] = field(default=(), repr=False)
    points: bool = False
    """Whether a fact points to the State without settling the link: the server was there."""

    def leaves(self) -> Iterator[Step]:
        """Yield the steps that join no others, in their order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def open_questions(self) -> tuple[str, ...]:
        """Return what would settle the unknown steps, each once; empty where the result is known."""
        if self.result is not Truth.UNKNOWN:
            return ()
        asked = [leaf.settled_by for leaf in self.leaves() if leaf.result is Truth.UNKNOWN]
        return tuple(dict.fromkeys(text for text in asked if text))
