"""What a reader can correct in a draft: its keys as the schema has them, each as something to type or choose.

Links to criteria, provisions and recommendations are no fields: they are proposed, and made one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from lanzarote_atlas.check import keys
from lanzarote_atlas.ingest.atlas import as_list
from lanzarote_atlas.ingest.proposals import Proposal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from lanzarote_atlas.ingest.drafts import Draft
    from lanzarote_atlas.records.yaml_text import Value

LINKS = {
    "Recommendation": {"basis": "Provision", "basisKind": "", "asksFor": "Criterion"},
    "Observation": {"criterion": "Criterion", "provision": "Provision", "recommendation": "Recommendation"},
    "PromisingPractice": {"criterion": "Criterion", "provision": "Provision", "answers": "Recommendation"},
}
"""The links of each type: key to what it leads to; empty where it is a word of a vocabulary."""
_NEVER = frozenset({"type", "quotation", "reviewedBy", "reviewedOn"})
_ALWAYS = frozenset({"summary", "note"})
_OF_A_CITATION = ("section", "paragraph", "footnote", "page", "locator")
_NUMBERS = frozenset({"paragraph", "footnote", "page"})
_LONG = 200


class Form(StrEnum):
    """How a value is given."""

    LINE = "line"
    TEXT = "text"
    LIST = "list"
    """Values apart by commas."""
    ITEMS = "items"
    """One sub-item a line."""
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True)
class Field:
    """One key of a draft; a key of its citation is written `citation.footnote`."""

    key: str
    form: Form
    options: tuple[str, ...] = ()
    explain: str = ""
    longest: int | None = None


def of(draft: Draft) -> list[Field]:
    """Return the fields of a draft: what it holds or needs, in the order of its record, then the rest."""
    schema, required = keys.allowed(draft.type)
    linked = LINKS.get(draft.type, {})
    held = [key for key in (*draft.record, *schema) if key in draft.record or key in required | _ALWAYS]
    shown = [key for key in dict.fromkeys(held) if key in schema and key not in {*_NEVER, *linked}]
    found = [_field(key, schema[key], draft) for key in shown if key != "citation"]
    return found + (_of_citation(draft) if "citation" in shown else [])


def _field(key: str, said: Mapping[str, Any], draft: Draft) -> Field:
    explain = str(said.get("description", ""))
    if key == "part":
        return Field(key, Form.ITEMS, (), explain)
    alternatives: list[Mapping[str, Any]] = said.get("oneOf", [said])
    options = [word for one in alternatives for word in one.get("enum", ())]
    several = any(one.get("type") == "array" for one in alternatives)
    if options:
        if key == "addressee":
            options = [
                *dict.fromkeys(filter(None, (_state(draft), str(draft.record.get(key, ""))))),
                *options,
            ]
        form = Form.CHOICES if several else Form.CHOICE
        return Field(key, form, tuple(dict.fromkeys(options)), explain)
    longest = said.get("maxLength")
    text = Form.TEXT if longest and longest > _LONG else Form.LINE
    return Field(key, Form.LIST if several else text, (), explain, longest)


def _state(draft: Draft) -> str:
    named = as_list(draft.record.get("state")) + as_list(draft.record.get("namesState"))
    return str(named[0]) if named else ""


def _of_citation(draft: Draft) -> list[Field]:
    schema, _ = keys.allowed("Citation")
    citation = draft.record.get("citation")
    held = citation if isinstance(citation, dict) else {}
    shown = [key for key in _OF_A_CITATION if key in schema and (key in held or key != "page")]
    return [
        Field(
            f"citation.{key}",
            Form.LIST if key in _NUMBERS else Form.LINE,
            explain=str(schema[key].get("description", "")),
        )
        for key in shown
    ]


# --- values as a reader writes them


def value_of(record: Mapping[str, Value], field: Field) -> Value:
    """Return what a record holds under a field; None where it holds nothing."""
    key, dot, inner = field.key.partition(".")
    held = record.get(key)
    if not dot:
        return held
    return held.get(inner) if isinstance(held, dict) else None


def as_text(value: Value, field: Field) -> str:
    """Return a value as a reader writes it; an empty text for none."""
    items = as_list(value)
    if field.form is Form.ITEMS:
        return "\n".join(str(one.get("summary", "")) for one in items if isinstance(one, dict))
    return ", ".join(map(str, items))


def as_value(text: str, field: Field) -> Value:
    """Return what a reader wrote as a value; None for nothing."""
    if field.form is Form.ITEMS:
        return _items(text)
    if field.form is not Form.LIST:
        return " ".join(text.split()) or None
    found = [_number(one, field) for one in re.split(r"[,;\n]", text) if one.strip()]
    return None if not found else found[0] if len(found) == 1 else found


def _items(text: str) -> Value:
    summaries = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return [{"order": place, "summary": said} for place, said in enumerate(summaries, start=1)] or None


def _number(text: str, field: Field) -> Value:
    """Return a report paragraph, footnote or page as the number that it is."""
    said = text.strip()
    inner = field.key.removeprefix("citation.")
    return int(said) if inner in _NUMBERS and said.isascii() and said.isdecimal() else said


def changes(draft: Draft, written: Mapping[str, Value]) -> dict[str, Value]:
    """Return what a reader wrote, by field, as changes of a draft's keys; what is as it was is none."""
    fields = {field.key: field for field in of(draft)}
    changed: dict[str, Value] = {}
    citation = draft.record.get("citation")
    inner = dict(citation) if isinstance(citation, dict) else {}
    for name, value in written.items():
        if name not in fields or _alike(value, value_of(draft.record, fields[name])):
            continue
        key, dot, within = name.partition(".")
        if dot:
            inner[within] = value
            changed[key] = {one: held for one, held in inner.items() if held is not None}
        else:
            changed[key] = value
    return changed


def _alike(one: Value, other: Value) -> bool:
    return list(map(str, as_list(one))) == list(map(str, as_list(other)))


# --- links


def chosen(
    draft: Draft, ticked: Collection[tuple[str, str]], added: Mapping[str, Sequence[str]]
) -> list[Proposal]:
    """Return the links that a reader made: proposals that were ticked, and what was added by hand."""
    made = {(one.key, one.value): one for one in draft.proposed if (one.key, one.value) in ticked} | {
        (key, value): Proposal(key, value, "chosen by the reader")
        for key in LINKS.get(draft.type, {})
        for value in added.get(key, ())
    }
    return list(made.values())
