"""The guard: which query of a stranger may reach an engine, and in what words.

A query is parsed whole by the grammar of SPARQL 1.1 (`sparql.lark`), which has no update. What the engine
then gets is not the text that came in but its tokens, set apart by blanks, without comments and with escapes
resolved, so that no engine can read another query in it than the one that was judged. Nothing is opened here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pyoxigraph as ox
from lark import Lark, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from lanzarote_atlas import settings, terms
from lanzarote_atlas.errors import RefusedError
from lanzarote_atlas.store import sparql_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lark import Token

_GRAMMAR = Path(__file__).with_name("sparql.lark")
_KEPT = 512
"""Decisions that are remembered, each with a text of at most the length allowed."""
_UPDATES = frozenset("INSERT DELETE LOAD CLEAR DROP CREATE ADD MOVE COPY WITH".split())  # noqa: SIM905
_OPENING = {"LBRACE", "LPAR", "LSQB"}
_CLOSING = {"RBRACE", "RPAR", "RSQB"}
_BRACKETS = {"NIL": "()", "ANON": "[]"}
_FUNCTIONS = {"FUNCTION", "NO_ARGUMENT", "MAYBE_ARGUMENT"}
_CHANGING = {"NO_ARGUMENT", "MAYBE_ARGUMENT"}
"""Functions that give another answer each time: RAND, NOW, UUID, STRUUID, BNODE."""
_WORD = re.compile(r"\w+")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\\ud800-\udfff]')
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST_NUMBER = 18
_SENTENCE = re.compile(r"[A-Za-z]+(?: [\w*]+){2,}")
_FIRST_LINE = re.compile(r"at 1:(\d+)")
READ_ONLY = "one query of the form SELECT, ASK, CONSTRUCT or DESCRIBE"


@dataclass(frozen=True)
class Limits:
    """What a query may measure; `rows` is put into it as its LIMIT where it has none or a larger one."""

    characters: int
    nesting: int
    rows: int


@dataclass(frozen=True)
class Question:
    """A query that may be asked."""

    form: str
    """SELECT, ASK, CONSTRUCT or DESCRIBE."""
    text: str
    """What an engine gets."""
    graphs: frozenset[str]
    """The graphs that its FROM and FROM NAMED name."""
    repeatable: bool
    """Whether the same build always gives the same answer."""
    limited: bool
    """Whether the limit on rows was put in place of the query's own or of none."""
    head: int
    """How many characters stand before the reader's first line."""

    def placed(self, message: str) -> str:
        """Return an engine's message with the columns of its first line as the reader counts them.

        Oxigraph puts a reason, such as a variable that is selected but unbound, among the words that it would
        have taken at that place: the reason alone is then told.
        """
        counted = _FIRST_LINE.sub(
            lambda match: f"at line 1, column {max(int(match[1]) - self.head, 1)}", message
        )
        where, _, expected = counted.partition(": expected ")
        items = expected.strip().removeprefix("one of ").split(", ")
        reason = next(filter(_SENTENCE.fullmatch, items), None)
        return f"{where}: {reason}" if reason else counted


def limits() -> Limits:
    """Return the limits of the settings."""
    known = settings.current()
    return Limits(known.query_characters, known.query_nesting, known.query_rows)


def admit(query: str, graphs: Collection[str], allowed: Limits) -> Question:
    """Return the query as it may be asked of a dataset with these named graphs; else raise RefusedError."""
    question = read(query, allowed)
    refuse_graphs(question.graphs, graphs)
    return question


def refuse_graphs(named: Collection[str], graphs: Collection[str]) -> None:
    """Raise RefusedError where one of the graphs named is not of the dataset: it would have to be fetched."""
    for graph in sorted(named):
        if graph not in graphs:
            message = f"<{graph}> is no graph of the dataset, and none is fetched"
            raise RefusedError(
                message, code="graph", allowed="the dataset's own graphs: SELECT ?g { GRAPH ?g {} }"
            )


@lru_cache(maxsize=_KEPT)
def read(query: str, allowed: Limits) -> Question:
    """Return the query as it may be asked if its graphs are of the dataset; else raise RefusedError."""
    if len(query) > allowed.characters:
        message = f"the query has {len(query):,} characters"
        raise RefusedError(message, code="length", allowed=f"{allowed.characters:,} characters", status=413)
    writer = _Writer(allowed)
    for token in _tokens(query):
        writer.take(token)
    return writer.question()


