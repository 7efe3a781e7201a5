"""Review: what a reader accepts becomes a record of their own; none that stands is overwritten."""

import datetime as dt
import json

import pytest

from lanzarote_atlas.compile import build
from lanzarote_atlas.errors import FaultsFoundError, ReviewError
from lanzarote_atlas.ingest import documents, drafts, reading
from lanzarote_atlas.ingest.atlas import Atlas
from lanzarote_atlas.ingest.proposals import Proposal
from lanzarote_atlas.ingest.review import Action, Review
from lanzarote_atlas.ingest.standing import Standing
from lanzarote_atlas.records import files
from tests.ingest.conftest import DOCUMENTS

WHEN = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
BASIS = [Proposal("basis", "cets-201/art-25", "chosen"), Proposal("basisKind", "by-subject", "chosen")]


@pytest.fixture
def review(project):
    return Review(project.local, Atlas.read(project.data, project.local), now=lambda: WHEN)


@pytest.fixture
def made(review):
    document = reading.read(DOCUMENTS / "ruritania-factsheet.txt")
    return documents.drafts_of(document, review.atlas.words("RUR"), review.atlas)


def of(made, identifier):
    return next(draft for draft in made.drafts if draft.id == identifier)


def local_files(project):
    return sorted(
        path.relative_to(project.local).as_posix() for path in project.local.rglob("*") if path.is_file()
    )


# --- accepting


def test_an_accepted_draft_is_a_record_with_its_words_and_who_and_when(review, made, project):
    decision = review.accept(of(made, "II-43"), made, by=" A  Reader ", links=BASIS)
    assert (decision.action, decision.by, decision.at) == (
        Action.ACCEPTED,
        "A Reader",
        "2026-11-22T09:30:00+00:00",
    )
    (record,) = files.read_local(project.local / "Recommendation").records
    assert record.body["reviewedBy"] == "A Reader"
    assert record.body["reviewedOn"] == "2026-11-22"
    assert record.body["quotation"].startswith("to publish the comparison:")
    assert [part["quotation"] for part in record.body["part"]] == ["in print,", "on paper that lasts;"]
    assert record.body["basis"] == ["cets-201/art-25"]
    assert {"status", "confidenceOf", "proposed"} & set(record.body) == set()


def test_its_source_comes_with_the_first_record_and_once(review, made, project):
    review.accept(of(made, "II-43"), made, by="reader", links=BASIS)
    review.accept(of(made, "RUR/v-practice-1"), made, by="reader")
    assert [name for name in local_files(project) if name.startswith("Source/")] == [
        "Source/factsheet-RUR-2024-03-12.yaml"
    ]


def test_the_next_build_joins_what_was_accepted(review, made, project):
    before = project.build()
    review.accept(of(made, "II-43"), made, by="reader", links=BASIS)
    after = project.build()
    assert after.fresh
    assert after.build.manifest.build_id != before.build.manifest.build_id
    said = after.build.trig.read_text(encoding="utf-8")
    assert 'lz:quotation "to publish the comparison:' in said
    assert r"graph:local\/Recommendation\/II-43" in said
    assert 'lz:reviewedBy "reader"' in said
    assert not project.build().fresh


def test_a_build_without_local_data_is_that_of_the_project_alone(project):
    alone = build.build(project.data, project.root / "one")
    joined = build.build(project.data, project.root / "two", local=project.root / "none")
    assert alone.build.manifest.build_id == joined.build.manifest.build_id
    assert alone.build.manifest.fingerprint == joined.build.manifest.fingerprint


def test_a_fault_in_local_data_names_its_whole_path_and_stops_the_build(project):
    project.local.mkdir()
    (project.local / "own.yaml").write_text("type: State\nid: XYZ\niso3: xyz\n", encoding="utf-8")
    with pytest.raises(FaultsFoundError) as caught:
        project.build()
    assert {fault.file for fault in caught.value.faults} == {(project.local / "own.yaml").as_posix()}


# --- what is refused, writing nothing


def test_links_are_the_readers_word_and_what_lacks_one_is_told(review, made, project):
    with pytest.raises(ReviewError, match=r"no 'basis'"):
        review.accept(of(made, "II-43"), made, by="reader")
    assert local_files(project) == []


def test_a_link_to_nothing_is_refused(review, made, project):
    link = Proposal("basis", "cets-201/art-99", "chosen")
    with pytest.raises(ReviewError, match="unknown provision 'cets-201/art-99'"):
        review.accept(of(made, "II-43"), made, by="reader", links=[*BASIS, link])
    assert local_files(project) == []


