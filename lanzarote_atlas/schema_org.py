"""The dataset as schema.org describes one: JSON-LD for a page's head, read by catalogues of datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanzarote_atlas import catalogue, settings, store, terms

if TYPE_CHECKING:
    from lanzarote_atlas.store import Store

_AREA = "States bound by the Lanzarote Convention, and comparators"
_ABOUT = (
    "Lanzarote Convention",
    "CETS No. 201",
    "jurisdiction",
    "child protection law",
    "comparative law",
)


def dataset(data: Store, build_id: str, dumps: dict[str, str] | None = None) -> dict[str, object]:
    """Return the description of the dataset that a store holds (https://schema.org/Dataset) as JSON-LD.

    `dumps` leads from the address of a dump to its media type, where they can be fetched. Empty where the
    store describes no dataset.
    """
    found = store.table(data.query(catalogue.find("dataset").bound({}))).dicts()
    if not found:
        return {}
    told = found[0]
    organisation = {"@type": "Organization", "name": told["publisher"]}
    described: dict[str, object] = {
        "@context": terms.prefixes()["schema"],
        "@type": "Dataset",
        "@id": told["dataset"],
        "name": told["title"],
        "description": told["description"],
        "url": settings.current().dashboard,
        "license": told["licence"],
        "dateModified": told["modified"],
        "creator": organisation,
        "publisher": organisation,
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "spatialCoverage": _AREA,
        "keywords": list(_ABOUT),
    }
    if build_id:
        described |= {"version": build_id[:12], "identifier": f"{told['dataset']}/build/{build_id}"}
    if dumps:
        described["distribution"] = [
            {"@type": "DataDownload", "contentUrl": address, "encodingFormat": media}
            for address, media in dumps.items()
        ]
    return described
