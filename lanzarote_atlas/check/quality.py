"""Quality queries: each row of queries/quality/*.rq is a fault, headed by title, problem and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanzarote_atlas import catalogue, resources, store, terms
from lanzarote_atlas.errors import AtlasError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lanzarote_atlas.records.files import Record


def queries() -> list[Path]:
    """Return the quality queries in the order of their names."""
    return sorted((resources.project() / "queries" / "quality").glob("*.rq"))


def faults(data: store.Store, by_iri: dict[str, Record]) -> Iterator[Fault]:
    """Yield a fault for every row; a row's `fault` is the record's address and `detail` what was found."""
    for path in queries():
        header, text = catalogue.read_header(path, "title", "problem", "remedy")
        for row in _rows(path, data, text):
            iri = row["fault"]
            detail = f" ({row['detail']})" if row.get("detail") else ""
            problem = f"{header['problem']}{detail}"
            record = by_iri.get(iri.partition("#")[0])
            if record is None:
                yield Fault("ontology", 1, terms.compact(iri), problem, header["remedy"])
            else:
                yield record.fault(problem, header["remedy"])


def _rows(path: Path, data: store.Store, text: str) -> list[dict[str, str]]:
    try:
        answer = data.query(text)
    except AtlasError as error:
        message = f"queries/quality/{path.name}: {error}"
        raise AtlasError(message) from error
    if not isinstance(answer, store.Table) or "fault" not in answer.columns:
        message = f"queries/quality/{path.name}: a quality query selects ?fault, and ?detail where it helps"
        raise AtlasError(message)
    return answer.dicts()
