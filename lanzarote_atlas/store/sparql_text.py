"""The words of a SPARQL query, told apart from what stands inside strings, addresses and comments.

Two things rest on it: parameters are put in place of `$name` as whole RDF terms, never as pasted text; and a
query that would make an engine open a connection or change data is refused before any engine sees it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lanzarote_atlas import terms
from lanzarote_atlas.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lanzarote_atlas.store import Term

_QUERIES = 256
"""How many queries are kept cut at their parameters: more than the catalogue has."""
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

# SPARQL 1.1 section 19.8: the terminals that matter here, longest first.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<string>
        \"\"\"(?:\\.|\"{0,2}[^\"\\])*\"\"\"
      | '''(?:\\.|'{0,2}[^'\\])*'''
      | "(?:\\.|[^"\\\n\r])*"
      | '(?:\\.|[^'\\\n\r])*'
    )
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<parameter>\$\w+)
  | (?P<variable>\?\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>[\w.-]{0,200}:(?:[\w.:%-]|\\.)*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE = re.compile(r"\\(.)")
_STRING = ox.NamedNode(terms.XSD + "string")
_ENDS_CLAUSE = {"WHERE", "{", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}
_DEPTH = {"{": 1, "(": 1, "}": -1, ")": -1}
_PROLOGUE = {"BASE", "PREFIX"}
_GAP = r"(?:\s|\#[^\r\n]*[\r\n])*+"
# Engines differ in where a word, an address or a comment begins (`.SERVICE:x`, `1<2)SERVICE#>`), so a call is
# looked for in the text as it stands, whatever encloses it: the keyword, whom it calls, and an open bracket.
_CALL = re.compile(
    rf"(?<![?$:])SERVICE{_GAP}(?:SILENT{_GAP})?(?:<[^>]*>|[?$]\w+|[\w.-]*:[^\s<>{{}}()]*){_GAP}[{{(]",
    re.IGNORECASE,
)
_LITERAL_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    # An engine that resolves Unicode escapes before it parses would take a backslash and a u for one.
    "\\u": r"\\\u0075",
    "\\U": r"\\\u0055",
}
_LITERAL_ESCAPED = re.compile(r'\\[uU]|[\\"\n\r\t]')


def tokens(query: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each token; joined, the texts are the query again."""
    for match in _TOKEN.finditer(query):
        yield match.lastgroup or "other", match.group()


def bind(query: str, parameters: Mapping[str, Term]) -> str:
    """Put RDF terms in place of `$name` for each named parameter; others stay variables."""

    def replace(name: str, token: str) -> str:
        term = parameters.get(name) if name else None
        return token if term is None else written(term)

    return "".join(replace(name, token) for name, token in _pieces(query))


@lru_cache(maxsize=_QUERIES)
def _pieces(query: str) -> tuple[tuple[str, str], ...]:
    """Return a query cut at its parameters: the name of each, or none, and the text that stands there.

    Kept, because a query of the catalogue is bound again and again, at times for each of a thousand cells.
    """
    pieces: list[tuple[str, str]] = []
    for is_parameter, found in groupby(tokens(query), key=lambda part: part[0] == "parameter"):
        texts = [token for _, token in found]
        pieces += [(token[1:], token) for token in texts] if is_parameter else [("", "".join(texts))]
    return tuple(pieces)


def written(term: Term) -> str:
    """Return a term as SPARQL writes it, so that no text in it can end it early."""
    if not isinstance(term, ox.Literal):
        return str(term)
    quoted = _LITERAL_ESCAPED.sub(lambda match: _LITERAL_ESCAPES[match.group()], term.value)
    if term.language:
        return f'"{quoted}"@{term.language}'
    return f'"{quoted}"' if term.datatype == _STRING else f'"{quoted}"^^{term.datatype}'


def form(query: str) -> str:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE; raise QueryError where a query begins with another word."""
    word = next(
        (token for kind, token in tokens(query) if kind == "word" and token.upper() not in _PROLOGUE), ""
    )
    if word.upper() not in FORMS:
        found = f"begins with {word!r}" if word else "has no words"
        message = f"a query that {found} is refused: the atlas is read only; use {', '.join(FORMS)}"
        raise QueryError(message)
    return word.upper()


def words(query: str) -> set[str]:
    """Return the keywords and other bare words of a query, in capitals."""
    return {token.upper() for kind, token in tokens(query) if kind == "word"}


def with_full_names(query: str) -> str:
    r"""Return the query with `id:state\/DNK` as a full address: not every engine knows such an escape."""
    known: dict[str, str] = {}
    parts = list(tokens(query))
    meant = [(kind, token) for kind, token in parts if kind != "comment" and not token.isspace()]
    for (_, word), (kind, prefix), (_, iri) in zip(meant, meant[1:], meant[2:], strict=False):
        if word.upper() == "PREFIX" and kind == "name":
            known[prefix] = iri[1:-1]
    return "".join(
        _full(token, known) if kind == "name" and "\\" in token else token for kind, token in parts
    )


def _full(name: str, known: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    if prefix + colon not in known:
        return name
    plain = _LOCAL_ESCAPE.sub(r"\1", local)
    return f"<{known[prefix + colon]}{plain}>"


def with_dataset(query: str, default_graph: str, named_graphs: Iterable[str]) -> str:
    """Return the query with clauses that name its dataset (SPARQL 1.1, section 13.2), before its pattern."""
    parts = list(tokens(query))
    clauses = [f"FROM <{default_graph}>", *(f"FROM NAMED <{graph}>" for graph in named_graphs)]
    place = _pattern(parts)
    before, after = ("".join(token for _, token in part) for part in (parts[:place], parts[place:]))
    return f"{before}\n{' '.join(clauses)}\n{after}"


def _pattern(parts: Sequence[tuple[str, str]]) -> int:
    """Return the place of the token that ends the first clause: WHERE, the pattern's bracket, a modifier."""
    texts = [token.upper() if kind in {"word", "other"} else "" for kind, token in parts]
    form_at = next(place for place, token in enumerate(texts) if token in FORMS)
    depth = 0
    template = texts[form_at] == "CONSTRUCT"
    for place, token in enumerate(texts[form_at + 1 :], form_at + 1):
        if not depth and token in _ENDS_CLAUSE and (template, token) != (True, "{"):
            return place
        template = template and (depth, token) != (1, "}")
        depth += _DEPTH.get(token, 0)
    return len(parts)


def refuse_unsafe(query: str) -> None:
    """Raise QueryError where a query would open a connection or change data.

    Looked at as it is written and with its Unicode escapes resolved, because engines do either.
    """
    resolved = _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)
    for text in {query, resolved}:
        form(text)
        if _CALL.search(text):
            message = "SERVICE is refused: a query may not call another endpoint"
            raise QueryError(message)
