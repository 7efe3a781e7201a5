"""Where drafts go, a new file or standard output, and what is said of them: a report of every line."""

from __future__ import annotations

import os
from collections import Counter
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from lanzarote_atlas import resources
from lanzarote_atlas.errors import UsageError
from lanzarote_atlas.ingest.atlas import as_list
from lanzarote_atlas.ingest.pieces import Use

if TYPE_CHECKING:
    from pathlib import Path

    from lanzarote_atlas.ingest.drafts import Drafts

_LONGEST_SHOWN = 80


def refuse(out: Path | None) -> None:
    """Raise UsageError where drafts must not go: over another file, or among the project's data."""
    if out is None:
        return
    if out.resolve().is_relative_to((resources.project() / "data").resolve()):
        message = f"{out}: drafts hold the document's own words and do not belong in the project's data"
        raise UsageError(message)
    if out.exists():
        message = f"{out}: stands already and is not overwritten; name another file"
        raise UsageError(message)
    if not out.parent.is_dir():
        message = f"{out}: no folder {out.parent}"
        raise UsageError(message)


def write(text: str, out: Path | None) -> None:
    """Write drafts whole or not at all; raise UsageError where the file cannot be written."""
    if out is None:
        print(text, end="")  # noqa: T201 - results go to standard output
        return
    try:
        with NamedTemporaryFile("w", encoding="utf-8", dir=out.parent, suffix=".part") as file:
            file.write(text)
            file.flush()
            os.link(file.name, out)
    except OSError as error:
        message = f"{out}: cannot be written: {error.strerror or error}"
        raise UsageError(message) from error


def report(drafts: Drafts) -> str:
    """Return what was drafted and what became of the lines, the unplaced ones one by one."""
    kinds = Counter(draft.type for draft in drafts.drafts)
    numbers = sum(
        len(as_list(draft.record.get("number"))) for draft in drafts.drafts if draft.type == "Recommendation"
    )
    uses = Counter(line.use for line in drafts.lines)
    drafted = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    counted = ", ".join(f"{uses[use]} {use.value}" for use in Use)
    name = drafts.document.name
    head = [
        f"{name}: {drafts.kind.value}, {drafts.state}: {drafted}"
        + (f" ({numbers} numbers)" if numbers else ""),
        f"{name}: {len(drafts.lines)} lines: {counted}",
    ]
    return "\n".join(
        head
        + [
            f"{name}:{one.line.number}: unplaced ({one.what}): {_short(one.line.text)}"
            for one in drafts.unplaced
        ]
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
