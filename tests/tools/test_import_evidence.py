"""The importer keeps what evidence says, and the curated data holds all of it."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import evidence_facts, evidence_follow_up, evidence_instruments, evidence_law, evidence_sources
from tools.atlas_yaml import dump_file, load, load_records
from tools.condition_types import type_condition
from tools.import_evidence import main
from tools.legal_references import Act, Reference, cite, order_of, parse

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
EVIDENCE = ROOT.parent / "shared" / "evidence"
FILES = ("instruments.yaml", "parties/DNK.yaml", "followup-DNK.yaml", "case-umbrella.yaml")

needs_evidence = pytest.mark.skipif(
    not EVIDENCE.is_dir(), reason="the collected evidence is not beside the repository (../shared/evidence)"
)


SCHEMA = load(ROOT / "ontology" / "schema.json")
CONDITION_KINDS = SCHEMA["$defs"]["Condition"]["properties"]["conditionKind"]["enum"]


def ids(text, state="DNK", session=None):
    return [reference.id for reference in parse(text, state, session)]


# --- provisions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Criminal Code (Straffeloven) §§ 226, 227(1), 235(1)",
            ["straffeloven/226", "straffeloven/227/1", "straffeloven/235/1"],
        ),
        (
            "Criminal Code (Straffeloven) § 9(1), (2) and (4)",
            ["straffeloven/9/1", "straffeloven/9/2", "straffeloven/9/4"],
        ),
        ("Criminal Code (Straffeloven) § 7 a(1)-(2)", ["straffeloven/7-a/1", "straffeloven/7-a/2"]),
        ("Criminal Code (Straffeloven) § 7(1)(1)-(2)", ["straffeloven/7/1/1", "straffeloven/7/1/2"]),
        ("Criminal Code (Straffeloven) § 7(1)(2)(b)", ["straffeloven/7/1/2/b"]),
        ("Criminal Code §§ 232, 264 d", ["straffeloven/232", "straffeloven/264-d"]),
        (
            "Criminal Code (Straffeloven) chs. 24 and 27",
            ["straffeloven/chapter-24", "straffeloven/chapter-27"],
        ),
        ("Extradition Act (Udleveringsloven) §§ 18-19", ["udleveringsloven/18", "udleveringsloven/19"]),
        ("Administration of Justice Act (Retsplejeloven) §§ 754 a ff.", ["retsplejeloven/754-a"]),
        ("Criminal Code (Straffeloven), extortion and unlawful coercion", ["straffeloven"]),
        ("L 97 (2023-24)", ["l-97-2023-24"]),
        (
            "L 50 (2022-23) § 1(8)-(9), amending Criminal Code (Straffeloven) §§ 226, 227(1)",
            ["l-50-2022-23/1/8", "l-50-2022-23/1/9", "straffeloven/226", "straffeloven/227/1"],
        ),
        (
            "L 115 (2017-18), Criminal Code §§ 232(2), 264 d(2)",
            ["l-115-2017-18", "straffeloven/232/2", "straffeloven/264-d/2"],
        ),
        (
            "L 184 A (2021-22), Damages Act (Erstatningsansvarsloven) § 26",
            ["l-184-a-2021-22", "erstatningsansvarsloven/26"],
        ),
        (
            "Act on the general upper-secondary programmes § 29(7) (L 101, 2022-23)",
            ["lov-om-de-gymnasiale-uddannelser/29/7", "l-101-2022-23"],
        ),
    ],
)
def test_a_danish_citation_gives_the_addresses_of_its_provisions(text, expected):
    assert ids(text) == [f"DNK/{one}" for one in expected]


@pytest.mark.parametrize(
    ("state", "text", "expected"),
    [
        ("DNK", "CETS 201 art. 20(3)", ["cets-201/art-20/3"]),
        ("DNK", "Budapest Convention art. 9(4)", ["ets-185/art-9/4"]),
        ("DNK", "Regulation (EU) 2022/2065 (Digital Services Act) art. 18", ["eu-2022-2065/art-18"]),
        ("USA", "18 U.S.C. § 2258A(a), (e)", ["us-18-usc/2258A/a", "us-18-usc/2258A/e"]),
        ("SWE", "Criminal Code (Brottsbalken) ch. 2 s. 3(2)(c), s. 5", ["2/3/2/c", "2/5"]),
        ("SWE", "Criminal Code (Brottsbalken) ch. 16 s. 10 a", ["16/10-a"]),
        ("NOR", "Penal Code (Straffeloven) § 5, first, sixth and seventh paragraphs", ["5/1", "5/6", "5/7"]),
        ("NOR", "Penal Code (Straffeloven) § 5, second paragraph (a)", ["5/2/a"]),
        ("POL", "Penal Code art. 202 §§ 3 and 4", ["202/3", "202/4"]),
        ("AUT", "Criminal Code (StGB) s. 64(1) nos 4a, 4b (as of 2014)", ["64/1/4a", "64/1/4b"]),
        ("CHE", "Criminal Code (StGB) Art. 7(1)(c), (2)", ["7/1/c", "7/2"]),
        ("FRA", "Criminal Code arts 113-8 and 113-8-1", ["113-8", "113-8-1"]),
        ("ITA", "Criminal Code art. 600-ter, last paragraph", ["600-ter"]),
        ("ROU", "Criminal Code art. 374(1)-(3^1)", ["374/1", "374/3-1"]),
        ("GBR", "Sexual Offences (Scotland) Act 2009 s.55", ["55"]),
        ("LVA", "Law on the Restriction of Pornography s. 1(1) and (1¹)", ["1/1", "1/1-1"]),
    ],
)
def test_citations_of_other_states_and_treaties_are_read(state, text, expected):
    found = ids(text, state)
    assert [one if "/" not in one or one in expected else one.split("/", 2)[2] for one in found] == expected


def test_a_bill_cited_by_number_alone_takes_the_session_of_its_source():
    assert ids("L 184 § 1(1), (3)", session="2024-25") == ["DNK/l-184-2024-25/1/1", "DNK/l-184-2024-25/1/3"]


def test_a_section_amended_in_an_act_that_is_not_named_is_left_out():
    assert ids("L 104 (2019-20) § 1(4), amending § 754 b(2)") == ["DNK/l-104-2019-20/1/4"]


def test_an_act_keeps_its_own_name_and_an_english_gloss():
    act = parse("Damages Act (Erstatningsansvarsloven) § 26", "DNK")[0].act
    assert (act.title, act.native) == ("Damages Act", "Erstatningsansvarsloven")


SECTION = st.integers(1, 999).map(str)
LETTERED = st.tuples(SECTION, st.sampled_from("abcdef")).map("-".join)
PATHS = st.tuples(
    st.one_of(SECTION, LETTERED),
    st.lists(st.one_of(st.integers(1, 20).map(str), st.sampled_from("abcd")), max_size=3),
).map(lambda parts: (parts[0], *parts[1]))
CODE = Act("DNK/straffeloven", "Criminal Code", native="Straffeloven", short="Criminal Code")


@given(PATHS)
def test_what_is_cited_is_read_back_as_the_same_provision(path):
    reference = Reference(CODE, path)
    assert parse(cite(reference), "DNK") == (reference,)


@given(st.lists(PATHS, min_size=1, max_size=4, unique=True))
def test_a_list_of_sections_is_read_in_full(paths):
    listed = ", ".join(cite(Reference(CODE, path)).removeprefix("Criminal Code § ") for path in paths)
    assert ids(f"Criminal Code (Straffeloven) §§ {listed}") == [Reference(CODE, path).id for path in paths]


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text):
    assert isinstance(parse(text, "DNK"), tuple)


@given(st.integers(1, 400), st.sampled_from("abcde"))
def test_a_lettered_section_stands_between_its_number_and_the_next(number, letter):
    plain, lettered = order_of(str(number), lettered=True), order_of(f"{number}-{letter}", lettered=True)
    assert plain < lettered < order_of(str(number + 1), lettered=True)


# --- conditions


@pytest.mark.parametrize(
    ("phrase", "kind", "threshold"),
    [
        ("also punishable where committed", "dual-criminality", None),
        ("the act is an offence under the law of the place", "dual-criminality", None),
        (
            "double criminality where the offence is punished with five years or less",
            "dual-criminality",
            None,
        ),
        ("punishable under Danish law by imprisonment of at least six years", "minimum-penalty", 6),
        ("more than six months' imprisonment possible", "minimum-penalty", 0.5),
        ("complaint by the injured person", "complaint", None),
        (
            "prosecution order by the Prosecutor-General unless s. 7 exempts the case",
            "prosecutor-consent",
            None,
        ),
        ("public interest calls for prosecution", "prosecutor-consent", None),
        ("present in Denmark", "presence", None),
        ("the suspect is found in Portugal", "presence", None),
        ("resident or similarly settled in Denmark at the time of the charge", "residence", None),
        ("national or resident of another Nordic country", "nationality", None),
        ("a listed offence, among them sexual offences and incest", "listed-offence", None),
        ("person shown is at least 15", "victim-age", None),
        ("aged 15 to 17", "offender-age", None),
        ("that person consents to the possession", "consent-of-person-shown", None),
        ("not shared outside the couple", "private-use", None),
        ("realistic images only", "other", None),
        ("no national curriculum", "other", None),
    ],
)
def test_a_phrase_gets_its_type_and_its_threshold(phrase, kind, threshold):
    condition = type_condition(phrase)
    assert (condition.kind, condition.threshold) == (kind, threshold)


@given(st.text(min_size=1, max_size=120))
def test_every_phrase_gets_a_type_of_the_vocabulary(phrase):
    assert type_condition(phrase).kind in CONDITION_KINDS


@given(st.integers(1, 30))
def test_a_term_of_years_is_the_threshold(years):
    assert type_condition(f"punishable by at least {years} years' imprisonment").threshold == years


# --- facts


FACT = {
    "criterion": "law.grooming",
    "value": "yes",
    "provision": None,
    "summary": "A rule.",
    "source": "page",
    "locator": None,
    "confidence": "high",
}
PAGE = {
    "id": "page",
    "title": "A page",
    "publisher": "Someone",
    "url": "https://example.org/a",
    "as_of": None,
    "kind": "secondary",
    "read": "full",
}


def test_a_bill_is_proposed_or_enacted_but_never_in_force():
    proposed = {**FACT, "provision": "L 184 § 1(1)", "summary": "The bill proposed a rule."}
    enacted = {**FACT, "provision": "L 50 (2022-23)", "summary": "The bill is recorded as enacted."}
    stages = [evidence_facts.legal_stage(one, PAGE) for one in (FACT, proposed, enacted)]
    assert stages == ["in-force", "proposed", "enacted"]


def test_an_undated_secondary_source_alone_is_at_most_medium():
    dated = {**PAGE, "as_of": "2020-01-01"}
    other = {**FACT, "source": "another"}
    assert evidence_facts.confidence(FACT, PAGE, [FACT]) == "medium"
    assert evidence_facts.confidence(FACT, dated, [FACT]) == "high"
    assert evidence_facts.confidence(FACT, PAGE, [FACT, other]) == "high"


def test_a_second_fact_from_the_same_source_gets_a_number():
    evidence = {"party": "DNK", "sources": [PAGE], "facts": [FACT, {**FACT, "summary": "Another."}]}
    found = [record["id"] for record in evidence_facts.assessments(evidence)]
    assert found == ["DNK/law.grooming/page", "DNK/law.grooming/page-2"]


def test_sources_that_differ_on_a_date_stay_apart():
    rows = [
        {
            "party": "DNK",
            "signed": None,
            "ratified": "2009-11-18",
            "in_force": "2010-07-01",
            "source_url": "https://a",
        },
        {
            "party": "DNK",
            "signed": None,
            "ratified": None,
            "in_force": "2010-07-01",
            "source_url": "https://b",
        },
        {
            "party": "DNK",
            "signed": None,
            "ratified": "2009-11-19",
            "in_force": None,
            "source_url": "https://c",
        },
    ]
    found = evidence_facts.participations({"party": "DNK", "sources": [], "facts": []}, rows)
    assert [(one["id"], len(one["citation"])) for one in found] == [
        ("cets-201/DNK", 2),
        ("cets-201/DNK-2", 1),
    ]


def test_a_source_on_a_sharing_site_is_named_and_secondary():
    shared = {**PAGE, "kind": "official", "url": "https://www.yumpu.com/de/document/1"}
    record = evidence_sources.source_record(shared, "2026-11-21")
    assert record["evidenceGrade"] == "secondary"
    assert "yumpu.com" in record["note"]


def test_two_documents_under_one_id_are_reported():
    files = [{"sources": [PAGE]}, {"sources": [{**PAGE, "url": "https://example.org/b"}]}]
    assert len(evidence_sources.clashes(files, {"page": PAGE["url"]})) == 1


def test_one_entry_under_two_numbers_of_a_text_is_one_measure():
    entry = {
        "kind": "policy",
        "on": None,
        "provision": None,
        "summary": "S.",
        "source": "page",
        "locator": None,
    }
    entries = [{**entry, "recommendation": number} for number in ("III-16", "III-18", "III-17")]
    assert [numbers for _, numbers in evidence_follow_up.merged(entries)] == [["III-16", "III-17"]]


def test_a_letter_brings_the_provisions_that_hold_it():
    evidence = {
        "party": "DNK",
        "sources": [PAGE],
        "facts": [{**FACT, "provision": "Criminal Code § 7(1)(2)(b)"}],
    }
    found = {record["id"]: record for record in evidence_law.law_records([evidence], "DNK")}
    assert found["DNK/straffeloven/7/1/2/b"]["is_part_of"] == "DNK/straffeloven/7/1/2"
    assert found["DNK/straffeloven/7"]["provisionKind"] == "section"


@pytest.mark.parametrize(
    ("identifier", "instrument", "expected"),
    [
        ("cets-201/art-25/1/d", "cets-201", "Article 25(1)(d)"),
        ("cets-201/art-20/3/2", "cets-201", "Article 20(3), second indent"),
        ("us-18-usc/2258A/a/1", "us-18-usc", "18 U.S.C. § 2258A(a)(1)"),
        ("cets-201-er/para-129", "cets-201-er", "Explanatory Report, paragraph 129"),
        ("t-es/2022-02/chapter-iv-jurisdiction-rules", "t-es/2022-02", "T-ES(2022)02, Chapter IV"),
    ],
)
def test_a_provision_is_cited_as_lawyers_cite_it(identifier, instrument, expected):
    assert evidence_instruments.cited_as(identifier, instrument) == expected


# --- files


def test_a_written_file_reads_back_as_it_was(tmp_path):
    records = [
        {
            "type": "Measure",
            "id": "DNK/a",
            "title": "yes",
            "summary": "word " * 60 + "end",
            "occurredOn": "2018-01",
            "validFrom": "2018-01-15",
            "citation": {"source": "page", "paragraph": [43, 44]},
        }
    ]
    path = tmp_path / "a.yaml"
    path.write_text(dump_file("A file.", records), encoding="utf-8")
    assert load_records(path) == records
    assert "citation: {source: page, paragraph: [43, 44]}" in path.read_text(encoding="utf-8")


def test_a_curated_file_is_left_alone_unless_forced(tmp_path, capsys):
    evidence = tmp_path / "DNK.yaml"
    evidence.write_text(
        "party: DNK\nname: Denmark\ncollected: 2026-11-21\n"
        "sources: [{id: page, title: T, publisher: P, url: 'https://a.org', kind: official, read: full}]\n"
        "facts: [{criterion: law.grooming, value: 'yes', summary: S., source: page, confidence: high}]\n",
        encoding="utf-8",
    )
    out = tmp_path / "data"
    assert main([str(evidence), "--out", str(out)]) == 0
    curated = out / "assessments" / "DNK-law.yaml"
    curated.write_text("# curated by hand\nrecords: []\n", encoding="utf-8")
    assert main([str(evidence), "--out", str(out)]) == 0
    assert "curated by hand" in curated.read_text(encoding="utf-8")
    assert "left as it is" in capsys.readouterr().out
    assert main([str(evidence), "--out", str(out), "--force"]) == 0
    assert "curated by hand" not in curated.read_text(encoding="utf-8")


# --- the curated data holds the evidence


@pytest.fixture(scope="module")
def records():
    return [record for path in sorted(DATA.rglob("*.yaml")) for record in load_records(path)]


def cited_sources(record):
    given = record.get("citation") or []
    return {one["source"] for one in (given if isinstance(given, list) else [given])}


def as_list(value):
    return value if isinstance(value, list) else [value]


@needs_evidence
def test_every_fact_on_denmark_is_in_the_data(records):
    held = Counter(
        (record["criterion"], source)
        for record in records
        if record["type"] == "Assessment" and record["state"] == "DNK"
        for source in cited_sources(record)
    )
    kinds = {"treaty.status": "Participation", "treaty.reservation": "Reservation"}
    for criterion, kind in kinds.items():
        of_kind = [record for record in records if record["type"] == kind and record["state"] == "DNK"]
        held.update((criterion, source) for record in of_kind for source in cited_sources(record))
    facts = load(EVIDENCE / "parties" / "DNK.yaml")["facts"]
    wanted = Counter((fact["criterion"], evidence_sources.source_id(fact["source"])) for fact in facts)
    assert not wanted - held


JUDGED_AGAIN = {("IV-1", "already-in-law", "krim-bet-1488"), ("IV-9", "already-in-law", "krim-bet-1488")}
"""A committee's report and proposal of 2007, which the evidence counts as law: the data say `policy`."""
NO_ANSWER = {
    ("II-6", "already-in-law", "bet-1534-kap23"),
    ("II-9", "already-in-law", "bornsvilkar-lov"),
    ("II-10", "enacted-since", "ft-l97-2024"),
    ("IV-9", "already-in-law", "straffeloven-7a"),
}
"""Entries on the very rule that the recommendation asks to change, or on Greenland: no answers."""


