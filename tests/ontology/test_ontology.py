"""The terms are complete, stay within OWL 2 DL, and are those that the context gives to the data.

A term without definition or source is a word that two readers may take differently; one of two kinds makes a
reasoner refuse the file. What OWL 2 DL asks is checked here as far as this ontology could break it.
"""

import re

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS

LZ = Namespace("https://w3id.org/lanzarote-atlas/ontology#")
VANN = Namespace("http://purl.org/vocab/vann/")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
ONTOLOGY = URIRef("https://w3id.org/lanzarote-atlas/ontology")

PROPERTY_KINDS = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
KINDS = PROPERTY_KINDS | {OWL.Class}
BUILT_IN = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
)
# The datatypes that occur here and that OWL 2 knows; xsd:date and its kin are not among them.
OWL_DATATYPES = {XSD.string, XSD.integer, XSD.boolean, RDF.langString}

# Said of criteria or made by the rules; no curator writes them as a key.
DERIVED_ONLY = {
    "Criterion",
    "JurisdictionPrinciple",
    "GapAtOtherDate",
    "DatedGap",
    "Position",
    "clear",
    "conditionText",
    "considers",
    "countsAsAnswerTo",
    "generalCell",
    "holdsFrom",
    "holdsUntil",
    "offenceCell",
    "positionText",
    "Cell",
    "OffenceCell",
    "ResolvedCell",
    "Gap",
    "Rule",
    "about",
    "answer",
    "answeredBy",
    "basedOn",
    "cell",
    "cellStatus",
    "dated",
    "expectedValue",
    "gapKind",
    "leavesOpen",
    "necessary",
    "offence",
    "otherAssessment",
    "presupposes",
    "principle",
    "rank",
    "regulates",
    "sameTextAs",
    "severity",
    "standard",
    "status",
    "strength",
    "upperBound",
    "valueType",
}


def own_terms(graph):
    """Return the classes and properties that are the atlas's own."""
    return sorted({term for kind in KINDS for term in graph.subjects(RDF.type, kind) if term.startswith(LZ)})


def kinds_of(graph, term):
    return {kind for kind in graph.objects(term, RDF.type) if kind in KINDS}


