"""Days for the rules: a date of which only the year or the month is known begins and ends on a day.

SPARQL 1.1 cannot count days, so rules call these as functions: `lz:firstDay(?date)`, `lz:dayAfter(?date)`.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from lanzarote_atlas.store import Term

_DATE = ox.NamedNode(terms.XSD + "date")


def first_day(date: str) -> str:
    """Return the first day of an ISO date, month or year: 2023-07 begins on 2023-07-01.

    Raises ValueError where it is none of these.
    """
    return dt.date.fromisoformat((date + "-01-01")[: max(len(date), len("2023-07-01"))]).isoformat()


def day_after(date: str) -> str:
    """Return the day after the last day of an ISO date, month or year: after 2023-07 comes 2023-08-01.

    Raises ValueError where it is none of these, and OverflowError after the year 9999.
    """
    first = dt.date.fromisoformat(first_day(date))
    month = first.month if date.count("-") else 12
    day = first.day if date.count("-") > 1 else calendar.monthrange(first.year, month)[1]
    return (first.replace(month=month, day=day) + dt.timedelta(days=1)).isoformat()


def _function(counts: Callable[[str], str]) -> Callable[..., Term | None]:
    """Return a function for SPARQL; what is no date gives no value, as the specification asks of errors."""

    def answer(date: Term) -> Term | None:
        try:
            return ox.Literal(counts(getattr(date, "value", "")), datatype=_DATE)
        except (ValueError, OverflowError):
            return None

    return answer


FUNCTIONS = {
    ox.NamedNode(terms.term("firstDay")): _function(first_day),
    ox.NamedNode(terms.term("dayAfter")): _function(day_after),
}
"""What a rule may call, by the address of the function."""
