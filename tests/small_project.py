"""A project of a dozen records in a folder of its own, for tests that change files, break them or build them.

Mapping, schema and the short vocabularies are the project's; its data, rule, shape and quality query are
small and stand here, so that a test of the machinery neither waits for the real data nor breaks with them.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lanzarote_atlas import catalogue, publication, resources, settings, terms
from lanzarote_atlas.check import keys
from lanzarote_atlas.compile import assemble, build
from lanzarote_atlas.records import context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lanzarote_atlas.errors import Fault

ROOT = Path(__file__).resolve().parents[1]
VOCABULARIES = (
    *("addressee", "basis-kind", "condition-kind", "confidence", "evidence-grade", "extent-read"),
    *("instrument-kind", "legal-stage", "obligation-level", "polarity", "position", "provision-kind"),
    "theme",
)
CACHES = (
    *(settings.current, context.load, catalogue.queries, publication._query),
    *(keys._definitions, keys._validator, keys._quick_validator),
)

CRITERIA = """
@prefix criterion: <https://w3id.org/lanzarote-atlas/vocabulary/criterion/> .
@prefix lz: <https://w3id.org/lanzarote-atlas/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/lanzarote-atlas/vocabulary/criterion> a skos:ConceptScheme .
criterion:jurisdiction.passive-personality a lz:Criterion ;
  skos:inScheme <https://w3id.org/lanzarote-atlas/vocabulary/criterion> ;
  skos:prefLabel "Jurisdiction: victim's nationality"@en .
criterion:age.sexual-consent a lz:Criterion ;
  skos:inScheme <https://w3id.org/lanzarote-atlas/vocabulary/criterion> ;
  skos:prefLabel "Age for sexual activities"@en .
"""
SHAPE = """
@prefix lz: <https://w3id.org/lanzarote-atlas/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
lz:AssessmentShape a sh:NodeShape ; sh:targetClass lz:Assessment ;
  sh:property [ sh:path lz:validFrom ; sh:lessThan lz:validTo ; sh:message "begins before it ends" ] .
"""
RULE = """#+ title: Questions answered
#+ summary: A State is linked to each criterion on which it has a position.
PREFIX lz: <https://w3id.org/lanzarote-atlas/ontology#>
CONSTRUCT { ?state lz:answered ?criterion ; lz:answeredOn $asAt . }
WHERE { ?assessment lz:state ?state ; lz:criterion ?criterion . }
"""
QUALITY = """#+ title: State named in capitals
#+ problem: a name in capitals
#+ remedy: write it as a reader would
PREFIX lz: <https://w3id.org/lanzarote-atlas/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?fault (STR(?name) AS ?detail)
WHERE { ?fault a lz:State ; skos:prefLabel ?name . FILTER (UCASE(STR(?name)) = STR(?name)) }
ORDER BY ?fault ?name
"""
ANSWER = """#+ title: Positions of a State
#+ question: What is a State's position on each criterion?
#+ params:
#+   state: {type: id/state, required: true, help: The State by its ISO code.}
#+   value: {type: vocabulary/position, help: Only this position.}
#+ columns: {criterion: The criterion., position: The position.}
#+ example: {state: DNK}
PREFIX lz: <https://w3id.org/lanzarote-atlas/ontology#>
SELECT ?criterion ?position
WHERE { ?assessment lz:state $state ; lz:criterion ?criterion ; lz:value $value, ?position . }
ORDER BY ?criterion
"""
DATA = {
    "atlas.yaml": """type: Dataset
id: atlas
title: Small atlas
description: A dozen records.
license: https://creativecommons.org/licenses/by/4.0/
modified: 2026-11-21
""",
    "states.yaml": """# The States compared.
records:
- type: State
  id: DNK
  iso3: DNK
  prefLabel: {en: Denmark, da: Danmark}
  councilOfEuropeMember: true
  euMember: true
- type: State
  id: SWE
  iso3: SWE
  prefLabel: {en: Sweden}
  councilOfEuropeMember: true
  euMember: true
- type: Retired
  id: state/DDR
  retiredOn: 1990-10-03
  reason: the State ended
""",
    "sources.yaml": """records:
- type: Source
  id: factsheet
  title: Factsheet on Denmark
  publisher: Council of Europe
  evidenceGrade: official
  extentRead: full
  url: https://rm.coe.int/factsheet
  issued: '2022-03'
""",
    "instruments.yaml": """records:
- type: Instrument
  id: cets-201
  title: Lanzarote Convention
  instrumentKind: treaty
- type: Provision
  id: cets-201/art-25
  instrument: cets-201
  provisionKind: article
  citedAs: Article 25
- type: MonitoringRound
  id: '2'
  title: Second round
  summary: The Parties were monitored on one theme.
  instrument: cets-201
  citation: {source: factsheet, section: I}
""",
    "assessments/DNK.yaml": """records:
- type: Assessment
  id: DNK/jurisdiction.passive-personality/factsheet
  state: DNK
  criterion: jurisdiction.passive-personality
  value: conditional
  condition:
  - {conditionKind: dual-criminality, note: the act is punishable where it was done}
  - {conditionKind: minimum-penalty, threshold: 6, note: at least six years}
  summary: >-
    Denmark prosecutes acts against its nationals abroad under two conditions.
  legalStage: in-force
  confidence: high
  validFrom: 2013-07-01
  provision: [cets-201/art-25]
  citation:
  - {source: factsheet, section: IV, paragraph: [43, 44], footnote: 2}
- type: Assessment
  id: DNK/age.sexual-consent/factsheet
  state: DNK
  criterion: age.sexual-consent
  value: 15
  summary: Children may consent to sexual activities from the age of fifteen.
  legalStage: in-force
  confidence: high
  citation: {source: factsheet, section: II}
""",
    "recommendations.yaml": """records:
- type: Recommendation
  id: IV-1
  number: [IV-1, IV-2]
  obligationLevel: require
  addressee: DNK
  theme: iv-jurisdiction-rules
  basis: cets-201/art-25
  basisKind: stated
  asksFor: jurisdiction.passive-personality
  monitoringRound: '2'
  summary: Remove the condition of dual criminality.
  citation: {source: factsheet, section: IV}
- type: Recommendation
  id: IV-3
  number: IV-3
  obligationLevel: invite
  addressee: all-parties
  namesState: [DNK]
  theme: iv-jurisdiction-rules
  basis: cets-201/art-25
  basisKind: stated
  monitoringRound: '2'
  summary: Watch how the rules are applied.
  citation: {source: factsheet, section: IV}
""",
}  # fmt: skip


@dataclass(frozen=True)
class SmallProject:
    """The folder of the project and what a test does with it."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def out(self) -> Path:
        return self.root / "build"

    @property
    def local(self) -> Path:
        """The reader's own data."""
        return self.root / "local"

    def edit(self, file: str, old: str, new: str) -> int:
        """Replace a text that stands once in a data file; return the line on which the new one begins."""
        path = self.data / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def add(self, file: str, text: str) -> None:
        """Write a file, in the data folder unless its name leads out of it."""
        path = self.data / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def faults(self) -> list[Fault]:
        """Return every fault of the data."""
        return sorted(set(assemble.assemble(self.data, lambda _step: None).faults))

    def build(self) -> build.Outcome:
        """Build the project and the reader's own data into its own folder."""
        return build.build(self.data, self.out, local=self.local)


@cache
def vocabularies() -> dict[str, str]:
    """Return the project's vocabularies with names and labels alone, so that a build of them is quick."""
    kept = {terms.FIXED_PREFIXES["skos"] + name for name in ("inScheme", "prefLabel", "notation")}
    read = {
        name: ox.parse(path=str(ROOT / "ontology" / "vocabulary" / f"{name}.ttl"), format=ox.RdfFormat.TURTLE)
        for name in VOCABULARIES
    }
    return {
        name: "".join(f"{quad.triple} .\n" for quad in quads if quad.predicate.value in kept)
        for name, quads in read.items()
    }


def write(root: Path) -> SmallProject:
    """Write the project into an empty folder."""
    files = {
        "ontology/atlas.ttl": "",
        "ontology/shapes/assessment.ttl": SHAPE,
        "ontology/vocabulary/criterion.ttl": CRITERIA,
        "queries/rules/10-questions-answered.rq": RULE,
        "queries/quality/state-in-capitals.rq": QUALITY,
        "queries/answers/positions-of-a-state.rq": ANSWER,
        **{f"ontology/vocabulary/{name}.ttl": text for name, text in vocabularies().items()},
        **{f"data/{name}": text for name, text in DATA.items()},
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    copied = ["ontology/context.jsonld", "ontology/schema.json"]
    copied += ["queries/index/searchable.rq", "queries/service/graphs.rq"]
    copied += ["queries/views/citation-of-a-thing.rq", "queries/views/nanopublication.rq"]
    copied += [f"queries/publication/{path.name}" for path in (ROOT / "queries" / "publication").glob("*.rq")]
    for name in copied:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    return SmallProject(root)


def forget() -> None:
    """Forget what was read once from settings and project."""
    for cached in CACHES:
        cached.cache_clear()


@contextmanager
def using(root: Path, **environment: str) -> Iterator[SmallProject]:
    """Write the project and let the package read it, and no other, until the block ends."""
    project = write(root)
    with pytest.MonkeyPatch.context() as patch:
        for setting in settings.SETTINGS:
            patch.delenv(setting.name, raising=False)
        own = {"LANZAROTE_STORE": str(project.out), "LANZAROTE_DATA": str(project.local)}
        for name, value in {**own, **environment}.items():
            patch.setenv(name, value)
        patch.setattr(resources, "project", lambda: root)
        forget()
        try:
            yield project
        finally:
            patch.undo()
            forget()