def test_the_header_tells_title_description_licence_version_and_prefix(atlas):
    for said in (DCTERMS.title, DCTERMS.description, OWL.versionInfo, OWL.versionIRI):
        assert atlas.value(ONTOLOGY, said), said
    assert atlas.value(ONTOLOGY, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert atlas.value(ONTOLOGY, VANN.preferredNamespacePrefix) == Literal("lz")
    assert atlas.value(ONTOLOGY, VANN.preferredNamespaceUri) == Literal(str(LZ))


def test_nothing_is_imported(atlas):
    """The file is whole by itself: loading it fetches nothing."""
    assert list(atlas.triples((None, OWL.imports, None))) == []


def test_no_term_is_declared_the_same_as_another(atlas, vocabularies):
    """National and foreign concepts differ in scope; equating them would merge what is compared."""
    for said in (OWL.sameAs, OWL.equivalentClass, OWL.equivalentProperty):
        assert list((atlas + vocabularies).subject_objects(said)) == [], said


@pytest.mark.parametrize("said", [RDFS.label, SKOS.definition, SKOS.example])
def test_every_term_is_labelled_defined_and_exemplified_in_english(atlas, said):
    for term in own_terms(atlas):
        assert {text.language for text in atlas.objects(term, said)} == {"en"}, term


def test_every_term_has_one_label_and_one_definition_of_one_sentence(atlas):
    for term in own_terms(atlas):
        assert len(list(atlas.objects(term, RDFS.label))) == 1, term
        (definition,) = atlas.objects(term, SKOS.definition)
        assert definition.endswith("."), term
        assert not re.search(r"[.?!] [A-Z]", definition), term


def test_every_term_names_its_source_and_its_ontology(atlas):
    for term in own_terms(atlas):
        assert atlas.value(term, DCTERMS.source), term
        assert atlas.value(term, RDFS.isDefinedBy) == ONTOLOGY, term


def test_no_two_terms_share_a_definition(atlas):
    definitions = [str(text) for term in own_terms(atlas) for text in atlas.objects(term, SKOS.definition)]
    assert len(definitions) == len(set(definitions))


def test_classes_are_upper_camel_case_and_properties_lower(atlas):
    for term in own_terms(atlas):
        shape = r"([A-Z][a-z]+)+" if kinds_of(atlas, term) == {OWL.Class} else r"[a-z]+[0-9]?([A-Z][a-z]+)*"
        assert re.fullmatch(shape, term.removeprefix(LZ)), term


def test_every_declared_term_is_of_one_kind(atlas):
    """No punning: nothing is class and property, nor a property of two kinds."""
    declared = {term for kind in KINDS for term in atlas.subjects(RDF.type, kind)}
    assert [term for term in declared if len(kinds_of(atlas, term)) != 1] == []


def test_every_property_and_class_in_use_is_declared(atlas, vocabularies):
    used = atlas + vocabularies
    properties = {said for said in used.predicates() if not str(said).startswith(BUILT_IN)}
    classes = {kind for kind in used.objects(None, RDF.type) if not str(kind).startswith(BUILT_IN)}
    assert [term for term in properties if not kinds_of(atlas, term) & PROPERTY_KINDS] == []
    assert [term for term in classes if kinds_of(atlas, term) != {OWL.Class}] == []


def test_every_axiom_speaks_of_declared_terms(atlas):
    classes = set(atlas.subjects(RDF.type, OWL.Class))
    for said in (RDFS.subClassOf, RDFS.domain):
        assert set(atlas.objects(None, said)) <= classes, said
    assert set(atlas.objects(None, RDFS.range)) <= classes | OWL_DATATYPES
    for lower, upper in atlas.subject_objects(RDFS.subPropertyOf):
        assert kinds_of(atlas, lower) == kinds_of(atlas, upper) != set(), lower


def test_ranges_are_classes_of_things_and_datatypes_of_values(atlas):
    for term, named in atlas.subject_objects(RDFS.range):
        values = named in OWL_DATATYPES
        assert kinds_of(atlas, term) == {OWL.DatatypeProperty if values else OWL.ObjectProperty}, term


def test_every_datatype_is_one_that_owl_knows(atlas):
    """Dates stay without a range, and the header without a typed date, because xsd:date is none of OWL 2."""
    literals = {value.datatype for value in atlas.objects() if isinstance(value, Literal) and value.datatype}
    assert literals <= OWL_DATATYPES


def test_object_properties_take_things_and_datatype_properties_values(atlas, vocabularies):
    for subject, said, value in atlas + vocabularies:
        kinds = kinds_of(atlas, said)
        assert kinds != {OWL.ObjectProperty} or not isinstance(value, Literal), (subject, said)
        assert kinds != {OWL.DatatypeProperty} or isinstance(value, Literal), (subject, said)


def test_no_class_or_property_is_used_as_a_thing(atlas, vocabularies):
    """A mapping of a class by an object property would make an individual of it."""
    declared = {term for kind in KINDS for term in atlas.subjects(RDF.type, kind)}
    for subject, said, value in atlas + vocabularies:
        if kinds_of(atlas, said) == {OWL.ObjectProperty}:
            assert not {subject, value} & declared, (subject, said, value)


def test_the_only_anonymous_class_axiom_is_the_list_of_disjoint_classes(atlas):
    (axiom,) = atlas.subjects(RDF.type, OWL.AllDisjointClasses)
    members = list(Collection(atlas, atlas.value(axiom, OWL.members)))
    assert set(members) <= set(atlas.subjects(RDF.type, OWL.Class))
    assert len(members) == len(set(members))
    typed = {node for node in atlas.subjects(RDF.type) if isinstance(node, BNode)}
    assert typed == {axiom}


def test_no_class_stands_below_two_disjoint_ones(atlas):
    (axiom,) = atlas.subjects(RDF.type, OWL.AllDisjointClasses)
    members = set(Collection(atlas, atlas.value(axiom, OWL.members)))
    for term in atlas.subjects(RDF.type, OWL.Class):
        assert len(set(atlas.transitive_objects(term, RDFS.subClassOf)) & members) <= 1, term


def test_the_value_of_a_position_is_an_annotation_that_says_why(atlas):
    """Its value is a concept or an integer, which neither other kind of property may hold."""
    assert kinds_of(atlas, LZ.value) == {OWL.AnnotationProperty}
    assert "integer" in atlas.value(LZ.value, RDFS.comment)


def test_every_key_of_the_context_is_a_term_and_every_other_term_is_derived(atlas, context):
    keys = {entry["@id"].removeprefix("lz:") for entry in context.values() if entry["@id"].startswith("lz:")}
    terms = {term.removeprefix(LZ) for term in own_terms(atlas)}
    assert keys - terms == set()
    assert terms - keys == DERIVED_ONLY


def test_types_of_the_context_are_classes_and_other_keys_properties(atlas, context):
    for key, entry in context.items():
        if not entry["@id"].startswith("lz:"):
            continue
        kinds = kinds_of(atlas, LZ[entry["@id"].removeprefix("lz:")])
        assert (kinds == {OWL.Class}) == key[0].isupper(), key


def test_keys_that_name_things_are_object_properties_and_the_others_are_not(atlas, context):
    for key, entry in context.items():
        term = LZ[entry["@id"].removeprefix("lz:")]
        if key[0].isupper() or not entry["@id"].startswith("lz:") or term == LZ.value:
            continue
        nested = key in {"citation", "condition", "figure", "part", "account"}
        names = nested or entry.get("@type") in {"@id", "@vocab"}
        assert kinds_of(atlas, term) == {OWL.ObjectProperty if names else OWL.DatatypeProperty}, key