@needs_evidence
def test_every_follow_up_entry_is_in_the_data(records):
    entries = load(EVIDENCE / "followup-DNK.yaml")["entries"]
    held = Counter(
        (number, record["followUpKind"], source)
        for record in records
        if record["type"] == "Measure" and record.get("followUpKind")
        for number in as_list(record.get("answers", []))
        for source in cited_sources(record)
    )
    found = [entry for entry in entries if entry["kind"] != "no-evidence-found"]
    wanted = Counter(
        (number, entry["kind"], evidence_sources.source_id(entry["source"]))
        for entry, numbers in evidence_follow_up.merged(found)
        for number in numbers
    )
    missing = wanted - held
    assert set(missing) == JUDGED_AGAIN | NO_ANSWER
    assert all((number, "policy", source) in held for number, _, source in JUDGED_AGAIN)


@needs_evidence
def test_every_search_that_found_nothing_is_in_the_data(records):
    entries = load(EVIDENCE / "followup-DNK.yaml")["entries"]
    wanted = {
        evidence_follow_up.record_number(entry["recommendation"])
        for entry in entries
        if entry["kind"] == "no-evidence-found"
    }
    searches = [record for record in records if record["type"] == "EvidenceSearch"]
    assert wanted <= {number for record in searches for number in as_list(record["searchedFor"])}