def _tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of a query that parses; RefusedError where it does not, at the token that is wrong."""
    steps = _parser().parse_interactive(query)
    began = False
    try:
        for token in steps.iter_parse():
            began = began or token.type in sparql_text.FORMS
            yield token
        steps.feed_eof()  # type: ignore[no-untyped-call]  # of Lark
    except UnexpectedInput as error:
        _explain(query, error, began=began)


def _explain(query: str, error: UnexpectedInput, *, began: bool) -> NoReturn:
    found = _WORD.match(query, _start(error))
    word = found.group().upper() if found else ""
    place = _end(query) if _at_end(error) else (error.line, error.column)
    if not began and (word in _UPDATES or word not in sparql_text.FORMS):
        code = "update" if word in _UPDATES else "syntax"
        shown = f"begins with {word!r}" if word else "does not begin as one"
        message = f"a query that {shown} is refused: the atlas is read only"
        raise RefusedError(message, code=code, allowed=READ_ONLY, place=place) from error
    message = f"the query does not parse at line {place[0]}, column {place[1]}: {_found(query, error)}"
    raise RefusedError(message, code="syntax", allowed=_expected(error), place=place) from error


def _found(query: str, error: UnexpectedInput) -> str:
    if _at_end(error):
        return "it ends too early"
    start = _start(error)
    found = _WORD.match(query, start)
    return f"found {found.group()[:_MOST_SHOWN] if found else query[start : start + 1]!r}"


def _start(error: UnexpectedInput) -> int:
    return getattr(error, "pos_in_stream", None) or 0


def _at_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _end(query: str) -> tuple[int, int]:
    lines = query.split("\n")
    return len(lines), len(lines[-1]) + 1


def _expected(error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedCharacters):
        names = set(error.allowed or ())
    else:
        names = set(getattr(error, "expected", None) or ())
    shown = sorted({_SHOWN.get(name, name) for name in names - _NOT_SHOWN})
    return f"here: {', '.join(shown[:_MOST_SHOWN])}{', …' if len(shown) > _MOST_SHOWN else ''}"


_MOST_SHOWN = 12
_NOT_SHOWN = {"COMMENT", "SPACE", "SERVICE"}
_SHOWN = {
    "LBRACE": "{",
    "RBRACE": "}",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "DOT": ".",
    "SEMICOLON": ";",
    "COMMA": ",",
    "VAR": "?variable",
    "IRIREF": "<address>",
    "$END": "the end",
    "PNAME_LN": "prefix:name",
    "PNAME_NS": "prefix:",
    "STRING": "a string",
    "A": "a",
    "SLASH": "/",
    "OR": "||",
    "AND": "&&",
    "DATATYPE": "^^",
    "STAR": "*",
    "PLUS": "+",
    "MINUS_SIGN": "-",
    "BANG": "!",
    "EQUAL": "=",
    "NOT_EQUAL": "!=",
    "LESS": "<",
    "GREATER": ">",
    "LESS_EQUAL": "<=",
    "VBAR": "|",
    "GREATER_EQUAL": ">=",
    "CIRCUMFLEX": "^",
    "QUESTION": "?",
    "LANGTAG": "@language",
    "NIL": "()",
    **dict.fromkeys(("FUNCTION", "AGGREGATE", "NO_ARGUMENT", "MAYBE_ARGUMENT"), "a function"),
    **dict.fromkeys(("INTEGER", "DECIMAL", "DOUBLE"), "a number"),
    **dict.fromkeys(("SIGNED_INTEGER", "SIGNED_DECIMAL", "SIGNED_DOUBLE"), "a number"),
    "ANON": "[]",
    "BLANK_NODE_LABEL": "_:label",
    "BOOLEAN": "true or false",
}


class _Writer:
    """Takes the tokens of a query in order and writes it anew, each token where it stood."""

    def __init__(self, allowed: Limits) -> None:
        self._allowed = allowed
        self._form = ""
        self._prefixes: dict[str, str] = {}
        self._added: dict[str, str] = {}
        self._graphs: set[str] = set()
        self._pieces: list[str] = []
        self._line, self._column = 1, 1
        self._depth = 0
        self._last = ("", "")
        self._prefix = ""
        self._limit_at: int | None = None
        self._values_at: int | None = None
        self._changing = False
        self._limited = False

    def take(self, token: Token) -> None:
        """Judge a token and write it; RefusedError where it is what no query may hold."""
        if token.type == "SERVICE":
            message = "SERVICE is refused: a query may not call another endpoint"
            raise RefusedError(
                message, code="service", allowed="patterns over the atlas itself", place=_place(token)
            )
        self._count(token)
        written = self._written(token)
        self._set_down(written, token)
        self._last = (self._last[1], token.type)

    def question(self) -> Question:
        """Return the query written so far."""
        if self._form in ("SELECT", "CONSTRUCT"):
            self._put_limit()
        head = "".join(f"PREFIX {name} <{iri}> " for name, iri in self._added.items())
        text = head + "".join(self._pieces)
        graphs = frozenset(self._graphs)
        return Question(self._form, text, graphs, not self._changing, self._limited, len(head))

    def _count(self, token: Token) -> None:
        if token.type in _OPENING:
            self._depth += 1
        elif token.type in _CLOSING:
            self._depth -= 1
        if self._depth > self._allowed.nesting:
            message = f"brackets are nested more than {self._allowed.nesting} deep"
            raise RefusedError(
                message, code="nesting", allowed=f"{self._allowed.nesting} levels", place=_place(token)
            )
        if not self._form and token.type in sparql_text.FORMS:
            self._form = token.type
        self._changing = self._changing or token.type in _CHANGING
        if token.type == "VALUES" and self._depth == 0:
            self._values_at = len(self._pieces)

    def _written(self, token: Token) -> str:
        if token.type == "STRING":
            return _string(token)
        if token.type == "IRIREF":
            return f"<{self._address(token)}>"
        if token.type in ("PNAME_LN", "PNAME_NS"):
            return self._name(token)
        if token.type == "INTEGER" and self._depth == 0 and self._last[1] == "LIMIT":
            self._limit_at = len(self._pieces)
        return _BRACKETS.get(token.type, str(token))

    def _address(self, token: Token) -> str:
        resolved = _ESCAPE.sub(_unescaped, token[1:-1])
        if _NOT_IN_IRI.search(resolved):
            message = "an escape hides in an address"
            raise RefusedError(message, code="syntax", allowed="plain addresses", place=_place(token))
        if self._last == ("PREFIX", "PNAME_NS"):
            self._prefixes[self._prefix] = resolved
        return self._of_dataset(resolved, token)

    def _name(self, token: Token) -> str:
        name, _, local = token.partition(":")
        self._prefix = f"{name}:"
        if self._last[1] == "PREFIX":
            return str(token)
        if self._prefix not in self._prefixes:
            known = terms.prefixes().get(name)
            if known is None:
                message = f"prefix {name}: is not declared"
                allowed = f"PREFIX {name}: <…> before, or {', '.join(terms.prefixes())}"
                raise RefusedError(message, code="syntax", allowed=allowed, place=_place(token))
            self._prefixes[self._prefix] = self._added[self._prefix] = known
        if not self._in_dataset():
            return str(token)
        address = self._prefixes[self._prefix] + _ESCAPE.sub(_unescaped, local)
        return f"<{self._of_dataset(address, token)}>"

    def _in_dataset(self) -> bool:
        return self._last[1] == "FROM" or self._last == ("FROM", "NAMED")

    def _of_dataset(self, address: str, token: Token) -> str:
        """Note the address where it follows FROM, so that what is judged is what the engine is told."""
        if self._in_dataset():
            if not _ABSOLUTE.match(address):
                message = f"FROM <{address}> is relative"
                raise RefusedError(
                    message, code="graph", allowed="a graph by its whole address", place=_place(token)
                )
            self._graphs.add(address)
        return address

    def _set_down(self, written: str, token: Token) -> None:
        """Write a token at its own line and column, or behind what stands there already."""
        line, column = _place(token)
        if line > self._line:
            gap = "\n" * (line - self._line) + " " * (column - 1)
            self._column = column
        else:
            # Oxigraph takes no blank between the name of a function and its arguments.
            glued = token.type in ("LPAR", "NIL") and self._last[1] in _FUNCTIONS
            gap = "" if glued else " " * max(column - self._column, 1)
            self._column += len(gap)
        self._line = max(line, self._line)
        self._pieces.append(gap + written)
        self._column += len(written)

    def _put_limit(self) -> None:
        most = str(self._allowed.rows)
        if self._limit_at is None:
            at = len(self._pieces) if self._values_at is None else self._values_at
            self._pieces.insert(at, f" LIMIT {most}")
            self._limited = True
        elif _above(self._pieces[self._limit_at].strip(), self._allowed.rows):
            self._pieces[self._limit_at] = f" {most}"
            self._limited = True


def _above(digits: str, most: int) -> bool:
    return len(digits.lstrip("0")) > _LONGEST_NUMBER or int(digits[-_LONGEST_NUMBER:]) > most


def _string(token: Token) -> str:
    quotes = 3 if token[:3] in ('"""', "'''") else 1
    try:
        return sparql_text.written(ox.Literal(_ESCAPE.sub(_unescaped, token[quotes:-quotes])))
    except ValueError as error:
        message = "an escape in a string stands for no character"
        raise RefusedError(
            message, code="syntax", allowed="characters of Unicode", place=_place(token)
        ) from error


def _unescaped(match: re.Match[str]) -> str:
    if match[3] is not None:
        return _ESCAPED.get(match[3], match[3])
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else "\ud800"  # noqa: PLR2004 - the end of Unicode


def _place(token: Token) -> tuple[int, int]:
    return token.line or 1, token.column or 1


@cache
def _parser() -> Lark:
    """Return the parser, made when it is first needed: that takes a third of a second."""
    grammar = _GRAMMAR.read_text(encoding="utf-8")
    return Lark(grammar, start="query", parser="lalr", maybe_placeholders=False)