def test_a_link_to_a_draft_waits_until_that_is_accepted(review, made, project):
    observation = next(draft for draft in made.drafts if draft.type == "Observation")
    link = Proposal("recommendation", "II-43", "chosen")
    with pytest.raises(ReviewError, match="II-43 is a draft still: accept it first"):
        review.accept(observation, made, by="reader", links=[link])
    assert local_files(project) == []
    review.accept(of(made, "II-43"), made, by="reader", links=BASIS)
    review.accept(observation, made, by="reader", links=[link])
    project.build()


@pytest.mark.parametrize("by", ["", "  \n"])
def test_nobody_can_accept_or_reject(review, made, project, by):
    with pytest.raises(ReviewError, match="who reviews"):
        review.accept(of(made, "II-43"), made, by=by, links=BASIS)
    with pytest.raises(ReviewError, match="who reviews"):
        review.reject(of(made, "II-43"), by=by)
    assert local_files(project) == []


def test_what_was_accepted_is_not_accepted_again(review, made, project):
    review.accept(of(made, "II-43"), made, by="reader", links=BASIS)
    with pytest.raises(ReviewError, match="holds it already: II-43"):
        review.accept(of(made, "II-43"), made, by="another", links=BASIS)


def test_a_file_that_stands_is_never_overwritten(review, made, project):
    """Two readers at once: the atlas of the second does not know yet what the first accepted."""
    other = Review(project.local, Atlas.read(project.data, project.local), now=lambda: WHEN)
    review.accept(of(made, "II-43"), made, by="first", links=BASIS)
    before = (project.local / "Recommendation/II-43.yaml").read_bytes()
    with pytest.raises(ReviewError, match="not overwritten"):
        other.accept(of(made, "II-43"), made, by="second", links=BASIS)
    assert (project.local / "Recommendation/II-43.yaml").read_bytes() == before


def test_a_record_that_differs_is_shown_as_a_difference_and_left_as_it_is(review, made, project):
    draft = drafts.corrected(
        of(made, "II-46"), {"number": "IV-3", "id": "IV-3", "obligationLevel": "require"}
    )
    found = review.compare(draft)
    assert found.standing is Standing.DIFFERS
    assert [(one.key, one.standing, one.drafted) for one in found.differences] == [
        ("obligationLevel", "invite", "require"),
        ("theme", "iv-jurisdiction-rules", "ii-legal-frameworks"),
    ]
    with pytest.raises(
        ReviewError, match=r"data/recommendations\.yaml:.*obligationLevel is 'invite', drafted 'require'"
    ):
        review.accept(draft, made, by="reader", links=BASIS)
    assert local_files(project) == []


def test_a_folder_that_cannot_be_written_is_told(made, review, project):
    project.local.write_text("a file where the folder should be")
    with pytest.raises(ReviewError, match="cannot be written"):
        review.accept(of(made, "II-43"), made, by="reader", links=BASIS)


# --- comparing


def test_a_draft_that_nothing_speaks_of_is_new(review, made):
    assert review.compare(of(made, "II-43")).standing is Standing.NEW


def test_all_drafts_of_the_real_factsheet_are_known_to_the_atlas(curated, factsheet):
    """A second reading of a document that was curated finds its records and no difference in what is sure."""
    document = reading.read_bytes(factsheet.encode(), "a.txt")
    made = documents.drafts_of(document, curated.words("DNK"), curated)
    review = Review(DOCUMENTS / "none", curated)
    found = {draft.key: review.compare(draft) for draft in made.drafts if draft.type != "Observation"}
    assert {one.standing for one in found.values()} == {Standing.SAME}


def test_what_another_state_is_asked_under_the_same_number_is_a_record_of_its_own(project):
    """IV-1 is addressed to Denmark; asked of Ruritania, it is kept beside it and overwrites nothing."""
    text = (DOCUMENTS / "ruritania-factsheet.txt").read_text(encoding="utf-8").replace("II-41", "IV-1")
    atlas = Atlas.read(project.data)
    made = documents.drafts_of(reading.read_bytes(text.encode(), "a.txt"), atlas.words("RUR"), atlas)
    draft = of(made, "RUR/IV-1")
    review = Review(project.local, atlas, now=lambda: WHEN)
    assert review.compare(draft).standing is Standing.NEW
    assert {(one.key, one.value) for one in draft.proposed} >= {
        ("basis", "cets-201/art-25"),
        ("basisKind", "stated"),
    }
    links = [one for one in draft.proposed if one.because.startswith("so linked")]
    review.accept(draft, made, by="reader", links=links)
    project.build()


