"""The same query from elsewhere: lines for curl, Python and R that put it to the service.

A query is a stranger's text. In each language it is written as one literal that means exactly that text, so
that nothing in it (quote, dollar sign, backslash, line) is read as a command. Nothing is run here.
"""

from __future__ import annotations

import re
import shlex
from types import MappingProxyType
from typing import TYPE_CHECKING

from lanzarote_atlas import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PLACEHOLDER = "http://127.0.0.1:8080/"
"""Where `lanzarote serve` answers unless told otherwise."""
_ROWS, _TRUTH, _TRIPLES = "text/csv", "application/sparql-results+json", "text/turtle"
_MEDIA = {"SELECT": _ROWS, "ASK": _TRUTH}
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NAMED_IN_R = {"\t": "\\t", "\r": "\\r", "\\": "\\\\", '"': '\\"'}


def service() -> str:
    """Return the address that answers SPARQL: of the settings, else the one of `lanzarote serve`."""
    return f"{settings.current().service or PLACEHOLDER}sparql"


def snippets(query: str, form: str) -> dict[str, tuple[str, str]]:
    """Return language and text of a snippet by its title; `form` is SELECT, ASK, CONSTRUCT or DESCRIBE."""
    address = service()
    return {title: (language, make(query, form, address)) for title, (language, make) in _LANGUAGES.items()}


def curl(query: str, form: str, address: str) -> str:
    """Return a command for a POSIX shell; what it is given between single quotes is read letter by letter."""
    sent = shlex.quote(f"query={query}")
    accept = shlex.quote(f"Accept: {_MEDIA.get(form, _TRIPLES)}")
    return f"curl --fail-with-body -H {accept} \\\n  --data-urlencode {sent} \\\n  {shlex.quote(address)}"


def python(query: str, form: str, address: str) -> str:
    """Return a program for Python with SPARQLWrapper, the query line by line as Python writes a text."""
    lines = "\n".join(f"    {line!r}" for line in query.splitlines(keepends=True))
    wanted = "JSON" if form in _MEDIA else "TURTLE"
    read = {
        "SELECT": 'for row in answer["results"]["bindings"]:\n'
        '    print({name: term["value"] for name, term in row.items()})',
        "ASK": 'print(answer["boolean"])',
    }
    return (
        f"from SPARQLWrapper import {wanted}, POST, SPARQLWrapper\n\n"
        f"QUERY = (\n{lines or '    ' + repr('')}\n)\n\n"
        f"service = SPARQLWrapper({address!r})\n"
        f"service.setMethod(POST)\nservice.setReturnFormat({wanted})\nservice.setQuery(QUERY)\n"
        f"answer = service.queryAndConvert()\n{read.get(form, 'print(answer.decode())')}\n"
    )


def r(query: str, form: str, address: str) -> str:
    """Return a program for R with httr, the query line by line as R writes a text."""
    lines = ",\n".join(f"  {_r_literal(line)}" for line in query.split("\n"))
    read = {"SELECT": "answer <- read.csv(text = answer)\nprint(answer)"}
    return (
        f'library(httr)\n\nquery <- paste(sep = "\\n",\n{lines}\n)\n\n'
        f'reply <- POST({_r_literal(address)}, body = list(query = query), encode = "form",\n'
        f'  accept("{_MEDIA.get(form, _TRIPLES)}"))\n'
        "stop_for_status(reply)\n"
        'answer <- content(reply, as = "text", encoding = "UTF-8")\n'
        f"{read.get(form, 'cat(answer)')}\n"
    )


def _r_literal(text: str) -> str:
    named = re.sub(r'[\t\r\\"]', lambda match: _NAMED_IN_R[match[0]], text)
    return '"' + _UNREADABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", named) + '"'


_LANGUAGES: Mapping[str, tuple[str, Callable[[str, str, str], str]]] = MappingProxyType(
    {"curl": ("bash", curl), "Python (SPARQLWrapper)": ("python", python), "R (httr)": ("r", r)}
)
