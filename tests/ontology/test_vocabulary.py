"""Each vocabulary file is one scheme, complete in three languages, and holds what the JSON Schema accepts.

A curator's editor takes its words from the schema, a query from the vocabulary: were they to differ, a word
that passes the editor would name nothing in the graph.
"""

import re
from itertools import chain

import pytest
from rdflib import RDF, SKOS, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

LZ = Namespace("https://w3id.org/lanzarote-atlas/ontology#")
VOCABULARY = "https://w3id.org/lanzarote-atlas/vocabulary/"
CONVENTION = "https://w3id.org/lanzarote-atlas/id/provision/cets-201/"

LANGUAGES = ["da", "en", "fr"]
DERIVED_SCHEMES = {"gap-kind", "gap-status", "cell-status", "severity", "strength"}
ORDERED = {
    "obligation-level": ["require", "request", "invite"],
    "strength": ["obligation", "endeavour", "good-practice"],
    "severity": ["high", "medium", "low"],
    "confidence": ["high", "medium", "low"],
    "evidence-grade": ["official", "secondary"],
    "gap-status": ["open", "answer-reported", "closed"],
}
NUMERALS = ["II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"]


def concepts(graph):
    return sorted(set(graph.subjects(RDF.type, SKOS.Concept)))


def local(concept):
    return concept.removeprefix(VOCABULARY).split("/", 1)[1]


def in_order(graph):
    """Return the concepts of a scheme by their order."""
    return sorted(concepts(graph), key=lambda concept: graph.value(concept, LZ.order).value)


def enumerations(definitions):
    """Yield key and words for every enumeration in the JSON Schema."""
    for definition in definitions.values():
        for key, entry in definition.get("properties", {}).items():
            for option in (entry, *entry.get("oneOf", [])):
                words = option.get("enum") or option.get("items", {}).get("enum")
                if words:
                    yield key, frozenset(words)


def scheme_of(entry):
    """Return the scheme from which the context takes a key's values, or None."""
    inner = entry.get("@context", {})
    bases = [inner.get("@base", ""), *(iri for word, iri in inner.items() if not word.startswith("@"))]
    found = {base.removeprefix(VOCABULARY).split("/")[0] for base in bases if base.startswith(VOCABULARY)}
    return found.pop() if found else None


def test_each_file_holds_exactly_the_one_scheme_of_its_name(schemes):
    for stem, graph in schemes.items():
        assert set(graph.subjects(RDF.type, SKOS.ConceptScheme)) == {URIRef(VOCABULARY + stem)}
        for concept in concepts(graph):
            assert concept.startswith(f"{VOCABULARY}{stem}/"), concept
            assert list(graph.objects(concept, SKOS.inScheme)) == [URIRef(VOCABULARY + stem)], concept


def test_every_scheme_of_the_context_and_of_the_rules_has_a_file(schemes, context):
    named = {scheme_of(entry) for entry in context.values()} - {None}
    assert set(schemes) == named | DERIVED_SCHEMES


def test_every_concept_and_scheme_has_one_label_in_english_french_and_danish(vocabularies):
    for node in chain(concepts(vocabularies), vocabularies.subjects(RDF.type, SKOS.ConceptScheme)):
        assert sorted(text.language for text in vocabularies.objects(node, SKOS.prefLabel)) == LANGUAGES, node


def test_every_concept_is_defined_exemplified_and_sourced(vocabularies):
    for concept in concepts(vocabularies):
        (definition,) = vocabularies.objects(concept, SKOS.definition)
        assert definition.language == "en", concept
        assert re.fullmatch(r"[A-Z].*[.?]", definition), concept
        assert not re.search(r"[.?!] [A-Z]", definition), f"{concept} is defined in more than one sentence"
        assert vocabularies.value(concept, SKOS.example).language == "en", concept
        assert vocabularies.value(concept, DCTERMS.source), concept


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_concepts_of_a_scheme_share_a_label(schemes, language):
    """A reader who chooses by label must not meet the same one twice."""
    for stem, graph in schemes.items():
        labels = [
            str(text)
            for concept in concepts(graph)
            for text in graph.objects(concept, SKOS.prefLabel)
            if text.language == language
        ]
        assert sorted(labels) == sorted(set(labels)), stem


def test_every_concept_is_at_the_top_of_its_scheme_or_below_another_of_it(schemes):
    for stem, graph in schemes.items():
        for concept in concepts(graph):
            broader = set(graph.objects(concept, SKOS.broader))
            tops = set(graph.objects(concept, SKOS.topConceptOf))
            assert tops == (set() if broader else {URIRef(VOCABULARY + stem)}), concept
            assert broader <= set(concepts(graph)), concept


def test_nothing_is_broader_than_itself(vocabularies):
    for concept in concepts(vocabularies):
        above = list(vocabularies.transitive_objects(concept, SKOS.broader))[1:]
        assert concept not in above, concept


