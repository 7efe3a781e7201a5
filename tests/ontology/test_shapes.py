"""Each shape lets a sound record pass and stops one with a single fault, at the place of the fault.

A shape whose path is misspelt never fires and would pass for ever; so every file has a sound graph here, and
the same graph with one edit that must be refused on the named property.
"""

from dataclasses import dataclass

import pytest
import rdflib
from pyshacl import validate
from rdflib import RDF, SH, Namespace

LZ = Namespace("https://w3id.org/lanzarote-atlas/ontology#")
THING = "https://example.org/thing"

PREFIXES = """
@prefix : <https://example.org/> .
@prefix lz: <https://w3id.org/lanzarote-atlas/ontology#> .
@prefix atlas: <https://w3id.org/lanzarote-atlas/> .
@prefix vocabulary: <https://w3id.org/lanzarote-atlas/vocabulary/> .
@prefix cell-status: <https://w3id.org/lanzarote-atlas/vocabulary/cell-status/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# What the graphs below refer to. Their own gaps are not looked at: only results on :thing count.
WORLD = """
:state a lz:State .            :instrument a lz:Instrument .   :provision a lz:Provision .
:criterion a lz:Criterion .    :assessment a lz:Assessment .   :recommendation a lz:Recommendation .
:round a lz:MonitoringRound .  :target a lz:PolicyTarget .     :goal a lz:OperationalGoal .
:case a lz:Case .              :police a lz:Organisation .     :court a lz:Organisation .
:source a lz:Source .          :rule a lz:Rule .               :principle a lz:JurisdictionPrinciple .
:concept a skos:Concept .      :other a skos:Concept .         :scheme a skos:ConceptScheme .
:citation a lz:Citation ; lz:source :source .
cell-status:resolved a skos:Concept .
cell-status:not-assessed a skos:Concept .
"""


@dataclass(frozen=True)
class Case:
    """A sound description of `:thing`, an edit that makes it faulty, and the property that must be named."""

    shape: str
    sound: str
    edit: tuple[str, str]
    path: str

    @property
    def faulty(self):
        old, new = self.edit
        assert self.sound.count(old) == 1, f"{old!r} stands {self.sound.count(old)} times in {self.sound!r}"
        return self.sound.replace(old, new)


CITED = "lz:citation :citation"
SUMMARY = 'lz:summary "Says so."@en'
TOO_LONG = 'lz:summary "' + "x" * 601 + '"@en'

STATE = """:thing a lz:State ; lz:iso3 "DNK" ; skos:prefLabel "Denmark"@en , "Danmark"@da ;
    lz:councilOfEuropeMember true ; lz:euMember true ."""
PARTICIPATION = f""":thing a lz:Participation ; lz:state :state ; lz:instrument :instrument ;
    lz:ratifiedOn "2009-11-18"^^xsd:date ; {CITED} ."""
RESERVATION = f""":thing a lz:Reservation ; lz:state :state ; lz:instrument :instrument ; lz:kind :concept ;
    lz:concerns :provision ; {SUMMARY} ; {CITED} ."""
INSTRUMENT = """:thing a lz:Instrument ; dcterms:title "Opinion"@en ; lz:instrumentKind :concept ;
    lz:adoptedOn "2019"^^xsd:gYear ."""
PROVISION = """:thing a lz:Provision ; lz:instrument :instrument ; lz:provisionKind :concept ;
    lz:citedAs "Art. 25(2)" ; eli:is_part_of :provision ."""
ASSESSMENT = f""":thing a lz:Assessment ; lz:state :state ; lz:criterion :criterion ; lz:value :concept ;
    lz:legalStage :concept ; lz:confidence :concept ; lz:validFrom "2013-07"^^xsd:gYearMonth ;
    {SUMMARY} ; {CITED} ."""
AGE = ASSESSMENT.replace("lz:value :concept", "lz:value 15")
RECOMMENDATION = f""":thing a lz:Recommendation ; lz:number "II-3" ; lz:obligationLevel :concept ;
    lz:addressee :state ; lz:theme :concept ; lz:basis :provision ; lz:basisKind :concept ;
    lz:asksFor :criterion ; lz:monitoringRound :round ; {SUMMARY} ; {CITED} ."""
OBSERVATION = f""":thing a lz:Observation ; lz:state :state ; lz:polarity :concept ; lz:theme :concept ;
    lz:topic "Definition"@en ; {SUMMARY} ; {CITED} ."""
PRACTICE = f""":thing a lz:PromisingPractice ; lz:state :state ; lz:theme :concept ;
    dcterms:title "Training"@en ; lz:answers :recommendation ; {SUMMARY} ; {CITED} ."""
MEASURE = f""":thing a lz:Measure ; lz:state :state ; dcterms:title "Act"@en ; {SUMMARY} ; {CITED} ."""
TARGET = f""":thing a lz:PolicyTarget ; lz:number 1 ; dcterms:title "Victims"@en ; {SUMMARY} ; {CITED} ."""
GOAL = f""":thing a lz:OperationalGoal ; lz:number "1.1" ; lz:policyTarget :target ;
    dcterms:title "Identification"@en ; {SUMMARY} ; {CITED} ."""
ANSWER = f""":thing a lz:FormAnswer ; lz:state :state ; lz:operationalGoal :goal ; lz:formQuestion :concept ;
    lz:value :concept ; {CITED} ."""
CASE = f""":thing a lz:Case ; lz:state :state ; dcterms:title "Case"@en ; {SUMMARY} ; {CITED} ."""
STEP = f""":thing a lz:ReferralStep ; lz:order 1 ; lz:from :police ; lz:to :court ; {SUMMARY} ; {CITED} ."""
EVENT = (
    f""":thing a lz:Event ; lz:case :case ; lz:occurredOn "2018-01-15"^^xsd:date ; {SUMMARY} ; {CITED} ."""
)
DECISION = f""":thing a lz:Decision ; lz:case :case ; lz:court :court ; lz:occurredOn "2019"^^xsd:gYear ;
    {SUMMARY} ; {CITED} ."""
GUIDANCE = (
    f""":thing a lz:Guidance ; lz:guidanceKind :concept ; lz:topic "Reporting"@en ; {SUMMARY} ; {CITED} ."""
)
COMPARISON = f""":thing a lz:CaseComparison ; lz:state :state ; lz:case :case ; lz:topic "Minors"@en ;
    {SUMMARY} ; {CITED} ."""
DISAGREEMENT = f""":thing a lz:Disagreement ; lz:topic "Number charged"@en ; {SUMMARY} ;
    lz:account :first , :second ."""
ACCOUNT = f":thing a lz:Account ; {SUMMARY} ; {CITED} ."
FIGURE = f""":thing a lz:Figure ; lz:quantity "reports"@en ; lz:amount 300 ; lz:upperAmount 350 ;
    lz:unit "reports a month" ; {CITED} ."""
FIGURE_WITHIN = f""":case lz:figure :thing ; {CITED} .
    :thing lz:quantity "reports"@en ; lz:amount 300 ; lz:unit "reports a month" ."""
ORGANISATION = """:thing a lz:Organisation ; skos:prefLabel "Police"@en , "Politi"@da ;
    lz:organisationKind :concept ."""
ROUND = f""":thing a lz:MonitoringRound ; dcterms:title "Second round"@en ; lz:instrument :instrument ;
    {SUMMARY} ; {CITED} ."""
SEARCH = f""":thing a lz:EvidenceSearch ; lz:state :state ; lz:searchedFor :recommendation ;
    lz:occurredOn "2026-11-21"^^xsd:date ; {SUMMARY} ."""
SOURCE = """:thing a lz:Source ; dcterms:title "Factsheet"@en ; dcterms:publisher "Council of Europe" ;
    lz:evidenceGrade :concept ; lz:extentRead :concept ; dcterms:issued "2023-05-25"^^xsd:date ."""
DATASET = """:thing a dcat:Dataset ; dcterms:title "Atlas"@en ; dcterms:description "All of it."@en ;
    dcterms:license <https://example.org/licence> ; dcterms:modified "2026-11-21"^^xsd:date ."""
