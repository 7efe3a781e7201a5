import datetime as dt

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanzarote_atlas import catalogue, terms
from lanzarote_atlas.catalogue import Parameter
from lanzarote_atlas.errors import AtlasError, UsageError
from lanzarote_atlas.store.embedded import EmbeddedStore
from tests import small_project

HEADER = "#+ title: A\n#+ question: B?\n"
XSD = terms.XSD


@pytest.fixture
def project(tmp_path):
    with small_project.using(tmp_path) as project:
        yield project


def parameter(kind, **given):
    return Parameter(
        **{"name": "x", "type": kind, "help": "Some help.", "default": None, "required": False} | given
    )


# --- headers


def test_a_query_file_is_read_with_header_and_text(project):
    query = catalogue.find("positions-of-a-state")
    assert (query.title, query.folder) == ("Positions of a State", "answers")
    assert query.question == "What is a State's position on each criterion?"
    assert query.columns == {"criterion": "The criterion.", "position": "The position."}
    assert query.example == {"state": "DNK"}
    assert query.text.startswith("PREFIX lz:")
    assert [(one.name, one.type, one.required, one.default) for one in query.parameters] == [
        ("state", "id/state", True, None),
        ("value", "vocabulary/position", False, None),
    ]


def test_a_header_is_read_as_the_data_files_are():
    """In YAML 1.1 the default `no` is a truth value, and a date is an object."""
    header, text = catalogue.split_header("#+ default: no\n#+ on: 2026-11-21\n\nASK {}\n")
    assert header == {"default": "no", "on": "2026-11-21"}
    assert text == "ASK {}\n"


def test_a_comment_is_no_header():
    assert catalogue.split_header("# title: x\nASK {}") == ({}, "# title: x\nASK {}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ASK {}", "answers/x.rq: header lacks or misplaces 'title'"),
        ("#+ title: A\nASK {}", "answers/x.rq: header lacks or misplaces 'question'"),
        (
            HEADER + "#+ params:\n#+   state: {help: x}\nASK {}",
            "answers/x.rq: header lacks or misplaces 'type'",
        ),
        (
            HEADER + "#+ params:\n#+   state: {type: text}\nASK {}",
            "answers/x.rq: header lacks or misplaces 'help'",
        ),
        (HEADER + "#+ params:\n#+   state: text\nASK {}", "answers/x.rq: header lacks or misplaces"),
        (HEADER + "#+ params: [state]\nASK {}", "answers/x.rq: header lacks or misplaces"),
        (
            HEADER + "#+ params:\n#+   s: {type: id-state, help: x}\nASK {}",
            "type 'id-state' of parameter 's'",
        ),
        (HEADER + "#+ params:\n#+   s: {type: id/, help: x}\nASK {}", "type 'id/' of parameter 's'"),
        (HEADER + "#+ params:\n#+   s: {type: Text, help: x}\nASK {}", "type 'Text' of parameter 's'"),
        (HEADER + "#+ columns: word\nASK {}", "answers/x.rq: header lacks or misplaces"),
        ("#+ - a\nASK {}", "answers/x.rq: query header is not a mapping"),
        ("#+ title: 'open\nASK {}", "answers/x.rq: header:2: -: not YAML"),
        ("#+ title: A\n#+ title: B\nASK {}", "answers/x.rq: header:2: -: key 'title' stands twice"),
    ],
)
def test_a_faulty_header_names_its_file_and_the_fault(project, text, told):
    project.add("../queries/answers/x.rq", text)
    with pytest.raises(AtlasError) as raised:
        catalogue.queries()
    assert told in str(raised.value)


def test_one_name_in_two_folders_is_a_fault(project):
    project.add("../queries/views/positions-of-a-state.rq", HEADER + "ASK {}")
    with pytest.raises(AtlasError, match=r"positions-of-a-state\.rq stands in two folders"):
        catalogue.queries()


def test_an_unknown_query_is_told_the_nearest_name(project):
    with pytest.raises(
        UsageError, match="no query named 'position-of-a-state'; did you mean 'positions-of-a-state'"
    ):
        catalogue.find("position-of-a-state")
    with pytest.raises(UsageError, match="`lanzarote queries` lists them"):
        catalogue.find("zzz")