@needs_evidence
@pytest.mark.parametrize("name", FILES)
def test_every_source_of_the_evidence_is_defined_once(records, name):
    evidence = load(EVIDENCE / name)
    defined = Counter(record["id"] for record in records if record["type"] == "Source")
    case = evidence.get("case", "")
    names = {
        evidence_sources.RENAMED.get((case, source["id"]), evidence_sources.source_id(source["id"]))
        for source in evidence["sources"]
    }
    assert {one: defined[one] for one in names if defined[one] != 1} == {}


@needs_evidence
def test_every_instrument_entry_is_in_the_data(records):
    held = {record["id"] for record in records if record["type"] in {"Instrument", "Provision"}}
    entries = load(EVIDENCE / "instruments.yaml")["entries"]
    wanted = {entry["id"] for entry in entries if not evidence_instruments.VOCABULARY.match(entry["id"])}
    assert wanted <= held


def test_the_convention_has_its_thirteen_chapters_and_fifty_articles(records):
    kinds = Counter(
        record["provisionKind"]
        for record in records
        if record["type"] == "Provision" and record["instrument"] == "cets-201"
    )
    assert (kinds["chapter"], kinds["article"]) == (13, 50)


def test_whatever_a_record_cites_is_defined(records):
    sources = {record["id"] for record in records if record["type"] == "Source"}
    assert {one for record in records for one in cited_sources(record)} <= sources


def test_every_danish_provision_has_its_parent_and_its_act(records):
    held = {record["id"] for record in records if record["type"] == "Provision"}
    acts = {record["id"] for record in records if record["type"] == "Instrument"}
    danish = [
        record for record in records if record["type"] == "Provision" and record["id"].startswith("DNK/")
    ]
    assert {record["instrument"] for record in danish} <= acts
    assert {record["is_part_of"] for record in danish if "is_part_of" in record} <= held


def test_a_provision_read_in_a_bill_alone_is_not_in_force(records):
    bills = {record["id"] for record in records if record.get("instrumentKind") == "bill"}
    clauses = [
        record for record in records if record["type"] == "Provision" and record["instrument"] in bills
    ]
    assert "in-force" not in {record["legalStage"] for record in clauses}
