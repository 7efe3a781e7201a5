"""What changed in the data from one kept build to another: facts, and gaps opened and answered, by State."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from lanzarote_atlas import builds, changes, page_addresses, permanent_addresses, resources, terms
from lanzarote_atlas.changes import Kind
from lanzarote_atlas.dashboard import address, facets, frame, marks, parts, store
from lanzarote_atlas.dashboard.facets import Bundle
from lanzarote_atlas.dashboard.text import date, number, page_of, plain, sentence
from lanzarote_atlas.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lanzarote_atlas.builds import Build
    from lanzarote_atlas.changes import Change, Difference

OLD, NEW = "from", "to"
FACETS = ("of", "change", "type")
_NO_STATE = "-"
_PAIRS = 8
_SHORT = 100
"""Letters of both values of a property that stand on one line."""
_SIGNS = {
    Kind.ADDED: ("＋", "green"),
    Kind.CHANGED: ("≠", "blue"),
    Kind.WITHDRAWN: ("−", "gray"),
    Kind.GAP_OPENED: ("○", "orange"),
    Kind.GAP_ANSWERED: ("◐", "blue"),
    Kind.GAP_CLOSED: ("●", "green"),
}
_NAMES = {kind.value.replace(" ", "-"): kind for kind in Kind}


def render() -> None:
    """Draw the page."""
    address.opened("changes", (OLD, NEW, *FACETS, address.PAGE))
    parts.heading(
        "Changes",
        "What a later build of the atlas says otherwise than an earlier one: facts added, changed and "
        "withdrawn, gaps opened, answered and closed. This is the history of the data, not of the law: for "
        "that, choose another day beside *As at*.",
    )
    if store.origin().is_endpoint:
        parts.empty(
            "An endpoint answers here, which keeps no builds.",
            "Where the builds are, `lanzarote diff OLD NEW` compares them.",
        )
        return
    kept = _kept()
    if len(kept) > 1:
        _compared(kept)
    else:
        _nothing_to_compare(kept)


def _kept() -> dict[str, Build]:
    """Return the kept builds by the digits that their addresses have, newest first."""
    found: dict[str, Build] = {}
    for build in builds.kept(resources.store_folder()):
        # Builds that say the same have the same digits: the newest of them stands for all.
        found.setdefault(build.manifest.short, build)
    return found


def _nothing_to_compare(kept: Mapping[str, Build]) -> None:
    if kept:
        parts.empty(
            "Only one build is kept, so there is nothing to compare it with.",
            "After the next change of the data, `lanzarote build` makes a second one and leaves this one "
            "where it is; the page then shows what changed. LANZAROTE_BUILDS_KEPT says how many are kept.",
        )
    else:
        parts.empty(
            "No build is kept whole here: the current one lacks its dump, its store or its search index.",
            "`lanzarote build` makes it anew.",
        )


def _compared(kept: Mapping[str, Build]) -> None:
    newest, *others = kept
    labels = {name: _label(build) for name, build in kept.items()}
    left, right = st.columns(2)
    with left:
        old = address.select("Earlier build", OLD, labels, default=others[0]) or others[0]
    with right:
        new = address.select("Later build", NEW, labels, default=newest) or newest
    if old == new:
        parts.empty("These are the same build, so nothing differs.", "Choose two different ones.")
        return
    with parts.loading("Comparing the two builds"):
        found = _between(kept[old].folder, kept[new].folder, old, new)
    if not found:
        parts.empty("No fact and no gap differs between these builds.")
        return
    _all(found, old, new)


def _label(build: Build) -> str:
    made = build.manifest
    return f"{made.build_id[:12]}, built on {date(made.built_at[:10])} at {made.built_at[11:16]} UTC"


@lru_cache(maxsize=_PAIRS)
def _between(old: Path, new: Path, _old_id: str, _new_id: str) -> tuple[Change, ...]:
    before, after = builds.standing(old), builds.standing(new)
    if not before or not after:
        gone = new if before else old
        message = f"the build in {gone.name} is kept no more; open the page anew to see which ones are"
        raise StoreError(message)
    return changes.worked_out(before, after)


def _all(found: Sequence[Change], old: str, new: str) -> None:
    labels = _labels(found)
    given = address.given()
    chosen = {facet: address.checked(facet, given.get(facet), labels[facet])[0] for facet in FACETS}
    _summary(found)
    bundles = [Bundle(1, _names(change)) for change in found]
    _facets(labels, facets.counted(bundles, chosen), chosen)
    shown = [
        change
        for change, bundle in zip(found, bundles, strict=True)
        if all(bundle.has(facet, choice) for facet, choice in chosen.items())
    ]
    st.markdown(f"**{number(str(len(shown)))} change{'' if len(shown) == 1 else 's'}**")
    if not shown:
        parts.empty("No change matches these choices.", "Take one away to see more.")
    state = ""
    for change in parts.paged(shown, "changes"):
        if change.state != state:
            state = change.state
            st.header(plain(_state(state)), anchor=False)
        _entry(change, old, new)
    _behind(shown, old, new, chosen)


def _labels(found: Sequence[Change]) -> dict[str, dict[str, str]]:
    types = dict.fromkeys(change.type for change in found)
    states = {change.state for change in found}
    return {
        "of": {code: _state(code) for code in (_NO_STATE, *frame.state_names()) if code in states},
        "change": {name: sentence(kind) for name, kind in _NAMES.items()},
        "type": {name: sentence(store.word("", name).label) for name in sorted(types)},
    }


def _state(code: str) -> str:
    return "Of no one State" if code == _NO_STATE else frame.state_name(code)


def _names(change: Change) -> dict[str, frozenset[str]]:
    kind = change.kind.replace(" ", "-")
    return {"of": frozenset({change.state}), "change": frozenset({kind}), "type": frozenset({change.type})}


def _summary(found: Sequence[Change]) -> None:
    """Draw how many changes of each kind every State has, as a table."""
    counts: dict[str, Counter[Kind]] = {}
    for change in found:
        counts.setdefault(change.state, Counter())[change.kind] += 1
    order = [_NO_STATE, *frame.state_names()]
    kinds = [kind for kind in Kind if any(of[kind] for of in counts.values())]
    rows = [(_state(code), counts[code]) for code in order if code in counts]
    columns = {"State": [plain(name) for name, _ in rows] + ["**All**"]}
    for kind in kinds:
        every = sum(of[kind] for _, of in rows)
        columns[sentence(kind)] = [str(of[kind] or "–") for _, of in rows] + [f"**{every}**"]
    with st.expander(f"By State ({len(rows)})", expanded=len(rows) <= _PAIRS):
        parts.columns(columns, "Changes by State and kind")


def _facets(
    labels: Mapping[str, Mapping[str, str]],
    counts: Mapping[str, Mapping[str, int]],
    chosen: Mapping[str, str | None],
) -> None:
    titles = {"of": "State", "change": "Kind of change", "type": "What"}
    with st.container(border=True):
        for column, (facet, title) in zip(st.columns(3), titles.items(), strict=True):
            with column:
                facets.box(title, facet, labels[facet], counts[facet], chosen[facet])


def _entry(change: Change, old: str, new: str) -> None:
    sign, colour = _SIGNS[change.kind]
    kind = store.word("", change.type).label
    head = (
        f"{marks.badge(sign, change.kind, colour)} {plain(sentence(kind))}: **{_linked(change, old, new)}**"
    )
    lines = [_line(difference) for difference in change.differences if change.type != "Gap"]
    parts.entry(head, "  \n".join(lines), f"`{terms.compact(change.iri)}`")


def _linked(change: Change, old: str, new: str) -> str:
    """Return what changed as a link to its page in the later build; of what was withdrawn, in the earlier."""
    label = plain(_called(change))
    target = page_of(change.iri)
    if target is None:
        return label
    build = old if change.kind is Kind.WITHDRAWN else new
    pinned = {address.BUILD: build} if build != _current() else {}
    common = {name: told for name, told in address.carried().items() if name == address.NAMES}
    return f"[{label}]({page_addresses.href(target[0], common | target[1] | pinned)})"


def _current() -> str:
    source = store.origin()
    return permanent_addresses.short(source.later or source.build_id)


def _called(change: Change) -> str:
    if change.type == "Assessment":
        # The address of an assessment has the State and the criterion in it: id/assessment/DNK/CRITERION/…
        return sentence(store.word("criterion", terms.compact(change.iri).split("/")[3]).label)
    if change.type != "Gap":
        return change.label or terms.local_name(change.iri)
    kind, _, about = change.label.partition(": ")
    scheme, name = ("criterion", terms.local_name(about)) if "/criterion/" in about else ("", "")
    subject = store.word(scheme, name).label if name else terms.local_name(about)
    return f"{sentence(store.word('gap-kind', kind).label)}: {subject}"


def _line(difference: Difference) -> str:
    before, after = (
        plain("; ".join(map(_value, values))) or "nothing" for values in (difference.before, difference.after)
    )
    name = plain(_property(difference.property))
    if len(before) + len(after) > _SHORT:
        return f"*{name}, before:* {before}  \n*{name}, now:* {after}"
    return f"*{name}:* {before} → {after}"


def _property(path: str) -> str:
    """Return "condition 2, threshold" for `condition-2/threshold`."""
    part, _, name = path.rpartition("/")
    label = store.word("", name).label
    return f"{part.replace('-', ' ')}, {label}" if part else sentence(label)


def _value(text: str) -> str:
    """Return a value as a reader knows it: the label of a concept, the id of a thing."""
    area, _, rest = text.partition("/")
    if area == "vocabulary":
        scheme, _, name = rest.partition("/")
        return store.word(scheme, name).label
    return rest if area == "id" else text


def _behind(shown: Sequence[Change], old: str, new: str, chosen: Mapping[str, str | None]) -> None:
    of_state = chosen["of"] if chosen["of"] not in (None, _NO_STATE) else ""
    command = f"lanzarote diff {old} {new}" + (f" --state {of_state}" if of_state else "")
    parameters = {OLD: old, NEW: new} | {name: value for name, value in chosen.items() if value}
    title = f"Changes from build {old[:12]} to {new[:12]}"
    taken = parts.taken(title, "changes", parameters, parts.seen_at({OLD: old, NEW: new}))
    parts.behind_command(command, lambda: changes.rows(shown), taken, f"changes_{old[:12]}_{new[:12]}")
