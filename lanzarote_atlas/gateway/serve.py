"""Running the service: one process, which ends its engines when it ends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import uvicorn

from lanzarote_atlas.gateway.frame import BrokenOffError
from lanzarote_atlas.gateway.origins import Origin
from lanzarote_atlas.gateway.service import application

if TYPE_CHECKING:
    from pathlib import Path

_END_SECONDS = 5


class _OwnLog(logging.Filter):
    """Leaves out what the service's own log has told."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        return not (record.exc_info and isinstance(record.exc_info[1], BrokenOffError))


def serve(folder: Path | None, endpoint: str, host: str, port: int) -> int:
    """Serve until the process is told to end and return its exit code; StoreError without a store."""
    origin = Origin(folder, endpoint)
    origin.check()
    config = uvicorn.Config(
        application(origin),
        host=host,
        port=port,
        lifespan="on",
        access_log=False,
        log_level="error",
        server_header=False,
        date_header=True,
        proxy_headers=True,  # of a proxy on this machine alone
        timeout_graceful_shutdown=_END_SECONDS,
        h11_max_incomplete_event_size=1 << 20,
    )
    logging.getLogger("uvicorn.error").addFilter(_OwnLog())
    server = uvicorn.Server(config)
    server.run()
    return 0 if server.started else 1
