"""Keys and values of records against the JSON Schema, as faults that a curator can act on.

The schema is the one that completes and checks in an editor, so both say the same; here each violation gets
its line, and the nearest valid word where one was probably meant.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pyoxigraph as ox
from jsonschema import Draft202012Validator, FormatChecker

from lanzarote_atlas import resources, terms
from lanzarote_atlas.errors import did_you_mean
from lanzarote_atlas.records import context as contexts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema import ValidationError

    from lanzarote_atlas.errors import Fault
    from lanzarote_atlas.records.files import Record

_ISO_DATE = len("2018-01-15")
_LONGEST_SHOWN = 60
_FARNESS = {"type": 2, "enum": 1, "const": 1, "pattern": 1}
_HINTS = {
    "maxLength": "shorten it to what a reader needs",
    "format": "look for a % without two digits after it, or a bracket in the host",
}
_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("uri", raises=ValueError)
def _is_address(value: object) -> bool:
    """Tell whether a text is an address that RDF can hold; the mapping would drop another without a word."""
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        ox.NamedNode(terms.encoded(value))
    return True


@cache
def _definitions() -> dict[str, Any]:
    path = resources.project() / "ontology" / "schema.json"
    definitions: dict[str, Any] = json.loads(resources.read_text(path))["$defs"]
    return definitions


def allowed(record_type: str) -> tuple[dict[str, Any], frozenset[str]]:
    """Return what the schema says of each key of a type, and which keys it requires."""
    definition = _definitions()[record_type]
    return definition["properties"], frozenset(definition["required"])


@cache
def _validator(record_type: str) -> Draft202012Validator:
    schema = {"$ref": f"#/$defs/{record_type}", "$defs": _definitions()}
    return Draft202012Validator(schema, format_checker=_FORMATS)


@cache
def _quick_validator(record_type: str) -> jsonschema_rs.Validator:
    """Return the compiled twin of `_validator`: it says only whether there is a fault, but soon."""
    schema = {"$ref": f"#/$defs/{record_type}", "$defs": _definitions()}
    return jsonschema_rs.Draft202012Validator(schema, formats={"uri": _is_encodable}, validate_formats=True)


def _is_encodable(value: str) -> bool:
    try:
        return _is_address(value)
    except ValueError:
        return False


def _is_sound(record: Record) -> bool:
    try:
        return _quick_validator(record.type).is_valid(record.body)
    except ValueError:  # a number beyond what it holds: let the explaining one look
        return False


def faults(records: Iterable[Record]) -> Iterator[Fault]:
    """Yield a fault for every key or value that the schema does not allow, and for every impossible date."""
    types = contexts.load().type_bases
    for record in records:
        if record.type not in types:
            hint = did_you_mean(record.type, types) or f"one of: {', '.join(sorted(types))}"
            yield record.fault(f"unknown type {record.type!r}", hint, ("type",))
            continue
        if not _is_sound(record):
            for error in _validator(record.type).iter_errors(record.body):
                yield from _explain(record, error)
        yield from _dates(record, record.body, ())


def _explain(record: Record, error: ValidationError) -> Iterator[Fault]:
    """Turn one schema violation into faults; of alternatives, the one that came nearest is explained."""
    if error.validator == "oneOf" and error.context:
        yield from _explain(record, _nearest(error.context))
        return
    at = tuple(error.absolute_path)
    name = str(next((key for key in reversed(at) if isinstance(key, str)), ""))
    if error.validator == "additionalProperties":
        yield from _unknown_keys(record, error, at)
    elif error.validator == "required":
        missing = str(error.message).split("'")[1]
        yield record.fault(f"no {missing!r}", _why_required(missing), at)
    elif error.validator in {"enum", "const"}:
        allowed = [str(word) for word in _allowed(error)]
        hint = did_you_mean(str(error.instance), allowed) or f"expected one of: {', '.join(allowed)}"
        yield record.fault(f"{name}: unknown value {_shown(error.instance)}", hint, at)
    else:
        yield record.fault(f"{name or 'record'}: {_plain(error)}", _describe(error, name), at)


def _nearest(errors: list[ValidationError]) -> ValidationError:
    """Return the error of the alternative that was meant: the deepest, rather out of bounds than alien."""
    return min(errors, key=lambda error: (-len(error.absolute_path), _FARNESS.get(str(error.validator), 0)))


def _allowed(error: ValidationError) -> list[Any]:
    given: Any = error.validator_value
    return list(given) if error.validator == "enum" else [given]


def _unknown_keys(record: Record, error: ValidationError, at: tuple[str | int, ...]) -> Iterator[Fault]:
    schema: Any = error.schema
    instance: Any = error.instance
    known = schema["properties"]
    for key in sorted(set(instance) - set(known)):
        hint = did_you_mean(str(key), known) or f"known keys: {', '.join(sorted(known))}"
        yield record.fault(f"unknown key {key!r}", hint, (*at, key))


def _why_required(key: str) -> str:
    if key == "citation":
        return "every claim says where it was read: add citation: {source: …, paragraph: …}"
    description = _description(key)
    return f"add it: {description}" if description else "add it"


def _description(key: str) -> str:
    """Return what the schema says a key holds, or an empty text."""
    for definition in _definitions().values():
        entry = definition.get("properties", {}).get(key, {})
        if "description" in entry:
            return str(entry["description"])
    return ""


def _plain(error: ValidationError) -> str:
    instance: Any = error.instance
    if error.validator == "type":
        return f"{_shown(error.instance)} is not of type {error.validator_value}"
    if error.validator == "maxLength":
        return f"{len(instance)} characters, at most {error.validator_value} are allowed"
    if error.validator == "pattern":
        return f"{_shown(error.instance)} is not well formed"
    if error.validator == "format":
        return f"{_shown(error.instance)} is no web address"
    if error.validator == "anyOf":
        return "needs a `state` or an `addressee`"
    return str(error.message)[:200]


def _describe(error: ValidationError, name: str) -> str:
    if name in contexts.load().dates:
        return "write a date as 2018-01-15, 2018-01 or 2018, in quotes if it is not a whole date"
    if error.validator == "pattern" and error.validator_value == _definitions()["slug"]["pattern"]:
        return "use letters, digits and . _ ~ / - only"
    return _HINTS.get(str(error.validator), "") or _description(name)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"


def _dates(record: Record, value: object, at: tuple[str | int, ...]) -> Iterator[Fault]:
    """Yield a fault for each whole date that the calendar does not have."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _dates(record, inner, (*at, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _dates(record, inner, (*at, place))
    elif at and at[-1] in contexts.load().dates and _is_no_day(value):
        yield record.fault(f"{at[-1]}: {value!r} is no day of the calendar", "write YYYY-MM-DD", at)


def _is_no_day(value: object) -> bool:
    """Tell whether a text has the form of a whole date, which the schema checks, but no such day exists."""
    if not isinstance(value, str) or len(value) != _ISO_DATE:
        return False
    if not re.search(_definitions()["date"]["pattern"], value):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return True
    return False
