"""Turn the evidence on treaties and other international instruments into instruments and provisions.

An entry without a parent is an instrument; the others are its provisions. A provision whose parent was
not read is given that parent all the same, with a note that says so, because a reader must be able to
climb from a letter to its article. The Convention's chapters and the titles of articles that were not
read come from its table of contents.
"""

import re
from collections.abc import Callable
from typing import Any

from tools.atlas_yaml import Record
from tools.legal_references import ROMAN, order_of, parse

Written = dict[str, tuple[str, list[Record]]]
Cite = Callable[[Record], Any]

INSTRUMENT_KINDS = {
    **{kind: kind for kind in ("treaty", "explanatory-report", "opinion", "declaration", "report", "rules")},
    **{kind: kind for kind in ("directive", "proposal", "guidelines", "handbook")},
    "code": "statute",
    "monitoring-round": "questionnaire",
}
FAMILIES = {
    "cets-201": ("cets-201", "The Lanzarote Convention (CETS No. 201): chapters, articles and their parts."),
    "cets-201-er": ("cets-201-er", "The Explanatory Report to the Lanzarote Convention."),
    "t-es": ("t-es", "Documents of the Lanzarote Committee (T-ES)."),
    "ets-185": ("ets-185", "The Convention on Cybercrime (Budapest Convention, ETS No. 185)."),
    "crc-opsc": (
        "crc-opsc",
        "The Optional Protocol on the sale of children, child prostitution and child pornography.",
    ),
    "eu": ("eu", "Directives, regulations and proposals of the European Union."),
    "us-18-usc": ("us-18-usc", "Provisions of Title 18 of the United States Code."),
    "others": ("others", "Guidelines and handbooks."),
}
SHORT_NAMES = {
    "cets-201": "",
    "cets-201-er": "Explanatory Report",
    "ets-185": "ETS 185",
    "crc-opsc": "OPSC",
    "eu-2011-93": "Directive 2011/93/EU",
    "eu-com-2022-209": "COM(2022) 209",
    "eu-com-2024-60": "COM(2024) 60",
    "us-18-usc": "18 U.S.C.",
    "t-es/rules": "Rules of Procedure",
    "t-es/opinion-2019": "Opinion of 6 June 2019",
    "t-es/2022-02": "T-ES(2022)02",
    "t-es/round-2": "Thematic questionnaire",
    "luxembourg-guidelines": "Luxembourg Guidelines",
    "pace-handbook-2011": "Handbook for parliamentarians (2011)",
}
VOCABULARY = re.compile(r"^t-es(/level(/.*)?)?$")
CHAPTERS_AS_ENTRIES = {"us-18-usc-110": "us-18-usc"}
INDENTS = {"cets-201/art-18/1/b", "cets-201/art-20/3", "cets-201/art-30/5", "cets-201/art-14/3"}
KINDS_BY_START = {
    "art-": "article",
    "chapter-": "chapter",
    "para-": "paragraph",
    "rule-": "rule",
    "question-": "question",
    "preamble": "preamble",
}
ORDINALS = ("first", "second", "third")
LANGUAGES = {
    "nl": "Dutch",
    "pt": "Portuguese",
    "de": "German",
    "fr": "French",
    "it": "Italian",
    "cs": "Czech",
    "pl": "Polish",
}
LABEL = re.compile(
    r"^(?:Opinion of 6 June 2019, paragraphs 3-6|Luxembourg Guidelines, pages 38-40"
    r"|Handbook for parliamentarians \(2011\) on Article 25|(?:First|Second|Third) indent"
    r"|Paragraphs? [\d-]+(?: \(introduction\))?|Article \d+(?:\(\d+\))?)$"
)
LABEL_BEFORE_TITLE = re.compile(
    r"^(?:(?:First|Second|Third) indent: |Article \d+ - |§ \w+(?:\(\w\))* |Chapter [IVX]+: "
    r"|18 U\.S\.C\. chapter \d+: |Thematic questionnaire, question \d+: |Opinion of 6 June 2019: "
    r"|Rules of Procedure, Rule \d+ ?)"
)