RETIRED = """:thing a lz:Retired ; lz:retiredOn "2027-03-01"^^xsd:date ; lz:reason "Recorded twice."@en ;
    dcterms:isReplacedBy :state ."""
PART = f":recommendation lz:part :thing . :thing lz:order 1 ; {SUMMARY} ."
CITATION = """:case lz:citation :thing . :thing lz:source :source ; lz:paragraph 231 ; lz:footnote 62 ;
    lz:section "IV" ."""
CONDITION = """:assessment lz:condition :thing . :thing lz:conditionKind :concept ; lz:threshold 6 ;
    lz:test :concept ; lz:settles :concept ; lz:note "At least six years."@en ."""
CRITERION = """:thing a lz:Criterion , lz:JurisdictionPrinciple ; lz:theme :concept ; lz:standard :provision ;
    lz:strength :other ; lz:connectingFactor :concept ."""
FACTOR = """:principle lz:connectingFactor :thing . :thing lz:examines :field ; lz:test :concept .
    :field lz:valueType "states" ."""
FIELD = """:condition lz:examines :thing . :thing lz:valueType "states" ."""
AGE_THAT_BARS = (
    """:thing lz:necessary true ; lz:examines :field ; lz:test :concept . :field lz:valueType "age" ."""
)
CELL = """:thing a lz:ResolvedCell ; lz:state :state ; lz:criterion :criterion ; lz:value :concept ;
    lz:cellStatus cell-status:resolved ; lz:basedOn :assessment ; prov:wasGeneratedBy :rule ."""
