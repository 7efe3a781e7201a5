"""What a reader can change on one draft: its values, and the links that are proposed and never made unasked.

Each change is kept at once in the session, not when a form is sent: a look at another page loses nothing.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas.dashboard import desk, parts, store
from lanzarote_atlas.dashboard.text import plain, sentence
from lanzarote_atlas.ingest import fields
from lanzarote_atlas.ingest.fields import Form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lanzarote_atlas.ingest.drafts import Draft
    from lanzarote_atlas.ingest.fields import Field
    from lanzarote_atlas.ingest.proposals import Proposal
    from lanzarote_atlas.records.yaml_text import Value

_SCHEMES = {"value": "position", "asksFor": "criterion"}
"""The vocabulary of a key's words, where it is not called as the key is."""
_OTHERS = {
    "basis": "Other provisions on which it rests",
    "asksFor": "Other criteria that it asks for",
    "criterion": "Other criteria",
    "provision": "Other provisions",
    "recommendation": "Other recommendations to which it leads",
    "answers": "Recommendations that it answers",
}
_WIDE = frozenset({"summary", "title", "topic", "note", "part", "theme", "url", "citation.locator"})
_LAST = frozenset({"id", "note"})
_HINTS = {
    Form.LIST: "Several values are written with commas between them.",
    Form.ITEMS: "One sub-item a line.",
}


def draw(draft: Draft) -> None:
    """Draw the inputs of a draft: the values, then where they stand in the document."""
    every = fields.of(draft)
    about = [field for field in every if not field.key.startswith("citation.") and field.key not in _LAST]
    place = [field for field in every if field.key.startswith("citation.")]
    _draw(draft, [field for field in about if field.key in _WIDE])
    _draw(draft, [field for field in about if field.key not in _WIDE])
    if place:
        with st.expander("Where it stands, id and note"):
            _draw(draft, [*place, *(field for field in every if field.key in _LAST)])


def _draw(draft: Draft, chosen: Sequence[Field]) -> None:
    narrow = [field for field in chosen if field.key not in _WIDE]
    for field in chosen:
        if field.key in _WIDE:
            _INPUTS[field.form](draft, field)
    for place in range(0, len(narrow), 2):
        columns = st.columns(2, vertical_alignment="bottom")
        for column, field in zip(columns, narrow[place : place + 2], strict=False):
            with column:
                _INPUTS[field.form](draft, field)


def label(key: str) -> str:
    """Return what a key is called on the page: its word in the ontology, else its own words apart."""
    name = key.removeprefix("citation.")
    known = store.word("", name).label
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", known).lower() if known == name else known
    return sentence(apart)


def said(key: str, value: Value) -> str:
    """Return a value in the words of its vocabulary, as Markdown; what is absent is said to be."""
    items = [one for one in (value if isinstance(value, list) else [value]) if one is not None]
    return "; ".join(plain(word(key, str(one))) for one in items) or "*nothing*"


def word(key: str, value: str) -> str:
    """Return what a value of a key is called, a State by its name; a value that is no word stays."""
    known = store.words().get((_scheme(key), value))
    return sentence(known.label) if known else desk.cited_as(value) or store.state_names().get(value, value)


def _scheme(key: str) -> str:
    return _SCHEMES.get(key) or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", key).lower()


# --- inputs


def _label(draft: Draft, field: Field) -> str:
    sure = draft.confidence.get(field.key, "")
    return label(field.key) + (f" ({sure} confidence)" if sure else "")


def _key(draft: Draft, field: Field) -> str:
    return f"field.{draft.key}.{field.key}"


def _now(draft: Draft, field: Field) -> Value:
    written = desk.work(draft).written
    return written[field.key] if field.key in written else fields.value_of(draft.record, field)


def _begin(key: str, value: object) -> None:
    """Set a widget that is drawn anew to what the session holds of it."""
    if key not in st.session_state:
        st.session_state[key] = value


def _take(draft: Draft, field: Field, read: Callable[[object], Value]) -> None:
    desk.work(draft).written[field.key] = read(st.session_state[_key(draft, field)])


