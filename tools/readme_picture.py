"""Take the picture of the overview that the README shows, from the dashboard as it is.

    lanzarote app &                      # in another terminal, or before
    python -m tools.readme_picture

It needs Chromium on the path and asks no other address than the dashboard's.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks import chromium

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "overview.png"
WIDTH, HEIGHT = 1280, 860
SETTLED = 4000  # milliseconds until tables have their final height


def main(address: str = "http://127.0.0.1:8501/") -> int:
    """Open the dashboard at `address` and write the picture; 0 done, 2 where there is no Chromium."""
    executable = chromium.executable()
    if executable is None:
        sys.stderr.write(f"{chromium.MISSING}\n")
        return 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.OPTIONS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(address)
        page.wait_for_selector("h1")
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=str(PICTURE))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
