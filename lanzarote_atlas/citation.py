"""Ready citations for anything that has an address in the atlas.

A citation names the thing, the atlas, the build it was read in and the documents it rests on, so that a
reader of a thesis finds the same words again. BibTeX and RIS are written by their libraries.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from lanzarote_atlas import catalogue, permanent_addresses, store, terms
from lanzarote_atlas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lanzarote_atlas.permanent_addresses import Comparison

_NAME, _AUTHORS = "Lanzarote Atlas", "Lanzarote Atlas contributors"
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._-]+")
_NAMED = 4
"""How many States beside the first are named in the title of a comparison."""
FORMATS = ("text", "bibtex", "csl-json", "ris")


class Stand(Protocol):
    """Which build was read; a manifest is one."""

    @property
    def build_id(self) -> str:
        """The identifier of the build; empty where an endpoint answered."""

    @property
    def as_at(self) -> str:
        """The date of its data, ISO 8601."""


@dataclass(frozen=True)
class Citation:
    """What a citation says: the thing, where it stands, which build, and what it rests on."""

    iri: str
    title: str
    build_id: str
    date: str
    """Date of the data, ISO 8601."""
    rests_on: tuple[str, ...]
    """Sources with their locators, in reading order."""
    query: str = ""
    """Of a view: its named query with the parameters, `recommendations?state=DNK`."""
    accessed: str = ""
    """Of a view: the day on which it was read, ISO 8601."""

    @property
    def note(self) -> str:
        """The build, the query and the sources in one sentence each."""
        query = f" Query: {self.query}." if self.query else ""
        sources = f" Rests on: {'; '.join(self.rests_on)}." if self.rests_on else ""
        build = f"Build {self.build_id[:12]}, data" if self.build_id else "Data"
        return f"{build} of {self.date}.{query}{sources}"

    @property
    def whole(self) -> bool:
        """Whether the atlas itself is cited, which stands in no other work."""
        return self.iri.startswith(terms.thing("dataset", ""))


def place(row: Mapping[str, str]) -> str:
    """Return the place in the source: section, paragraphs, footnotes, pages, or the locator as it is."""
    parts = [
        _part(row.get("sections", ""), "section ", "sections "),
        _part(ranges(row.get("paragraphs", "")), "para. ", "paras "),
        _part(ranges(row.get("footnotes", "")), "footnote ", "footnotes "),
        _part(ranges(row.get("pages", "")), "p. ", "pp. "),
        row.get("locator", ""),
    ]
    return ", ".join(part for part in parts if part)


def _part(numbers: str, one: str, many: str) -> str:
    if not numbers:
        return ""
    return (many if "," in numbers or "–" in numbers else one) + numbers


def ranges(numbers: str) -> str:
    """Return "43, 45, 44" as "43–45": numbers in order, neighbours joined; other texts stay as they are."""
    items = [item.strip() for item in numbers.split(",") if item.strip()]
    if not all(item.isdigit() for item in items):
        return ", ".join(items)
    runs: list[list[int]] = []
    for item in sorted({int(item) for item in items}):
        if runs and item == runs[-1][1] + 1:
            runs[-1][1] = item
        else:
            runs.append([item, item])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def of_view(
    title: str, address: str, named: tuple[str, Mapping[str, str]], stand: Stand, day: str
) -> Citation:
    """Return the citation of a view or comparison: a named query with parameters, read on a day.

    `address` leads back to the view; `named` is the query's name and its parameters as texts.
    """
    date = stand.as_at or day
    return Citation(address, _one_line(title), stand.build_id, date, (), asked(*named), day)


def asked(name: str, parameters: Mapping[str, str]) -> str:
    """Return a named query with its parameters on one line: `recommendations?state=DNK`."""
    return f"{name}?{urlencode(sorted(parameters.items()))}" if parameters else name


def of_thing(data: store.Store, address: str, manifest: Stand, *, kept: bool = True) -> Citation:
    """Return the citation of a thing by its address or by `id/KIND/LOCAL`, with the build in the address.

    Where no build is kept, as before an endpoint, the address has none. Raises UsageError where nothing with
    a label has that address, or where no scenario can be made of its facts.
    """
    iri = terms.full(address)
    cited = _as_read(iri, manifest.build_id) if kept else iri
    made = _title_of_made(data, iri)
    if made:
        return Citation(cited, made, manifest.build_id, manifest.as_at, ())
    rows = store.table(catalogue.run(data, "citation-of-a-thing", thing=iri)).dicts()
    if not rows:
        message = (
            f"nothing in the atlas has the address {iri}; `lanzarote search` finds things by their words"
        )
        raise UsageError(message)
    places = tuple(_one_line(row["place"]) for row in rows if row["place"])
    return Citation(cited, _one_line(rows[0]["title"]), manifest.build_id, manifest.as_at, places)


def _title_of_made(data: store.Store, iri: str) -> str:
    """Return the title of a comparison or scenario, which no store holds; of anything else an empty text."""
    local = terms.compact(iri)
    if local.startswith("id/comparison/"):
        return _title_of_comparison(data, permanent_addresses.comparison(iri))
    if local.startswith("id/scenario/"):
        from lanzarote_atlas import scenario  # noqa: PLC0415 - large; only for these addresses

        told = scenario.of_address(iri, scenario.load(data))
        return f"Who may prosecute? A scenario of {len(told.facts)} facts"
    return ""


def _title_of_comparison(data: store.Store, compared: Comparison) -> str:
    """Return "Denmark and Sweden on solicitation of children, as at 2026-11-22"."""
    first, *others = (_label(data, "State", terms.thing("state", code)) for code in compared.states)
    beside = others if len(others) <= _NAMED else [f"{len(others)} other States"]
    states = " and ".join(filter(None, (", ".join([first, *beside[:-1]]), *beside[-1:])))
    if compared.asked == permanent_addresses.EVERY:
        about = "every criterion"
    else:
        kind, scheme = ("criterion", "criterion") if compared.criterion else ("chapter", "theme")
        about = _label(data, kind, terms.concept(scheme, compared.asked))
    offence = (
        f", for {_label(data, 'offence', terms.concept('offence', compared.offence))}"
        if compared.offence
        else ""
    )
    return f"{states} on {about}{offence}, as at {compared.day}"


def _label(data: store.Store, kind: str, iri: str) -> str:
    rows = store.table(catalogue.run(data, "citation-of-a-thing", thing=iri)).dicts()
    if not rows:
        message = (
            f"the atlas knows no {kind} at {iri}, so there is no such comparison; "
            "`lanzarote search` finds things by their words"
        )
        raise UsageError(message)
    return _one_line(rows[0]["title"])


def _as_read(iri: str, build_id: str) -> str:
    """Return the address at which a thing answers as it was read; the whole has none of its own."""
    kept = terms.compact(iri).startswith(("id/", "vocabulary/"))
    whole = iri.startswith(terms.thing("dataset", ""))
    return permanent_addresses.in_build(iri, build_id) if kept and not whole else iri


def formatted(citation: Citation, form: str) -> str:
    """Return the citation as `text`, `bibtex`, `csl-json` or `ris`; raise UsageError for another form."""
    writers = {"text": _text, "bibtex": _bibtex, "csl-json": _csl_json, "ris": _ris}
    if form not in writers:
        message = f"no citation format {form!r}; one of: {', '.join(FORMATS)}"
        raise UsageError(message)
    return writers[form](citation)


def _text(citation: Citation) -> str:
    inside = f"{_AUTHORS}" if citation.whole else f"In: {_NAME}"
    read = f" Accessed {citation.accessed}." if citation.accessed else ""
    return f"{citation.title}. {inside} ({citation.date[:4]}). {citation.iri}.{read} {citation.note}"


def _key(citation: Citation) -> str:
    thing, _ = permanent_addresses.split(citation.iri)
    name = citation.query or terms.compact(thing).removeprefix("id/")
    return "lanzarote-atlas-" + _NOT_IN_KEYS.sub("-", name)


def _one_line(text: str) -> str:
    """Return a text without line breaks, which would begin a new field in RIS."""
    return " ".join(text.split())


def _latex(text: str) -> str:
    """Return a text as LaTeX; braces by their names, because BibTeX counts even escaped ones."""
    from bibtexparser.latexenc import string_to_latex  # noqa: PLC0415 - only for this format

    names = {"{": r"\textbraceleft ", "}": r"\textbraceright "}
    return "".join(names.get(piece) or string_to_latex(piece) for piece in re.split(r"([{}])", text))


def _csl_json(citation: Citation) -> str:
    entry: dict[str, Any] = {
        "id": _key(citation),
        "type": "dataset" if citation.whole else "entry",
        "title": citation.title,
        "author": [{"literal": _AUTHORS}],
        "container-title": "" if citation.whole else _NAME,
        "version": citation.build_id[:12],
        "issued": _date_parts(citation.date),
        "accessed": _date_parts(citation.accessed) if citation.accessed else None,
        "URL": citation.iri,
        "note": citation.note,
    }
    entry = {name: value for name, value in entry.items() if value}
    return json.dumps([entry], ensure_ascii=False, indent=1)


def _date_parts(iso: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in iso.split("-")]]}


def _bibtex(citation: Citation) -> str:
    from bibtexparser.bibdatabase import BibDatabase  # noqa: PLC0415 - only for this format
    from bibtexparser.bwriter import BibTexWriter  # noqa: PLC0415

    entry = {
        "ENTRYTYPE": "misc" if citation.whole else "incollection",
        "ID": _key(citation),
        "author": "{" + _AUTHORS + "}",
        "title": _latex(citation.title),
        "booktitle": "" if citation.whole else _NAME,
        "year": citation.date[:4],
        "url": citation.iri,
        "urldate": citation.accessed,
        "version": citation.build_id[:12],
        "note": _latex(citation.note),
    }
    database = BibDatabase()
    database.entries = [{name: value for name, value in entry.items() if value}]
    return str(BibTexWriter().write(database)).rstrip()


def _ris(citation: Citation) -> str:
    import rispy  # noqa: PLC0415 - only for this format

    entry = {
        "type_of_reference": "DATA" if citation.whole else "CHAP",
        "authors": [_AUTHORS],
        "title": citation.title,
        "secondary_title": "" if citation.whole else _NAME,
        "year": citation.date[:4],
        "edition": citation.build_id[:12],
        "access_date": citation.accessed.replace("-", "/"),
        "urls": [citation.iri],
        "notes": [citation.note],
    }
    return str(rispy.dumps([{name: value for name, value in entry.items() if value}])).rstrip()