def family(identifier: str) -> str:
    """The file that an instrument's records go into."""
    for name in ("cets-201-er", "cets-201", "ets-185", "crc-opsc", "us-18-usc", "t-es"):
        if re.match(rf"{name}(/|$|-110$)", identifier):
            return name
    return "eu" if identifier.startswith("eu-") else "others"


def instrument_of(identifier: str, instruments: set[str]) -> str:
    """The instrument that a provision belongs to: the longest address of one that it begins with."""
    if identifier in CHAPTERS_AS_ENTRIES:
        return CHAPTERS_AS_ENTRIES[identifier]
    return max((one for one in instruments if identifier.startswith(one + "/")), key=len)


def instrument_record(entry: Record, cite: Cite) -> Record:
    """An instrument as a whole."""
    kind = INSTRUMENT_KINDS[entry["type"]]
    record = {
        "type": "Instrument",
        "id": entry["id"],
        "title": entry["title"],
        "instrumentKind": kind,
        "number": entry.get("number"),
        "adoptedOn": entry.get("adopted") or entry.get("date"),
        "openedOn": entry.get("opened"),
        "inForceOn": entry.get("in_force"),
        "legalStage": "proposed" if kind == "proposal" else None,
        "summary": entry.get("gist"),
        "interpretsInstrument": [one for one in entry.get("interprets") or [] if "/" not in one] or None,
        "interprets": [one for one in entry.get("interprets") or [] if "/" in one] or None,
        "extentRead": entry["extent"],
        "confidence": entry["confidence"],
        "note": entry.get("note"),
        "citation": cite(entry),
    }
    return {key: value for key, value in record.items() if value}


def _under(identifier: str, instrument: str) -> list[str]:
    return identifier.removeprefix(instrument).strip("/").split("/")


def _above(identifier: str) -> str:
    return identifier.rpartition("/")[0]


def kind_of(identifier: str, instrument: str) -> str:
    """What a provision is, by the form of its address."""
    parts = _under(identifier, instrument)
    last = parts[-1]
    if identifier in CHAPTERS_AS_ENTRIES:
        return "chapter"
    for start, kind in KINDS_BY_START.items():
        if last.startswith(start):
            return kind
    if _above(identifier) in INDENTS:
        return "indent"
    if re.fullmatch(r"[a-zA-Z]|[ivx]+", last):
        return "letter"
    if last[0].isdigit():
        return "section" if instrument == "us-18-usc" and len(parts) == 1 else "paragraph"
    return "part"


def cited_as(identifier: str, instrument: str) -> str:
    """Cite a provision: Article 25(1)(d); outside the Convention with the instrument's short name."""
    name = SHORT_NAMES.get(instrument, instrument)
    if identifier in CHAPTERS_AS_ENTRIES:
        return f"{name} chapter {identifier.rsplit('-', 1)[-1]}"
    head, *rest = _under(identifier, instrument)
    if (parent := _above(identifier)) in INDENTS:
        return f"{cited_as(parent, instrument)}, {ORDINALS[int(rest[-1]) - 1]} indent"
    brackets = "".join(f"({part})" for part in rest)
    if instrument == "us-18-usc":
        return f"{name} § {head}{brackets}"
    place = _place(head) + brackets
    return f"{name}, {place}" if name else place


def _place(head: str) -> str:
    words = {
        "art-": "Article ",
        "rule-": "Rule ",
        "question-": "question ",
        "pp-": "pages ",
        "on-art-": "on Article ",
    }
    for start, word in words.items():
        if head.startswith(start):
            number = head.removeprefix(start)
            return word + (number if start == "pp-" else re.sub(r"-(\w+)", r"(\1)", number))
    if found := re.match(r"para-([\d-]+)", head):
        return f"paragraph{'s' if '-' in found[1] else ''} {found[1]}"
    if found := re.match(r"chapter-([ivxIVX]+|\d+)", head):
        return f"Chapter {found[1].upper()}"
    return head.replace("-", " ").capitalize() if head == "preamble" else head.replace("-", " ")