EMPTY_CELL = """:thing a lz:ResolvedCell ; lz:state :state ; lz:criterion :criterion ;
    lz:cellStatus cell-status:not-assessed ; prov:wasGeneratedBy :rule ."""
GAP = """:thing a lz:Gap ; lz:state :state ; lz:about :recommendation ; lz:gapKind :concept ;
    lz:severity :other ; lz:status :concept ; prov:wasDerivedFrom :assessment ; prov:wasGeneratedBy :rule ."""
RULE = f""":thing a lz:Rule ; dcterms:title "Cells"@en ; {SUMMARY} ."""
CONCEPT = """:thing a skos:Concept ; skos:prefLabel "a"@en , "b"@fr , "c"@da ; skos:definition "D."@en ;
    skos:example "E"@en ; dcterms:source "S" ; skos:inScheme :scheme ; skos:topConceptOf :scheme ."""
SCHEME = """:thing a skos:ConceptScheme ; skos:prefLabel "a"@en , "b"@fr , "c"@da ;
    skos:definition "D."@en ; dcterms:source "S" ."""
IN_USE = ":assessment lz:confidence :thing . :thing skos:inScheme vocabulary:confidence ."
VALUE_IN_USE = ":assessment lz:value :thing . :thing skos:inScheme vocabulary:position ."
ADDRESSEE_IN_USE = ":recommendation lz:addressee :thing . :thing skos:inScheme vocabulary:addressee ."

