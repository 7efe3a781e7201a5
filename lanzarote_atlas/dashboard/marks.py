"""Signs for levels, statuses and positions: a word and a symbol, so that no colour tells them apart.

Emptiness is never one thing: asked and unanswered, never looked at, and disagreed upon each have their own.
"""

from __future__ import annotations

from lanzarote_atlas.dashboard import store
from lanzarote_atlas.dashboard.text import plain

_LEVELS = {"require": ("●●●", "blue"), "request": ("●●○", "blue"), "invite": ("●○○", "blue")}
_STATUSES = {"open": ("○", "orange"), "answer-reported": ("◐", "blue"), "closed": ("●", "green")}
_POLARITIES = {"in-line": ("✓", "green"), "shortcoming": ("▼", "orange"), "not-reported": ("∅", "violet")}
_POSITIONS = {
    "yes": "✓",
    "conditional": "◐",
    "no": "✕",
    "required": "■",
    "partly-required": "◧",
    "not-required": "□",
    "described": "¶",
}
_CELLS = {
    "not-reported": ("∅", "not reported", "violet"),
    "not-assessed": ("…", "not assessed", "gray"),
    "evidence-only": ("◔", "evidence only", "gray"),
    "conflicting": ("≠", "conflicting", "orange"),
    "special-only": ("§", "named offences only", "blue"),
}
_GAPS = {
    "recommendation-open": ("▸", "blue"),
    "standard-not-met": ("✕", "orange"),
    "not-reported": ("∅", "violet"),
    "conflicting": ("≠", "orange"),
    "stale": ("↻", "gray"),
    "not-assessed": ("…", "gray"),
}
_SEVERITIES = {"high": ("■■■", "orange"), "medium": ("■■□", "gray"), "low": ("■□□", "gray")}
_STRENGTHS = {"obligation": ("●●●", "blue"), "endeavour": ("●●○", "blue"), "good-practice": ("●○○", "blue")}
_TRUTHS = {"met": ("✓", "green"), "unmet": ("✕", "gray"), "unknown": ("?", "orange")}
_GRADES = {"official": ("◆", "blue"), "secondary": ("◇", "gray")}


def badge(sign: str, words: str, colour: str) -> str:
    """Return a badge as Markdown."""
    return f":{colour}-badge[{sign} {plain(words)}]"


def level(name: str) -> str:
    """Return the sign of an obligation level."""
    sign, colour = _LEVELS.get(name, ("·", "gray"))
    return badge(sign, store.word("obligation-level", name).label, colour)


def status(name: str) -> str:
    """Return the sign of a gap's status; a recommendation that does not reach the State has none."""
    if not name:
        return badge("–", "does not reach this State", "gray")
    sign, colour = _STATUSES.get(name, ("·", "gray"))
    return badge(sign, store.word("gap-status", name).label, colour)


def strength(name: str) -> str:
    """Return the sign of a standard's strength."""
    sign, colour = _STRENGTHS.get(name, ("·", "gray"))
    return badge(sign, store.word("strength", name).label, colour)


def gap(name: str) -> str:
    """Return the sign of a kind of gap."""
    sign, colour = _GAPS.get(name, ("·", "gray"))
    return badge(sign, store.word("gap-kind", name).label, colour)


def severity(name: str) -> str:
    """Return the sign of how much a gap weighs."""
    sign, colour = _SEVERITIES.get(name, ("·", "gray"))
    return badge(sign, f"severity {store.word('severity', name).label}", colour)


def polarity(name: str) -> str:
    """Return the sign of an observation's sense."""
    sign, colour = _POLARITIES.get(name, ("·", "gray"))
    return badge(sign, store.word("polarity", name).label, colour)


def position(name: str, label: str) -> str:
    """Return the sign of a position; of an age, its years."""
    if name in _CELLS:
        return cell(name)
    return badge(_POSITIONS.get(name, "№" if name.isdigit() else "·"), label, "blue")


def cell(status_name: str) -> str:
    """Return the sign of a cell that has no value: which kind of emptiness it is."""
    sign, words, colour = _CELLS.get(status_name, ("·", store.word("cell-status", status_name).label, "gray"))
    return badge(sign, words, colour)


def signed(status_name: str, value: str, label: str) -> tuple[str, str]:
    """Return sign and word of a cell's position, or of its kind of emptiness, without a badge's colour."""
    if status_name == "resolved":
        return _POSITIONS.get(value, "№" if value.isdigit() else "·"), label
    sign, words, _ = _CELLS.get(status_name, ("·", store.word("cell-status", status_name).label, ""))
    return sign, words


def grade_sign(name: str) -> str:
    """Return the bare sign of an evidence grade."""
    return _GRADES.get(name, ("·", ""))[0]


def truth(name: str, words: str = "") -> str:
    """Return the sign of a condition that is met, unmet or unknown; `words` say it otherwise."""
    sign, colour = _TRUTHS[name]
    return badge(sign, words or name, colour)


def grade(name: str) -> str:
    """Return the sign of an evidence grade."""
    sign, colour = _GRADES.get(name, ("·", "gray"))
    return badge(sign, store.word("evidence-grade", name).label, colour)