def limits(entry: Record, instrument: str) -> list[str]:
    """The provisions that a reservation clause lets a Party limit."""
    name = {"cets-201": "CETS 201", "ets-185": "Budapest Convention"}.get(instrument)
    if not entry.get("reservable") or not name:
        return []
    return [reference.id for reference in parse(f"{name} arts {entry['reservable']}", "")]


def own_title(entry: Record) -> str | None:
    """A title that says more than the provision's number."""
    title = entry.get("title")
    if not title or LABEL.match(title):
        return None
    title = re.sub(r"^\((.*)\)$", r"\1", LABEL_BEFORE_TITLE.sub("", title).strip())
    return title[:1].upper() + title[1:] if title and not title.startswith("§") else None


def title_note(entry: Record, official: str | None) -> str | None:
    """Where the English title comes from, if the title was read in another language."""
    if not official or entry.get("title_form") == "official-en":
        return None
    if not entry.get("title_seen"):
        return "Title from the Convention's table of contents; not read in the article itself."
    seen = re.sub(
        r"\b([a-z]{2}): ", lambda found: f"{LANGUAGES.get(found[1], found[1])}: ", entry["title_seen"]
    )
    return f"English title from the Convention's table of contents; title as read: {seen}."


def provision_record(entry: Record, instruments: set[str], titles: dict[str, str], cite: Cite) -> Record:
    """A provision that was read, at least by its title."""
    identifier = entry["id"]
    instrument = instrument_of(identifier, instruments)
    official = titles.get(identifier)
    read_in_english = entry.get("title_form") == "official-en"
    notes = [entry.get("note"), title_note(entry, official)]
    about = [
        *(entry.get("interprets") or []),
        *(entry.get("used_for") or []),
        *(entry.get("comments_on") or []),
    ]
    return {
        "type": "Provision",
        "id": identifier,
        "instrument": instrument,
        "provisionKind": kind_of(identifier, instrument),
        "citedAs": cited_as(identifier, instrument),
        "title": own_title(entry) if read_in_english or not official else official,
        "limits": limits(entry, instrument),
        "interprets": [one for one in about if "/" in one],
        "interpretsInstrument": [one for one in about if "/" not in one],
        "summary": entry.get("gist"),
        "extentRead": entry["extent"],
        "confidence": entry["confidence"],
        "note": " ".join(note for note in notes if note),
        "citation": cite(entry),
    }


def unread_provision(identifier: str, instrument: str, titles: dict[str, str]) -> Record:
    """A provision that stands for its place in the tree only."""
    titled = identifier in titles
    return {
        "type": "Provision",
        "id": identifier,
        "instrument": instrument,
        "provisionKind": kind_of(identifier, instrument),
        "citedAs": cited_as(identifier, instrument),
        "title": titles.get(identifier),
        "extentRead": "title" if titled else None,
        "note": "Title from the Convention's table of contents; the article was not read."
        if titled
        else "Not read itself: recorded as the place of the provisions below it or of a reference to it.",
    }


def chapter_records(contents: Record) -> list[Record]:
    """The Convention's chapters."""
    return [
        {
            "type": "Provision",
            "id": f"{contents['instrument']}/chapter-{chapter['number']}",
            "instrument": contents["instrument"],
            "provisionKind": "chapter",
            "citedAs": f"Chapter {chapter['number']}",
            "title": chapter["title"],
            "order": place,
            "note": "Title from the Convention's table of contents.",
        }
        for place, chapter in enumerate(contents["chapters"], start=1)
    ]


def _order(identifier: str, kind: str) -> int:
    last = identifier.rsplit("/", maxsplit=1)[-1]
    if found := re.match(r"^(?:art|para|rule|question|pp)-(\d+)", last):
        return int(found[1])
    if found := re.match(r"^chapter-([ivx]+)", last):
        return ROMAN.index(found[1]) + 1
    return order_of(last, lettered=kind == "section") if re.match(r"^(\d+\w*|[a-zA-Z]|[ivx]+)$", last) else 0


def _parent(identifier: str, known: set[str], chapters: dict[str, str]) -> str | None:
    if identifier in chapters:
        return chapters[identifier]
    parent = identifier
    while "/" in (parent := _above(parent)):
        if parent in known:
            return parent
    return None