CASES = [
    Case("state", STATE, ('"DNK"', '"Dnk"'), "lz:iso3"),
    Case("state", STATE, ('"Denmark"@en', '"Danemark"@fr'), "skos:prefLabel"),
    Case("state", STATE, ("lz:euMember true", 'lz:euMember "yes"'), "lz:euMember"),
    Case("participation", PARTICIPATION, (CITED, "lz:citation 'somewhere'"), "lz:citation"),
    Case("participation", PARTICIPATION, ('"2009-11-18"^^xsd:date', '"18 November 2009"'), "lz:ratifiedOn"),
    Case("reservation", RESERVATION, ("lz:kind :concept ;", ""), "lz:kind"),
    Case("reservation", RESERVATION, ("lz:concerns :provision", "lz:concerns :unknown"), "lz:concerns"),
    Case("instrument", INSTRUMENT, ("lz:instrumentKind :concept", "lz:note 'x'@en"), "lz:instrumentKind"),
    Case("provision", PROVISION, ('lz:citedAs "Art. 25(2)" ; ', ""), "lz:citedAs"),
    Case("provision", PROVISION, ("eli:is_part_of :provision", "eli:is_part_of :case"), "eli:is_part_of"),
    Case("assessment", ASSESSMENT, (f" ; {CITED}", ""), "lz:citation"),
    Case("assessment", ASSESSMENT, ("lz:criterion :criterion", "lz:criterion :unknown"), "lz:criterion"),
    Case("assessment", ASSESSMENT, (SUMMARY, TOO_LONG), "lz:summary"),
    Case("assessment", ASSESSMENT, ("lz:value :concept", "lz:value :concept , :other"), "lz:value"),
    Case("assessment", ASSESSMENT, ("lz:value :concept", "lz:value 'yes'"), "lz:value"),
    Case("assessment", AGE, ("lz:value 15", "lz:value 150"), "lz:value"),
    Case("assessment", ASSESSMENT, ("lz:legalStage :concept ; ", ""), "lz:legalStage"),
    Case("recommendation", RECOMMENDATION, ("lz:basis :provision ; ", ""), "lz:basis"),
    Case("recommendation", RECOMMENDATION, ("lz:addressee :state", "lz:addressee :case"), "lz:addressee"),
    Case("recommendation", RECOMMENDATION, ("lz:asksFor :criterion", "lz:asksFor :concept"), "lz:asksFor"),
    Case("recommendation-part", PART, ("lz:order 1", "lz:order 0"), "lz:order"),
    Case("observation", OBSERVATION, ("lz:polarity :concept ; ", ""), "lz:polarity"),
    Case("observation", OBSERVATION, ("lz:state :state ; ", ""), ""),
    Case("promising-practice", PRACTICE, ("lz:answers :recommendation", "lz:answers :goal"), "lz:answers"),
    Case("measure", MEASURE, ("lz:state :state ; ", ""), "lz:state"),
    Case("policy-target", TARGET, ("lz:number 1 ; ", ""), "lz:number"),
    Case("operational-goal", GOAL, ("lz:policyTarget :target", "lz:policyTarget :goal"), "lz:policyTarget"),
    Case("form-answer", ANSWER, ("lz:value :concept ; ", ""), "lz:value"),
    Case("case", CASE, ('dcterms:title "Case"@en', 'dcterms:title "Case"'), "dcterms:title"),
    Case("referral-step", STEP, ("lz:to :court", "lz:to :court , :police"), "lz:to"),
    Case("event", EVENT, ('lz:occurredOn "2018-01-15"^^xsd:date ; ', ""), "lz:occurredOn"),
    Case("decision", DECISION, ("lz:court :court ; ", ""), "lz:court"),
    Case("case-comparison", COMPARISON, ("lz:case :case", "lz:case :state"), "lz:case"),
    Case("guidance", GUIDANCE, ("lz:guidanceKind :concept", "lz:guidanceKind :case"), "lz:guidanceKind"),
    Case("disagreement", DISAGREEMENT, (":first , :second", ":first"), "lz:account"),
    Case("account", ACCOUNT, (f" ; {CITED}", ""), "lz:citation"),
    Case("figure", FIGURE, ("lz:amount 300", "lz:amount 'many'"), "lz:amount"),
    Case("figure", FIGURE, ("lz:upperAmount 350", "lz:upperAmount 35"), "lz:amount"),
    Case("figure", FIGURE, (f" ; {CITED}", ""), ""),
    Case("figure", FIGURE_WITHIN, (f" ; {CITED}", ""), ""),
    Case(
        "organisation",
        ORGANISATION,
        ("lz:organisationKind :concept", "lz:note 'x'@en"),
        "lz:organisationKind",
    ),
    Case("monitoring-round", ROUND, ("lz:instrument :instrument", "lz:instrument :case"), "lz:instrument"),
    Case("evidence-search", SEARCH, ("lz:searchedFor :recommendation", "lz:note 'x'@en"), "lz:searchedFor"),
    Case("source", SOURCE, ('dcterms:publisher "Council of Europe" ;', ""), "dcterms:publisher"),
    Case("dataset", DATASET, ("<https://example.org/licence>", "'CC BY 4.0'"), "dcterms:license"),
    Case("retired", RETIRED, ('lz:reason "Recorded twice."@en ;', ""), "lz:reason"),
    Case("citation", CITATION, ("lz:source :source ; ", ""), "lz:source"),
    Case("citation", CITATION, ("lz:paragraph 231", "lz:paragraph '231'"), "lz:paragraph"),
    Case("scenario", FACTOR, ("lz:examines :field ; ", ""), "lz:examines"),
    Case("scenario", FACTOR, ("lz:test :concept ", "lz:test :concept , :other "), "lz:test"),
    Case("scenario", FIELD, ('"states"', '"State"'), "lz:valueType"),
    Case(
        "scenario",
        AGE_THAT_BARS,
        ("lz:necessary true", "lz:necessary true ; lz:upperBound 18 , 21"),
        "lz:upperBound",
    ),
    Case("scenario", AGE_THAT_BARS, ("true", "true , false"), "lz:necessary"),
    Case("scenario", AGE_THAT_BARS, ("lz:examines :field ; ", ""), "lz:examines"),
    Case("scenario", AGE_THAT_BARS, ("; lz:test :concept ", ""), "lz:test"),
    Case("condition", CONDITION, ("lz:test :concept", "lz:test :concept , :other"), "lz:test"),
    Case("condition", CONDITION, ("lz:settles :concept", "lz:settles :concept , :other"), "lz:settles"),
    Case("condition", CONDITION, ("lz:conditionKind :concept ; ", ""), "lz:conditionKind"),
    Case("condition", CONDITION, ('lz:note "At least six years."@en', "lz:topic 'x'"), "lz:note"),
    Case("condition", CONDITION, ("lz:threshold 6", "lz:threshold -6"), "lz:threshold"),
    Case("criterion", CRITERION, ("lz:standard :provision ;", ""), "lz:standard"),
    Case("criterion", CRITERION, (" ; lz:connectingFactor :concept", ""), "lz:connectingFactor"),
    Case("resolved-cell", CELL, ("lz:basedOn :assessment ; ", ""), ""),
    Case("resolved-cell", EMPTY_CELL, ("cell-status:not-assessed", "cell-status:resolved"), ""),
    Case("resolved-cell", CELL, (" ; prov:wasGeneratedBy :rule", ""), "prov:wasGeneratedBy"),
    Case("gap", GAP, ("lz:about :recommendation", "lz:about :case"), "lz:about"),
    Case("gap", GAP, ("prov:wasDerivedFrom :assessment ; ", ""), "prov:wasDerivedFrom"),
    Case("rule", RULE, (SUMMARY, "lz:note 'x'@en"), "lz:summary"),
    Case("concept", CONCEPT, (' , "c"@da', ""), "skos:prefLabel"),
    Case("concept", CONCEPT, ('skos:definition "D."@en', 'skos:definition "D."'), "skos:definition"),
    Case("concept", CONCEPT, (" ; skos:topConceptOf :scheme", ""), ""),
    Case("concept", SCHEME, (' , "b"@fr', ""), "skos:prefLabel"),
    Case("concept-use", IN_USE, ("vocabulary:confidence", "vocabulary:severity"), "skos:inScheme"),
    Case("concept-use", VALUE_IN_USE, ("vocabulary:position", "vocabulary:severity"), ""),
    Case("concept-use", ADDRESSEE_IN_USE, ("vocabulary:addressee", "vocabulary:theme"), ""),
]

