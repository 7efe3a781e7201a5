"""What was measured, and how it is shown: on the screen, in results.md and as JSON.

A section is one table with the figures drawn from it. Only figures have limits; the summary lists them all,
so that one look tells whether the run held what was promised.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rich.console import Console


@dataclass(frozen=True)
class Figure:
    """One figure and its limit: a ceiling, or a floor where `at_least`; None where it is for information."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def held(self) -> bool:
        """Whether the figure keeps its limit; one without a limit always does."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def cells(self) -> tuple[str, str, str, str]:
        """Return the figure as a row of the summary."""
        if self.limit is None:
            return (self.what, shown(self.value, self.unit), "", "")
        sign = "≥" if self.at_least else "≤"
        return (
            self.what,
            shown(self.value, self.unit),
            f"{sign} {self.limit:g} {self.unit}".strip(),
            "held" if self.held else "MISSED",
        )


@dataclass(frozen=True)
class Section:
    """One part of the run: its table, the figures drawn from it, and what a reader must know."""

    title: str
    how: str
    """How it was measured, in a sentence or two."""
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    """Cells as they are shown; the first column is text, the others are set right."""
    figures: list[Figure]
    findings: list[str] = field(default_factory=list)
    data: list[dict[str, Any]] = field(default_factory=list)
    """The rows as raw values, for bench.json."""


@dataclass(frozen=True)
class Report:
    """A whole run: where it took place, and its sections."""

    circumstances: dict[str, str]
    sections: list[Section]

    @property
    def figures(self) -> list[Figure]:
        """The figures of every section, in order."""
        return [figure for section in self.sections for figure in section.figures]

    @property
    def held(self) -> bool:
        """Whether every limit was kept."""
        return all(figure.held for figure in self.figures)


_SUMMARY = ("figure", "measured", "limit", "")


def shown(value: float, unit: str = "") -> str:
    """Return a number with the digits that mean something, and its unit."""
    digits = 0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2  # noqa: PLR2004
    return f"{value:,.{digits}f} {unit}".strip()


def print_section(section: Section, console: Console) -> None:
    """Print the table of a section and its findings."""
    console.print(_grid(section.title, section.columns, section.rows))
    for finding in section.findings:
        console.print(Text(f"  finding: {finding}"), soft_wrap=True)


def print_summary(report: Report, console: Console) -> None:
    """Print every figure with its limit."""
    console.print(_grid("Summary", _SUMMARY, [figure.cells() for figure in report.figures]))


def _grid(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold")
    for place, column in enumerate(columns):
        grid.add_column(column, justify="right" if place else "left", no_wrap=bool(place))
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return grid


def write_markdown(report: Report, path: Path) -> None:
    """Write the report as a page of Markdown."""
    path.write_text("\n".join([*_page(report), ""]), encoding="utf-8")


def _page(report: Report) -> list[str]:
    facts = "; ".join(f"{name} {value}" for name, value in report.circumstances.items())
    lines = ["# Benchmark results", "", f"Written by `make bench`. Measured with: {facts}.", ""]
    lines += _markdown_table(_SUMMARY, [figure.cells() for figure in report.figures])
    for section in report.sections:
        lines += ["", f"## {section.title}", "", section.how, ""]
        lines += _markdown_table(section.columns, section.rows)
        if section.findings:
            lines += ["", "Findings:", "", *(f"- {finding}" for finding in section.findings)]
    return lines


def _markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---", *("---:" for _ in columns[1:])]
    return [
        "| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in (columns, rule, *rows)
    ]


def write_json(report: Report, path: Path) -> None:
    """Write the raw values, for a program that compares runs."""
    body = {
        "circumstances": report.circumstances,
        "held": report.held,
        "figures": [{**asdict(figure), "held": figure.held} for figure in report.figures],
        "sections": {
            section.title: {"rows": section.data, "findings": section.findings} for section in report.sections
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