def _with_place(record: Record, known: set[str], chapters: dict[str, str]) -> Record:
    """Add where a provision stands: what it is part of, and its place there."""
    if record["type"] != "Provision" or record.get("order"):
        return record
    place = _order(record["id"], record["provisionKind"]) or None
    return {**record, "is_part_of": _parent(record["id"], known, chapters), "order": place}


def us_chapter_of(identifier: str) -> str | None:
    """Chapter 110 of Title 18 holds sections 2251 to 2260A."""
    found = re.match(r"^us-18-usc/(\d+)[A-Z]?$", identifier)
    return "us-18-usc-110" if found and 2251 <= int(found[1]) <= 2260 else None  # noqa: PLR2004 (its sections)


def _missing(records: list[Record], titles: dict[str, str]) -> list[Record]:
    """Articles that are known by title only, and ancestors that no entry gives."""
    known = {record["id"] for record in records}
    wanted: dict[str, str] = dict.fromkeys(titles, "cets-201")
    for record in records:
        if record["type"] != "Provision":
            continue
        for one in [record["id"], *record.get("limits", [])]:
            parts = one.removeprefix(record["instrument"]).strip("/").split("/")
            last = len(parts) + (one != record["id"])
            for depth in range(1, last):
                wanted.setdefault("/".join([record["instrument"], *parts[:depth]]), record["instrument"])
    return [
        unread_provision(one, instrument, titles) for one, instrument in wanted.items() if one not in known
    ]


KEYS = [
    "type",
    "id",
    "instrument",
    "provisionKind",
    "citedAs",
    "title",
    "number",
    "instrumentKind",
    "is_part_of",
    "order",
    "limits",
    "interprets",
    "interpretsInstrument",
    "adoptedOn",
    "openedOn",
    "inForceOn",
    "legalStage",
    "summary",
    "extentRead",
    "confidence",
    "note",
    "citation",
]


def _tidy(record: Record) -> Record:
    single = {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in record.items()
    }
    return {key: single[key] for key in KEYS if single.get(key)}


def _in_order(records: list[Record]) -> list[Record]:
    orders = {record["id"]: record.get("order") or 0 for record in records}

    def key(record: Record) -> tuple[Any, ...]:
        if record["type"] == "Instrument":
            return (record["id"], -1)
        rank = {"chapter": 0, "preamble": -0.5}.get(record["provisionKind"], 1)
        parts = record["id"].split("/")
        chain = ["/".join(parts[: depth + 1]) for depth in range(1, len(parts))]
        return (record["instrument"], rank, tuple((orders.get(one, 0), one) for one in chain))

    return sorted(records, key=key)


def instrument_files(evidence: Record, contents: Record, cite: Cite) -> Written:
    """One file for each family of instruments."""
    entries = [entry for entry in evidence["entries"] if not VOCABULARY.match(entry["id"])]
    whole = [entry for entry in entries if "type" in entry and entry["id"] not in CHAPTERS_AS_ENTRIES]
    instruments = {entry["id"] for entry in whole}
    numbered = {
        f"cets-201/art-{number}": (title, f"cets-201/chapter-{chapter['number']}")
        for chapter in contents["chapters"]
        for number, title in chapter["articles"].items()
    }
    titles = {one: title for one, (title, _chapter) in numbered.items()}
    chapters = {one: chapter for one, (_title, chapter) in numbered.items()}
    records = [instrument_record(entry, cite) for entry in whole]
    records += chapter_records(contents) if contents["chapters"] else []
    records += [provision_record(entry, instruments, titles, cite) for entry in entries if entry not in whole]
    records += _missing(records, titles)
    known = {record["id"] for record in records if record["type"] == "Provision"}
    chapters |= {one: chapter for one in known if (chapter := us_chapter_of(one)) in known and chapter}
    placed = _in_order([_tidy(_with_place(record, known, chapters)) for record in records])
    return {
        f"instruments/{name}.yaml": (header, [one for one in placed if family(one["id"]) == name])
        for name, header in FAMILIES.values()
    }