TERM = """lz:Thing a owl:Class ; rdfs:label "thing"@en ; skos:definition "A thing."@en ;
    skos:example "This."@en ; dcterms:source "S" ; rdfs:isDefinedBy atlas:ontology ."""


def graph_of(turtle):
    return rdflib.Graph().parse(data=PREFIXES + turtle, format="turtle")


def results(turtle, shape, focus=THING):
    """Return the paths on which a shape refuses `focus`: a property in short, or "" where it is none."""
    graph = graph_of(WORLD + turtle)
    _, report, _ = validate(graph, shacl_graph=shape, inference="none", advanced=False, do_owl_imports=False)
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        if str(report.value(result, SH.focusNode)) == focus:
            path = report.value(result, SH.resultPath)
            found.add(graph.qname(path) if isinstance(path, rdflib.URIRef) else "")
    return found


def property_shapes(graph):
    return set(graph.objects(None, SH.property))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.shape}: {case.edit[0][:40]}")
def test_a_sound_record_passes_and_one_fault_is_refused_at_its_property(case, shapes):
    assert results(case.sound, shapes[case.shape]) == set()
    assert results(case.faulty, shapes[case.shape]) == {case.path}


@pytest.mark.parametrize("lost", ["rdfs:label", "skos:definition", "skos:example", "dcterms:source"])
def test_a_term_of_the_atlas_without_a_part_of_its_description_is_refused(lost, shapes):
    faulty = TERM.replace(f"{lost} ", "rdfs:comment ", 1)
    assert results(TERM, shapes["term"], str(LZ.Thing)) == set()
    assert results(faulty, shapes["term"], str(LZ.Thing)) == {""}


