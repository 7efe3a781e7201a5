"""A briefing as PDF: tagged, with bookmarks, in typefaces that come with the typesetter.

The content goes to the template as data, never as markup, so that no text of the atlas is read as a command.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import typst

from lanzarote_atlas.briefing import notes

if TYPE_CHECKING:
    from lanzarote_atlas.briefing import Briefing

_TEMPLATE = "briefing.typ"


def written(briefing: Briefing) -> bytes:
    """Return the briefing as the bytes of a PDF file, the same bytes on the same day."""
    day = dt.datetime.fromisoformat(dict(briefing.facts)["Written on"]).replace(tzinfo=dt.UTC)
    content = asdict(briefing) | {"notes": notes(briefing)}
    return bytes(
        typst.compile(
            _template(),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"briefing": json.dumps(content)},
            pdf_standards="ua-1",  # every part is tagged as what it is, for those who listen to it
            timestamp=int(day.timestamp()),
        )
    )


@cache
def _template() -> bytes:
    return (resources.files("lanzarote_atlas.briefing") / _TEMPLATE).read_bytes()