# --- parameters


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("id/state", "DNK", ox.NamedNode("https://w3id.org/lanzarote-atlas/id/state/DNK")),
        (
            "id/provision",
            "cets-201/art-25/1/d",
            ox.NamedNode("https://w3id.org/lanzarote-atlas/id/provision/cets-201/art-25/1/d"),
        ),
        ("id/state", "https://x.org/DNK", ox.NamedNode("https://x.org/DNK")),
        ("id/state", "D K>", ox.NamedNode("https://w3id.org/lanzarote-atlas/id/state/D%20K%3E")),
        (
            "vocabulary/position",
            "yes",
            ox.NamedNode("https://w3id.org/lanzarote-atlas/vocabulary/position/yes"),
        ),
        ("iri", "http://x.org/#a", ox.NamedNode("http://x.org/#a")),
        ("iri", "id/state/DNK", ox.NamedNode("https://w3id.org/lanzarote-atlas/id/state/DNK")),
        ("integer", "007", ox.Literal("7", datatype=ox.NamedNode(XSD + "integer"))),
        ("integer", "-3", ox.Literal("-3", datatype=ox.NamedNode(XSD + "integer"))),
        ("date", "2026-11-21", ox.Literal("2026-11-21", datatype=ox.NamedNode(XSD + "date"))),
        ("text", "yes", ox.Literal("yes")),
    ],
)
def test_a_reader_s_text_becomes_a_term_of_the_parameter_s_type(project, kind, value, term):
    assert parameter(kind).term(value) == term


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("integer", "seven", "'seven' is no whole number"),
        ("integer", "1.5", "'1.5' is no whole number"),
        ("integer", "9" * 5000, "is no whole number"),
        ("date", "2023-02-30", "'2023-02-30' is no date like 2026-11-21"),
        ("date", "yesterday", "is no date"),
        ("iri", "http://x.org/a b", "'http://x.org/a b' is no address"),
        ("iri", "http://x.org/>", "is no address"),
        ("iri", "DNK", "'DNK' is no address"),
        ("iri", "javascript:alert(1) {}", "is no address"),
        ("id/state", "http://x.org/> <http://y", "is no id"),
        ("id/state", "\ud800", "is no id"),
        ("text", "\ud800", "is no text"),
    ],
)
def test_a_text_of_another_kind_is_wrong_use_with_the_parameter_s_help(project, kind, value, told):
    with pytest.raises(UsageError) as raised:
        parameter(kind).term(value)
    assert told in str(raised.value)
    assert str(raised.value).startswith("parameter 'x': ")
    assert str(raised.value).endswith("; Some help.")


def test_a_query_runs_with_parameters_as_texts(project):
    project.build()
    from lanzarote_atlas import builds

    standing = builds.required(project.out)
    store = EmbeddedStore.open(standing.store, standing.manifest.build_id)
    answer = catalogue.run(store, "positions-of-a-state", state="DNK")
    assert len(answer.rows) == 2
    answer = catalogue.run(store, "positions-of-a-state", state="DNK", value="conditional")
    assert [row["criterion"].rpartition("/")[2] for row in answer.dicts()] == [
        "jurisdiction.passive-personality"
    ]


@pytest.mark.parametrize(
    ("given_texts", "told"),
    [
        ({"stat": "DNK"}, "query positions-of-a-state: no parameter 'stat'; did you mean 'state'?"),
        ({"state": "DNK", "zzz": "1"}, "no parameter 'zzz'; it takes: state, value"),
        ({}, "query positions-of-a-state: parameter 'state' is missing; The State by its ISO code."),
        ({"state": ""}, "parameter 'state' is missing"),
    ],
)
def test_unknown_and_missing_parameters_are_wrong_use(project, given_texts, told):
    with pytest.raises(UsageError) as raised:
        catalogue.find("positions-of-a-state").bound(given_texts)
    assert told in str(raised.value)


def test_a_default_stands_where_nothing_is_given(project):
    header = HEADER + "#+ params:\n#+   n: {type: integer, default: 5, help: x}\n"
    project.add("../queries/answers/x.rq", header + "SELECT ($n AS ?m) {}")
    query = catalogue.find("x")
    assert '"5"' in query.bound({})
    assert '"6"' in query.bound({"n": "6"})
    assert '"5"' in query.bound({"n": ""})


TYPES = st.sampled_from(["id/state", "vocabulary/position", "iri", "integer", "date", "text"])


@given(TYPES, st.text() | st.text(alphabet="\"'\\<>{}$?# \n.u0022httpDELETE:/"))
def test_no_text_of_a_reader_changes_the_shape_of_a_query(kind, text):
    """Whatever is given is one term or wrong use; the bound query has its columns and its one pattern."""
    try:
        term = parameter(kind).term(text)
    except UsageError:
        return
    query = catalogue.NamedQuery(
        *("name", "answers", "A", "B?"), (parameter(kind),), {}, {}, "SELECT ?s ($x AS ?y) { ?s ?p $x }"
    )
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://s"), ox.NamedNode("http://p"), term))
    store.add(ox.Quad(ox.NamedNode("http://s"), ox.NamedNode("http://p"), ox.Literal("another")))
    bound = query.bound({"x": text})
    if bound == query.text:
        assert text == ""
        return
    answer = store.query(bound)
    assert [variable.value for variable in answer.variables] == ["s", "y"]
    assert [tuple(row)[1] for row in answer] == [term]


def today():
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def test_a_date_called_today_is_that_of_the_day_of_asking():
    assert parameter("date").term("today") == ox.Literal(today(), datatype=ox.NamedNode(XSD + "date"))


def test_a_query_whose_date_is_today_by_default_is_asked_as_at_today(tmp_path):
    params = "#+ params: {asAt: {type: date, default: today, help: The day.}}\n"
    text = "SELECT ?thing { ?thing <http://p> ?day . FILTER (?day <= $asAt) }"
    (tmp_path / "x.rq").write_text(HEADER + params + text, encoding="utf-8")
    query = catalogue.read(tmp_path / "x.rq")
    assert f'"{today()}"' in query.bound({})
    assert '"2015-03-01"' in query.bound({"asAt": "2015-03-01"})
