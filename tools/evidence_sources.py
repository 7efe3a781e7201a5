"""Take over the sources of evidence, and cite them.

Every fact rests on a source, so a source is defined once in the whole atlas, under one id, with its
grade. What was read on a file-sharing or mirror site is named as such and counts as secondary, whoever
wrote it.
"""

import re
from collections.abc import Iterable
from typing import Any

from tools.atlas_yaml import Record

DOCUMENTS = {
    "nbc-2018": "000_225d57976cf971ed",
    "nbc4-fbi-2018": "001_8f1053862fdf7682",
    "tes-factsheet-dnk": "002_28b99d224c07c2ff",
    "politiken-ncmec-2018": "003_6dc5f73bdc908770",
}
RENAMED = {
    ("umbrella", "usc-18-2258a"): "usc-18-2258a-lii",
    ("umbrella", "polizei-beratung-sexting"): "polizei-beratung-nacktbilder",
    **dict.fromkeys(
        ((party, "nl-treaty-database-201") for party in ("EST", "HUN", "LTU", "SVK")),
        "nl-treaty-database-201-details",
    ),
}
SHARING_SITES = (
    "yumpu.com",
    "studylib.net",
    "paperzz.com",
    "docslib.org",
    "fdokumen.com",
    "9pdf.org",
    "pastebin.com",
    "nativeamericanembassy.net",
    "iiab.me",
    "scribd.com",
    "vdocuments",
    "zaki.ru",
)
REPUBLISHERS = (
    "everycrsreport.com",
    "sehrgutachten.de",
    "openlegalblogarchive.org",
    "lifepr.de",
    "globalsecuritymag.com",
    "europawire.eu",
)
REPRODUCTION = re.compile(
    r"\b(?:on EU Monitor|republication|mirror of|copy (?:of|at)|as carried by)\b", re.IGNORECASE
)

Addresses = dict[str, str | None]


def compact(**values: object) -> Record:
    """A record without the keys that have no value."""
    return {key: value for key, value in values.items() if value not in (None, [], "", ())}


def one_or_many(values: Iterable[str]) -> str | list[str]:
    """A single value bare, several as a list, none as nothing."""
    found = list(dict.fromkeys(values))
    return found[0] if len(found) == 1 else found


def source_id(name: str) -> str:
    """The atlas's id of an evidence source: the five documents go by their file stem."""
    return DOCUMENTS.get(name, name)


def reproduction(source: Record) -> str | None:
    """Name the site that a source was read on, if that site shows documents of others."""
    host = re.sub(r"^https?://(?:www\.)?([^/]+).*$", r"\1", source.get("url") or "")
    if any(site in host for site in SHARING_SITES):
        return f"Read at {host}, a file-sharing or mirror site, not at the publisher's own."
    if any(site in host for site in REPUBLISHERS) or REPRODUCTION.search(source["publisher"]):
        return f"Read at {host}, which republishes it, not at the publisher's own site."
    return None


def source_record(source: Record, collected: str | None) -> Record:
    """A source as the atlas keeps it; one read on a mirror is named as such and counts as secondary."""
    elsewhere = reproduction(source)
    copied = (
        "Read in a reproduction (copyRead), not at the publisher's own address."
        if source.get("copy")
        else None
    )
    return compact(
        type="Source",
        id=source_id(source["id"]),
        title=source["title"],
        publisher=source["publisher"],
        evidenceGrade="secondary" if elsewhere else source["kind"],
        extentRead=source["read"],
        issued=None if source.get("as_of") is None else str(source["as_of"]),
        url=source.get("url"),
        copyRead=source.get("copy"),
        identifier=source["id"] if source["id"] in DOCUMENTS else None,
        retrievedOn=collected,
        note=elsewhere or copied,
    )


def new_sources(evidence: Record, defined: Addresses) -> list[Record]:
    """Take over the sources that no file before this one defines; they count as defined afterwards."""
    records = []
    for source in evidence["sources"]:
        record = source_record(source, evidence.get("collected"))
        if record["id"] not in defined:
            defined[record["id"]] = record.get("url")
            records.append(record)
    return records


def with_own_ids(evidence: Record) -> Record:
    """The evidence with an id of its own for each source whose written id is another document's."""
    file = evidence.get("case") or evidence.get("party", "")
    names = {written: name for (where, written), name in RENAMED.items() if where == file}
    if not names:
        return evidence
    sources = [{**source, "id": names.get(source["id"], source["id"])} for source in evidence["sources"]]
    return {**_cited_as(evidence, names), "sources": sources}


def _cited_as(value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 - any part of a YAML document
    """The value with renamed sources wherever it cites one."""
    if isinstance(value, list):
        return [_cited_as(item, names) for item in value]
    if isinstance(value, dict):
        return {key: _cited_entry(key, inner, names) for key, inner in value.items()}
    return value


def _cited_entry(key: str, inner: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 - as above
    if key == "source" and isinstance(inner, str):
        return names.get(inner, inner)
    if key == "also" and isinstance(inner, list):
        return [names.get(name, name) for name in inner]
    return _cited_as(inner, names)


def clashes(evidence_files: Iterable[Record], defined: Addresses) -> list[str]:
    """Sources that share an id with another document: each needs an id of its own, in RENAMED."""
    found = []
    for evidence in evidence_files:
        for source in evidence["sources"]:
            name = source_id(source["id"])
            if source.get("url") and defined.get(name, source["url"]) != source["url"]:
                found.append(
                    f"source {name}: {source['url']} is not {defined[name]}; give it an id of its own"
                )
    return sorted(set(found))


def citation(name: str, locator: str | None) -> Record:
    """A citation; places in the factsheet go into section and footnote, others stay text."""
    place = str(locator) if locator else None
    found: Record = {"source": source_id(name)}
    if place and found["source"].startswith("002_"):
        if section := re.search(r"section ([IVX]+),? ?", place):
            found["section"] = section[1]
            place = place.replace(section[0], "")
        if footnote := re.search(r"footnote (\d+)", place):
            found["footnote"] = [int(footnote[1])]
            place = place.replace(footnote[0], "")
    if place and place.strip():
        found["locator"] = place.strip()
    return found


def citations(entry: Record) -> Record | list[Record]:
    """The citation of a fact, with the further sources that state the same."""
    first = citation(entry["source"], entry.get("locator"))
    more = [citation(name, None) for name in entry.get("also") or []]
    return [first, *more] if more else first