# --- correcting and rejecting


def test_a_correction_is_the_readers_and_is_told(review, made, project):
    draft = drafts.corrected(
        of(made, "II-43"), {"obligationLevel": "request", "summary": "Print the comparison."}
    )
    assert draft.key == of(made, "II-43").key
    assert draft.confidence["obligationLevel"] == "high"
    decision = review.accept(draft, made, by="reader", links=BASIS)
    assert decision.action is Action.CORRECTED
    (record,) = files.read_local(project.local / "Recommendation").records
    assert (record.body["obligationLevel"], record.body["summary"]) == ("request", "Print the comparison.")


def test_a_key_can_be_taken_away_but_not_the_type_or_the_id(made):
    draft = of(made, "II-43")
    assert "part" not in drafts.corrected(draft, {"part": None}).record
    for changes in ({"type": "Observation"}, {"id": ""}, {"id": None}):
        with pytest.raises(ReviewError):
            drafts.corrected(draft, changes)


def test_a_correction_against_the_schema_is_refused(review, made, project):
    draft = drafts.corrected(of(made, "II-43"), {"obligationLevel": "urge"})
    with pytest.raises(ReviewError, match="obligationLevel: unknown value 'urge'"):
        review.accept(draft, made, by="reader", links=BASIS)
    assert local_files(project) == []


def test_a_rejection_is_noted_and_writes_no_record(review, made, project):
    review.reject(of(made, "II-43"), by="reader", reason="not a recommendation")
    assert local_files(project) == ["reviews.jsonl"]
    decision = review.decided(of(made, "II-43"))
    assert (decision.action, decision.reason) == (Action.REJECTED, "not a recommendation")
    review.accept(of(made, "II-43"), made, by="reader", links=BASIS)
    with pytest.raises(ReviewError, match="retire the record"):
        review.reject(of(made, "II-43"), by="reader")


def test_decisions_are_found_again_when_the_document_is_read_again(review, made, project):
    review.accept(of(made, "II-43"), made, by="reader", links=BASIS)
    fresh = Review(project.local, Atlas.read(project.data, project.local))
    again = documents.drafts_of(made.document, fresh.atlas.words("RUR"), fresh.atlas)
    decided = [draft.id for draft in again.drafts if fresh.decided(draft)]
    assert decided == ["II-43"]
    assert [decision.file for decision in fresh.decisions()] == ["Recommendation/II-43.yaml"]


def test_a_journal_that_cannot_be_read_is_told_and_not_replaced(review, made, project):
    project.local.mkdir()
    (project.local / "reviews.jsonl").write_text("{broken", encoding="utf-8")
    with pytest.raises(ReviewError, match="cannot be read"):
        review.decisions()
    assert (project.local / "reviews.jsonl").read_text(encoding="utf-8") == "{broken"


def test_the_journal_is_json_a_line(review, made, project):
    review.reject(of(made, "II-43"), by="reader")
    review.reject(of(made, "II-42"), by="reader")
    lines = (project.local / "reviews.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["II-43", "II-42"]


# --- proposals


def test_proposals_say_why_and_are_not_made(curated, factsheet):
    document = reading.read_bytes(factsheet.encode(), "a.txt")
    made = documents.drafts_of(document, curated.words("DNK"), curated)
    for draft in made.drafts:
        assert not {"basis", "asksFor", "criterion", "provision", "recommendation"} & set(draft.record)
        assert all(one.because for one in draft.proposed)
    observation = next(one for one in made.drafts if one.id == "DNK/ii-footnote-3")
    assert ("recommendation", "II-3") in {(one.key, one.value) for one in observation.proposed}
    assert "law.csam-definition" in {one.value for one in observation.proposed}
    finding = next(one for one in made.drafts if one.id == "all-parties/DNK/i-observation-2")
    assert ("theme", "iv-jurisdiction-rules") in {(one.key, one.value) for one in finding.proposed}
    articles = {one.value for draft in made.drafts for one in draft.proposed if one.key == "provision"}
    assert {"cets-201/art-20/3", "cets-201/art-25/4"} <= articles
