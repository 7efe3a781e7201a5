"""Statements as text say what the quads say, whatever is in their literals."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas.compile import statements

addresses = st.text("a.é_:", max_size=4).map(lambda path: ox.NamedNode(f"x:{path}"))
blank = st.sampled_from("abc").map(ox.BlankNode)
literals = st.one_of(
    st.text(max_size=12).map(ox.Literal),
    st.sampled_from(["2013-07", "_:a"]).map(lambda text: ox.Literal(text, datatype=ox.NamedNode("x:_:type"))),
    st.sampled_from([" .\n", "_:a", '" <x:y> .\r\n', "\\"]).map(lambda text: ox.Literal(text, language="en")),
)
quads = st.builds(ox.Quad, addresses | blank, addresses, addresses | blank | literals, addresses)
datasets = st.lists(quads, max_size=12)


def documents(of):
    """Return a dataset as N-Quads and its union as N-Triples, by way of its statements."""
    graphs = statements.of_quads(of).items()
    return (
        b"".join(statements.n_triples(triples, graph) for graph, triples in graphs),
        b"".join(statements.n_triples(triples) for _, triples in graphs),
    )


def lines(of):
    return [str(quad).encode() for quad in set(of)]


@given(datasets)
def test_the_documents_say_what_the_quads_say(of):
    n_quads, n_triples = documents(of)
    assert set(ox.parse(n_quads, format=ox.RdfFormat.N_QUADS)) == set(of)
    assert {quad.triple for quad in ox.parse(n_triples, format=ox.RdfFormat.N_TRIPLES)} == {
        quad.triple for quad in of
    }
    assert sorted(statements.of_n_quads(n_quads)) == sorted(lines(of))


@given(datasets)
def test_a_document_of_the_engine_gives_the_statements_that_its_quads_give(of):
    graph = ox.NamedNode("x:graph")
    triples = [quad.triple for quad in of]
    document = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    put = [ox.Quad(*triple, graph) for triple in triples]
    assert statements.of_n_triples(document) == statements.of_quads(put).get(str(graph), [])


@given(datasets)
def test_the_identifier_is_that_of_the_canonical_dataset(of):
    """RDFC-1.0 by the engine over the whole, and not over the quads with blank nodes alone."""
    whole = ox.Dataset(of)
    whole.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    document = "".join(sorted(f"{quad} .\n" for quad in whole)).encode()
    assert statements.build_id(lines(of)) == hashlib.sha256(document).hexdigest()


@given(datasets, st.randoms(use_true_random=False))
def test_neither_order_nor_names_of_blank_nodes_change_the_identifier(of, random):
    other = {name: ox.BlankNode(f"other{name}") for name in "abc"}
    renamed = [
        ox.Quad(*(other[term.value] if isinstance(term, ox.BlankNode) else term for term in quad))
        for quad in of
    ]
    random.shuffle(renamed)
    assert statements.build_id(lines(renamed)) == statements.build_id(lines(of))


def test_the_identifier_of_known_quads_is_the_hash_of_their_canonical_document():
    r"""Known from the outside: `printf '<x:s> <x:p> "a" <x:g> .\n' | sha256sum`."""
    known = "5b84ebfff98f02490c5f6e27ea2a59ac0bf216a48b785c4e0e1fdb40721b5148"
    assert statements.build_id([b'<x:s> <x:p> "a" <x:g>']) == known
