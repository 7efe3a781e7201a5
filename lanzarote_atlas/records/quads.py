"""Records as RDF quads, through the JSON-LD context.

The context does the mapping. What is added here is only what YAML cannot say in place: the full address of
a record, an address for each nested object (`<record>#citation-1`, so that the graph has no blank node and
every part can be pointed at), and the datatype of a date that gives no day.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lanzarote_atlas import terms
from lanzarote_atlas.errors import AtlasError
from lanzarote_atlas.records import context as contexts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lanzarote_atlas.records.context import Context
    from lanzarote_atlas.records.files import Record
    from lanzarote_atlas.records.yaml_text import Value


def of_records(records: Iterable[Record]) -> Iterator[ox.Quad]:
    """Yield the quads of records, each in the named graph of its file.

    Records must have passed the schema check; raises AtlasError naming the file where one cannot be mapped.
    """
    context = contexts.load()
    by_graph: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        by_graph.setdefault(terms.graph(record.graph), []).append(_expand(record, context))
    graphs = [{"id": name, "records": nodes} for name, nodes in by_graph.items()]
    document = json.dumps({"@context": context.document, "records": graphs})
    try:
        yield from ox.parse(document, format=ox.RdfFormat.JSON_LD)
    except SyntaxError as error:
        message = f"{', '.join(map(terms.compact, by_graph))}: cannot be mapped to RDF: {error}"
        raise AtlasError(message) from error


def _expand(record: Record, context: Context) -> dict[str, Any]:
    iri = context.record_iri(record.type, record.id)
    node = _node(record.body, iri, context)
    return node | {"id": iri, "type": record.type}


def _node(body: dict[str, Value], iri: str, context: Context) -> dict[str, Any]:
    return {key: _value(key, value, iri, context) for key, value in body.items()}


def _value(key: str, value: Value, iri: str, context: Context) -> Any:  # noqa: ANN401 - JSON
    if key in contexts.NESTED_TYPES:
        return _nested(key, value, iri, context)
    if key in context.dates and isinstance(value, str) and len(value) in contexts.PARTIAL_DATES:
        return {"@value": value, "@type": contexts.PARTIAL_DATES[len(value)]}
    if key in context.addresses:
        return [terms.encoded(str(one)) for one in _as_list(value)]
    if key in context.areas:
        return [context.address_of(key, one) if isinstance(one, str) else one for one in _as_list(value)]
    return value


def _as_list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _nested(key: str, value: Value, iri: str, context: Context) -> list[dict[str, Any]]:
    nodes = []
    for place, item in enumerate(_as_list(value), start=1):
        if not isinstance(item, dict):
            continue
        address = f"{iri}#{key}-{place}" if "#" not in iri else f"{iri}-{key}-{place}"
        nodes.append(_node(item, address, context) | {"id": address, "type": contexts.NESTED_TYPES[key]})
    return nodes