def test_a_term_of_a_standard_needs_no_definition_here(shapes):
    foreign = "eli:LegalResource a owl:Class ."
    assert results(foreign, shapes["term"], "http://data.europa.eu/eli/ontology#LegalResource") == set()


def test_every_shape_file_has_a_case(shapes):
    assert {case.shape for case in CASES} | {"term"} == set(shapes)


def test_every_type_of_the_json_schema_has_a_shape_file_of_its_own(shapes, definitions, context):
    targets = {target for graph in shapes.values() for target in graph.objects(None, SH.targetClass)}
    for name in definitions.keys() & context.keys():
        kind = context[name]["@id"]
        assert graph_of("").namespace_manager.expand_curie(kind) in targets, name


def test_what_the_json_schema_requires_the_shapes_require_too(shapes, definitions, context):
    """A record that some other tool wrote passes no JSON Schema; the shapes must hold it to the same."""
    expand = graph_of("").namespace_manager.expand_curie
    every = sum(shapes.values(), rdflib.Graph())
    for name in definitions.keys() & context.keys():
        (shape,) = every.subjects(SH.targetClass, expand(context[name]["@id"]))
        required = {
            every.value(constraint, SH.path)
            for constraint in every.objects(shape, SH.property)
            if every.value(constraint, SH.minCount)
        }
        keys = set(definitions[name]["required"]) - {"type", "id"}
        if name == "Figure":  # its citation may be that of the record around it
            keys -= {"citation"}
        assert {expand(context[key]["@id"]) for key in keys} <= required, name


def test_every_constraint_tells_the_curator_what_to_do(shapes):
    """A message instructs: it is a full sentence, not the name of a constraint."""
    for stem, graph in shapes.items():
        if stem == "term":
            continue
        for shape in graph.subjects(RDF.type, SH.NodeShape):
            for constraint in graph.objects(shape, SH.property):
                message = graph.value(constraint, SH.message)
                assert message, (stem, graph.value(constraint, SH.path))
                assert message[0].isupper(), message
                assert message.endswith("."), message


def test_summaries_and_notes_are_held_to_600_characters(shapes):
    for stem, graph in shapes.items():
        for constraint in property_shapes(graph):
            if graph.value(constraint, SH.path) in {LZ.summary, LZ.note, LZ.reason}:
                assert graph.value(constraint, SH.maxLength).value == 600, stem


def test_no_shape_runs_a_query(shapes):
    """Validation stays fast and needs no SHACL-SPARQL engine."""
    for stem, graph in shapes.items():
        assert not list(graph.triples((None, SH.sparql, None))), stem


def test_every_property_of_a_shape_is_declared(shapes, atlas):
    """A misspelt path constrains nothing."""
    for stem, graph in shapes.items():
        for constraint in property_shapes(graph):
            path = graph.value(constraint, SH.path)
            if isinstance(path, rdflib.URIRef) and not path.startswith(str(rdflib.RDFS.label)[:-5]):
                assert (path, RDF.type, None) in atlas, (stem, path)


def test_the_ontology_and_its_vocabularies_satisfy_the_conventions(atlas, vocabularies, shapes):
    """Terms, concepts and their use conform as they stand; what refers to data is checked with the data."""
    conventions = shapes["term"] + shapes["concept"] + shapes["concept-use"]
    conforms, _, text = validate(
        atlas + vocabularies, shacl_graph=conventions, inference="none", advanced=False, do_owl_imports=False
    )
    assert conforms, text