def _typed(draft: Draft, field: Field) -> None:
    key = _key(draft, field)
    _begin(key, fields.as_text(_now(draft, field), field))
    box: Callable[..., object] = st.text_input
    if field.form in (Form.TEXT, Form.ITEMS):
        box = partial(st.text_area, height=104, max_chars=field.longest)
    box(
        _label(draft, field),
        key=key,
        help=plain(f"{field.explain} {_HINTS.get(field.form, '')}"),
        on_change=partial(_take, draft, field, lambda text: fields.as_value(str(text), field)),
    )


def _choice(draft: Draft, field: Field) -> None:
    key = _key(draft, field)
    now = _now(draft, field)
    offered: list[str | None] = [None, *field.options]
    _begin(key, str(now) if now in field.options else None)
    st.selectbox(
        _label(draft, field),
        offered,
        format_func=lambda option: word(field.key, option) if option else "Not said",
        placeholder="Not said",
        key=key,
        help=plain(field.explain),
        on_change=partial(_take, draft, field, lambda chosen: str(chosen) if chosen else None),
    )


def _choices(draft: Draft, field: Field) -> None:
    key = _key(draft, field)
    now = _now(draft, field)
    held = now if isinstance(now, list) else [now]
    _begin(key, [one for one in held if one in field.options])
    st.multiselect(
        _label(draft, field),
        field.options,
        format_func=lambda option: word(field.key, option),
        key=key,
        help=plain(field.explain),
        on_change=partial(_take, draft, field, _one_or_several),
    )


def _one_or_several(chosen: object) -> Value:
    values: list[Value] = [str(one) for one in chosen] if isinstance(chosen, list) else []
    return None if not values else values[0] if len(values) == 1 else values


_INPUTS: dict[Form, Callable[[Draft, Field], None]] = {
    Form.LINE: _typed,
    Form.LIST: _typed,
    Form.TEXT: _typed,
    Form.ITEMS: _typed,
    Form.CHOICE: _choice,
    Form.CHOICES: _choices,
}


# --- links


def links(draft: Draft) -> None:
    """Draw the links that are proposed as boxes, none ticked, and what else can be linked."""
    linked = fields.LINKS.get(draft.type, {})
    proposed = [one for one in draft.proposed if linked.get(one.key, "box")]
    if not linked and not proposed:
        return
    st.markdown("**Links**  \nProposed only: none is made unless you tick or choose it.")
    for one in proposed:
        _box(draft, one)
    for key, kind in linked.items():
        if kind:
            _others(draft, key, kind)
        else:
            _word(draft, key)


def _box(draft: Draft, one: Proposal) -> None:
    key = f"link.{draft.key}.{one.key}.{one.value}"
    pair = (one.key, one.value)
    _begin(key, pair in desk.work(draft).ticked)

    def take() -> None:
        ticked = desk.work(draft).ticked
        (ticked.add if st.session_state[key] else ticked.discard)(pair)

    name = word(one.key, one.value)
    why = f"{one.value}: {one.because}" if name != one.value else sentence(one.because)
    with st.container(gap=None):
        st.checkbox(f"{label(one.key)}: {name}", key=key, on_change=take)
        parts.small(plain(why))


def _others(draft: Draft, name: str, kind: str) -> None:
    key = f"links.{draft.key}.{name}"
    _begin(key, desk.work(draft).added.get(name, []))

    def take() -> None:
        desk.work(draft).added[name] = list(st.session_state[key])

    st.multiselect(
        _OTHERS[name],
        desk.link_options(name, kind),
        format_func=lambda value: _named(name, value),
        key=key,
        on_change=take,
        placeholder="None",
    )


def _named(key: str, value: str) -> str:
    name = word(key, value)
    return name if name == value else f"{name} ({value})"


def _word(draft: Draft, name: str) -> None:
    key = f"links.{draft.key}.{name}"
    options = parts.options(_scheme(name))
    _begin(key, next(iter(desk.work(draft).added.get(name, [])), None))

    def take() -> None:
        chosen = st.session_state[key]
        desk.work(draft).added[name] = [chosen] if chosen else []

    because = [
        f"proposed: {word(name, one.value).lower()} ({one.because})"
        for one in draft.proposed
        if one.key == name
    ]
    st.selectbox(
        label(name),
        [None, *options],
        format_func=lambda option: options[option] if option else "Not chosen",
        placeholder="Not chosen",
        key=key,
        help=parts.meanings(_scheme(name), list(options)),
        on_change=take,
    )
    if because:
        parts.small(plain("; ".join(because)))