def test_the_enumerations_of_the_json_schema_are_the_concepts_of_the_schemes(schemes, context, definitions):
    compared = set()
    for key, words in enumerations(definitions):
        scheme = scheme_of(context.get(key, {}))
        if scheme:
            compared.add(scheme)
            assert words == {local(concept) for concept in concepts(schemes[scheme])}, key
    assert compared == set(schemes) - DERIVED_SCHEMES - {"criterion"}


def test_every_criterion_fits_the_pattern_of_the_json_schema(schemes, definitions):
    pattern = re.compile(definitions["Assessment"]["properties"]["criterion"]["pattern"])
    assert all(pattern.match(local(concept)) for concept in concepts(schemes["criterion"]))


@pytest.mark.parametrize("stem", ORDERED)
def test_ordered_schemes_run_from_the_weightiest_down(schemes, stem):
    assert [local(concept) for concept in in_order(schemes[stem])] == ORDERED[stem]


def test_orders_are_without_gap_or_repetition(schemes):
    for stem, graph in schemes.items():
        orders = sorted(order.value for order in graph.objects(None, LZ.order))
        if orders:
            first = 2 if stem == "theme" else 1
            assert orders == list(range(first, first + len(concepts(graph)))), stem


def test_themes_bear_the_numerals_of_the_reports_chapters(schemes):
    ordered = in_order(schemes["theme"])
    assert [str(schemes["theme"].value(concept, SKOS.notation)) for concept in ordered] == NUMERALS
    assert [local(concept).split("-")[0].upper() for concept in ordered] == NUMERALS


def test_every_offence_has_its_article_as_standard(schemes):
    graph = schemes["offence"]
    for concept in concepts(graph):
        (standard,) = graph.objects(concept, LZ.standard)
        article = standard.removeprefix(CONVENTION + "art-").split("/")
        assert 18 <= int(article[0]) <= 23, concept
        shown = article[0] + "".join(f"({part})" for part in article[1:])
        assert f"(Article {shown})" in graph.value(concept, SKOS.definition), concept


def test_every_criterion_is_a_question_with_theme_standard_and_strength(schemes, vocabularies):
    graph = schemes["criterion"]
    for concept in concepts(graph):
        assert (concept, RDF.type, LZ.Criterion) in graph, concept
        assert graph.value(concept, SKOS.definition).endswith("?"), concept
        assert graph.value(concept, LZ.standard), concept
        for said, scheme in ((LZ.theme, "theme"), (LZ.strength, "strength")):
            (named,) = graph.objects(concept, said)
            assert (named, SKOS.inScheme, URIRef(VOCABULARY + scheme)) in vocabularies, concept


def test_expected_values_are_positions_that_a_state_can_hold(schemes):
    """A described position, an age and silence meet no standard; a permitted exemption is not asked for."""
    graph = schemes["criterion"]
    expected = {local(concept): local(value) for concept, value in graph.subject_objects(LZ.expectedValue)}
    assert set(expected.values()) == {"yes", "not-required"}
    not_required = {key for key, value in expected.items() if value == "not-required"}
    assert not_required == {"jurisdiction.dual-criminality", "jurisdiction.complaint-required"}
    assert not {"law.own-image-exemption", "law.age-of-consent", "jurisdiction.extradition"} & set(expected)


def test_a_principle_is_a_criterion_with_a_connecting_factor(schemes):
    graph = schemes["criterion"]
    principles = set(graph.subjects(RDF.type, LZ.JurisdictionPrinciple))
    assert principles == set(graph.subjects(LZ.connectingFactor))
    assert all((principle, RDF.type, LZ.Criterion) in graph for principle in principles)
    used = {local(factor) for factor in graph.objects(None, LZ.connectingFactor)}
    of_national_law_alone = {"material-destination"}
    assert used | of_national_law_alone == {
        local(factor) for factor in concepts(schemes["connecting-factor"])
    }


def test_the_rules_of_article_25_keep_their_own_strength(schemes):
    """Parties must establish jurisdiction under paragraph 1 and only endeavour to under paragraph 2."""
    graph = schemes["criterion"]
    strengths = {local(concept): local(strength) for concept, strength in graph.subject_objects(LZ.strength)}
    for duty in ("territoriality", "active-nationality", "habitual-residence", "presence"):
        assert strengths[f"jurisdiction.{duty}"] == "obligation"
    assert strengths["jurisdiction.passive-personality"] == "endeavour"


def test_paragraphs_4_and_6_of_article_25_speak_of_the_principles_they_name(schemes):
    """Paragraph 4 waives dual criminality for nationals alone; paragraph 6 adds habitual residents."""
    graph = schemes["criterion"]
    scopes = {
        local(concept): {local(principle) for principle in graph.objects(concept, LZ.principleScope)}
        for concept in graph.subjects(LZ.principleScope)
    }
    nationality, residence = "jurisdiction.active-nationality", "jurisdiction.habitual-residence"
    assert scopes == {
        "jurisdiction.dual-criminality": {nationality},
        "jurisdiction.complaint-required": {nationality, residence},
    }


def test_no_text_of_a_vocabulary_is_empty_or_padded(vocabularies):
    for text in vocabularies.objects():
        if isinstance(text, Literal):
            assert str(text) == str(text).strip() != ""
