"""Scenarios: which States may prosecute a cross-border case, on which principle, with which conditions.

    law = scenario.load(store)                  # once for a build; the same for every scenario
    case = scenario.read(path, law)             # or parse(text, law), or of_values(a form's values, law)
    outcome = scenario.judge(case, law)         # typed; report.as_text and report.as_json show it

The reasoning follows the graph: connecting factors, kinds of condition and criteria say which field of a
scenario they look at; the assessments in force on the scenario's day say the rest. It informs and is no legal
advice.
"""

from __future__ import annotations

from lanzarote_atlas.scenario.facts import Scenario, as_yaml, headings, of_values, parse, read, worked
from lanzarote_atlas.scenario.law import Law, load
from lanzarote_atlas.scenario.logic import Truth
from lanzarote_atlas.scenario.outcome import Outcome, judge
from lanzarote_atlas.scenario.texts import as_texts, of_address, of_texts

__all__ = [
    "Law",
    "Outcome",
    "Scenario",
    "Truth",
    "as_texts",
    "as_yaml",
    "headings",
    "judge",
    "load",
    "of_address",
    "of_texts",
    "of_values",
    "parse",
    "read",
    "worked",
]
