"""Ready citations for anything that has an address in the atlas.

A citation names the thing, the atlas, the build it was read in and the documents it rests on, so that a
reader of a thesis finds the same words again. BibTeX and RIS are written by their libraries.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lanzarote_atlas import catalogue, store, terms
from lanzarote_atlas.errors import UsageError

if TYPE_CHECKING:
    from lanzarote_atlas.builds import Manifest

_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._-]+")
FORMATS = ("text", "bibtex", "csl-json", "ris")


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

    @property
    def note(self) -> str:
        """The build and the sources in one sentence each."""
        sources = f" Rests on: {'; '.join(self.rests_on)}." if self.rests_on else ""
        return f"Build {self.build_id[:12]}, data of {self.date}.{sources}"


def of_thing(data: store.Store, address: str, manifest: Manifest) -> Citation:
    """Return the citation of a thing by its address or by `id/KIND/LOCAL`.

    Raises UsageError where nothing with a label has that address.
    """
    iri = (
        address
        if address.startswith(("http://", "https://"))
        else terms.prefixes()["id"] + address.removeprefix("id/")
    )
    rows = store.table(catalogue.run(data, "citation-of-a-thing", thing=iri)).dicts()
    if not rows:
        message = (
            f"nothing in the atlas has the address {iri}; `lanzarote search` finds things by their words"
        )
        raise UsageError(message)
    places = tuple(_one_line(row["place"]) for row in rows if row["place"])
    return Citation(iri, _one_line(rows[0]["title"]), manifest.build_id, manifest.as_at, places)


def formatted(citation: Citation, form: str) -> str:
    """Return the citation as `text`, `bibtex`, `csl-json` or `ris`; raise UsageError for another form."""
    writers = {"text": _text, "bibtex": _bibtex, "csl-json": _csl_json, "ris": _ris}
    if form not in writers:
        message = f"no citation format {form!r}; one of: {', '.join(FORMATS)}"
        raise UsageError(message)
    return writers[form](citation)


def _text(citation: Citation) -> str:
    return f"{citation.title}. In: Lanzarote Atlas ({citation.date[:4]}). {citation.iri}. {citation.note}"


def _key(citation: Citation) -> str:
    return "lanzarote-atlas-" + _NOT_IN_KEYS.sub("-", terms.compact(citation.iri).removeprefix("id/"))


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
        "type": "entry",
        "title": citation.title,
        "container-title": "Lanzarote Atlas",
        "version": citation.build_id[:12],
        "issued": {"date-parts": [[int(part) for part in citation.date.split("-")]]},
        "URL": citation.iri,
        "note": citation.note,
    }
    return json.dumps([entry], ensure_ascii=False, indent=1)


def _bibtex(citation: Citation) -> str:
    from bibtexparser.bibdatabase import BibDatabase  # noqa: PLC0415 - only for this format
    from bibtexparser.bwriter import BibTexWriter  # noqa: PLC0415

    database = BibDatabase()
    database.entries = [
        {
            "ENTRYTYPE": "incollection",
            "ID": _key(citation),
            "title": _latex(citation.title),
            "booktitle": "Lanzarote Atlas",
            "year": citation.date[:4],
            "url": citation.iri,
            "version": citation.build_id[:12],
            "note": _latex(citation.note),
        }
    ]
    return str(BibTexWriter().write(database)).rstrip()


def _ris(citation: Citation) -> str:
    import rispy  # noqa: PLC0415 - only for this format

    entry = {
        "type_of_reference": "CHAP",
        "title": citation.title,
        "secondary_title": "Lanzarote Atlas",
        "year": citation.date[:4],
        "edition": citation.build_id[:12],
        "urls": [citation.iri],
        "notes": [citation.note],
    }
    return str(rispy.dumps([entry])).rstrip()
