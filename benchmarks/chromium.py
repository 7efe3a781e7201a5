"""The system's Chromium, as the benchmark, the browser tests and the README's picture start it.

The options keep it from asking any address but the dashboard's.
"""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
MISSING = f"no browser on PATH: looked for {', '.join(NAMES)}"


def executable() -> str | None:
    """Return the path of the first Chromium on PATH, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)
