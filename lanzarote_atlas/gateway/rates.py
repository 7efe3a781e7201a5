"""How often one client may ask what has to be worked out: so many a second, averaged over ten seconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from lanzarote_atlas.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

_SECONDS = 10
_CLIENTS = 10_000


def client(request: Request) -> str:
    """Return by what the client of a request is told from others: its address."""
    return request.client.host if request.client else ""


class Rates:
    """What each client has left; the clients seen longest ago are forgotten first."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow each client `rate` queries a second, up to ten seconds' worth at once, and at least one."""
        self._rate = rate
        self._most = max(rate * _SECONDS, 1)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, client: str) -> None:
        """Count one query of a client; RefusedError (429) where it has none left."""
        now = self._clock()
        left, seen = self._left.pop(client, (self._most, now))
        left = min(self._most, left + (now - seen) * self._rate)
        self._left[client] = (left - 1 if left >= 1 else left, now)
        while len(self._left) > _CLIENTS:
            self._left.popitem(last=False)
        if left < 1:
            message = "too many queries of one client"
            allowed = f"{self._rate:g} a second over {_SECONDS} seconds; wait, or ask more in one query"
            raise RefusedError(message, code="rate", allowed=allowed, status=429)
