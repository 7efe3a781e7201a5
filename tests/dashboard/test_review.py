"""The review page: from a document to records of the reader's own, and nothing without the reader's word."""

from __future__ import annotations

import json
import tomllib

import pytest

from lanzarote_atlas import resources, settings
from lanzarote_atlas.dashboard import desk, rebuilding, reviewers
from lanzarote_atlas.dashboard.rebuilding import Rebuilding
from lanzarote_atlas.dashboard.reviewers import Reviewer, Visit
from lanzarote_atlas.ingest.atlas import Atlas
from lanzarote_atlas.records import files
from tests.dashboard.conftest import open_page, with_a_late_word
from tests.ingest.conftest import DOCUMENTS, RURITANIA

DOCUMENT = DOCUMENTS / "ruritania-factsheet.txt"
HERE = Visit("127.0.0.1", "127.0.0.1", {"host": "127.0.0.1:1", "origin": "http://127.0.0.1:1"})


@pytest.fixture
def local(tmp_path, monkeypatch, built, use_store):
    """The reader's own data folder, in which a State is invented; the reader sits at this machine."""
    folder = tmp_path / "local"
    (folder / "State").mkdir(parents=True)
    (folder / "State" / "RUR.yaml").write_text(RURITANIA, encoding="utf-8")
    monkeypatch.setenv("LANZAROTE_DATA", str(folder))
    monkeypatch.setattr(reviewers, "_visit", lambda: HERE)
    use_store(built.folder.parent)
    return folder


def written(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "RUR.yaml"
    )


def box(app, label):
    return next(one for one in app.selectbox if one.label.startswith(label))


def text(app, label):
    return next(one for one in (*app.text_input, *app.text_area) if one.label.startswith(label))


def press(app, label):
    next(one for one in app.button if one.label == label).click()
    return app.run()


def said(app):
    """Return everything that the page says in words."""
    every = (
        app.title,
        app.header,
        app.subheader,
        app.markdown,
        app.success,
        app.info,
        app.warning,
        app.error,
    )
    drawn = [one.value for kind in every for one in kind]
    return "\n".join([*drawn, *(one.proto.body for one in app.get("html"))])


def unescaped(app):
    """Return the same as a reader sees its punctuation."""
    return said(app).replace("\\", "")


def hand_in(content=None, state="RUR", name="ruritania.txt"):
    app = open_page("review")
    app.file_uploader[0].set_value((name, content or DOCUMENT.read_bytes(), "text/plain"))
    box(app, "State that it is about").set_value(state)
    return press(app, "Read the document")


def at(app, identifier):
    """Go to the draft of an id."""
    chooser = box(app, "Draft ")
    chooser.select_index(next(n for n, line in enumerate(chooser.options) if f" {identifier}:" in line))
    return app.run()


def named(app, name="reader@example.org"):
    text(app, "Your name").set_value(name)
    return app.run()


def linked(app):
    """Choose the links that a recommendation needs."""
    next(one for one in app.multiselect if one.label == "Other provisions on which it rests").set_value(
        ["cets-201/art-25"]
    )
    box(app, "Kind of basis").set_value("by-subject")
    return app.run()


# --- a document handed in


def test_the_page_begins_with_a_document_and_says_what_it_is_for(local):
    app = open_page("review")
    assert not app.exception
    assert "Hand in a document" in said(app)
    assert "Nothing was decided yet." in said(app)
    assert "Ruritania" in box(app, "State that it is about").options
    assert written(local) == []


def test_what_is_missing_is_asked_for(local):
    app = press(open_page("review"), "Read the document")
    assert "Choose a document and the State that it is about first." in said(app)


@pytest.mark.parametrize(
    ("content", "state", "why"),
    [
        (b"%PDF-1.7 damaged", "RUR", "not taken in"),
        (b"PK\x03\x04 no archive", "RUR", "not taken in"),
        (b"\x00\x01\x02", "RUR", "binary file"),
        (b"A letter about something else altogether, to nobody.", "RUR", "neither a factsheet"),
        (None, "SWE", "does not speak of Sweden"),
    ],
)
def test_a_document_that_cannot_be_taken_in_gets_one_clear_error_and_nothing_is_written(
    local, content, state, why
):
    app = hand_in(content, state)
    assert not app.exception
    (error,) = app.error
    assert "This document was not taken in." in error.value
    assert why in error.value
    assert "Nothing was written." in error.value
    assert written(local) == []
    assert app.file_uploader


def test_a_document_beyond_the_limit_is_refused(local, monkeypatch):
    monkeypatch.setenv("LANZAROTE_DOCUMENT_MEGABYTES", "0.001")
    settings.current.cache_clear()
    assert "LANZAROTE\\_DOCUMENT\\_MEGABYTES" in said(hand_in())


def test_a_document_is_unpacked_once_however_often_the_page_is_drawn(local, monkeypatch):
    real, read = desk.reading.read_bytes, []
    monkeypatch.setattr(desk.reading, "read_bytes", lambda *given: read.append(1) or real(*given))
    app = hand_in(DOCUMENT.read_bytes() + b"\n")
    named(app)
    press(app, "Next")
    assert read == [1]


def test_every_line_and_its_fate_is_counted_and_lines_of_the_draft_are_marked(local):
    app = at(hand_in(), "II-43")
    shown = said(app)
    assert "**81 lines**: ✓ 53 used; · 28 furniture; ? 0 unplaced." in shown
    assert "The draft rests on lines 25, 28–30, 73" in shown
    assert "<mark>(b) to publish the comparison:</mark>" in shown


def test_unplaced_lines_are_listed_with_number_and_reason(local):
    stray = b"\n\nThis stray sentence is about nothing that the atlas knows of.\n"
    head, tail = DOCUMENT.read_bytes().split(b"1. Introduction\n")
    app = hand_in(head + b"1. Introduction\n\n" + stray + tail)
    app.query_params["document"] = "unplaced"
    app.run()
    assert "Lines that became nothing" in said(app)
    assert "This stray sentence" in said(app)


def test_the_text_of_a_document_is_escaped_and_never_markdown(local):
    evil = DOCUMENT.read_text(encoding="utf-8").replace(
        "look at their codes",
        "look <script>alert(1)</script> at ![x](http://example.org/x.png) their codes",
    )
    app = at(hand_in(evil.encode(), name="<b>.txt"), "II-46")
    html = "\n".join(one.proto.body for one in app.get("html"))
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;.txt" in html
    assert not any("![x](http" in one.value for one in app.markdown)


# --- deciding


def test_no_proposed_link_is_ticked(local):
    app = hand_in()
    boxes, every = 0, len(box(app, "Draft ").options)
    for place in range(every):
        box(app, "Draft ").select_index(place)
        app.run()
        boxes += len(app.checkbox)
        assert not any(one.value for one in app.checkbox)
    assert boxes > every


def test_an_accepted_draft_is_written_with_who_when_and_only_the_links_made(local):
    app = linked(named(at(hand_in(), "II-43")))
    app.checkbox[0].check()
    text(app, "Summary").set_value("Publish the comparison.")
    app = press(app.run(), "Accept")
    assert not app.error
    (record,) = files.read_local(local / "Recommendation").records
    assert record.body["reviewedBy"] == "reader@example.org"
    assert record.body["summary"] == "Publish the comparison."
    assert record.body["basis"] == ["cets-201/art-25"]
    assert len(record.body["asksFor"]) == 1
    assert "Accepted as corrected." in said(app)
    assert "Recommendation/II-43.yaml" in said(app)
    assert "lanzarote build" in said(app)


def test_what_lacks_a_link_is_told_beside_the_button_and_nothing_is_written(local):
    app = press(named(at(hand_in(), "II-43")), "Accept")
    (error,) = app.error
    assert "Not accepted." in error.value
    assert "no 'basis'" in error.value
    assert written(local) == []


def test_nobody_can_decide(local):
    app = press(at(hand_in(), "II-43"), "Reject")
    assert "Say who reviews" in app.error[0].value
    assert written(local) == []


def test_a_rejection_is_noted_with_its_reason_and_the_next_draft_is_at_hand(local):
    app = named(at(hand_in(), "II-41"))
    text(app, "Reason").set_value("<i>misread</i>")
    app = press(app.run(), "Reject")
    assert written(local) == ["reviews.jsonl"]
    decision = json.loads((local / "reviews.jsonl").read_text(encoding="utf-8"))
    assert (decision["id"], decision["action"], decision["reason"]) == ("II-41", "rejected", "<i>misread</i>")
    assert "Rejected. It can be accepted still." in said(app)
    assert "&lt;i&gt;misread&lt;/i&gt;" in said(app)
    assert app.subheader[0].value == "Recommendation II\\-41"
    app = press(app, "Go on to the next to decide")
    assert app.subheader[0].value != "Recommendation II\\-41"
    assert "to decide" in said(app)


def test_a_box_that_is_gone_leads_nobody_back_to_its_draft(local):
    app = at(named(hand_in()), "II-43")
    before = box(app, "Draft ")._widget_state
    app = press(app, "Next")
    shown = app.subheader[0].value
    assert shown != "Recommendation II\\-43"
    assert with_a_late_word(app, before).subheader[0].value == shown


def test_a_difference_from_what_stands_is_shown_on_both_sides_and_overwrites_nothing(local):
    standing = next(
        one
        for one in Atlas.read(resources.project() / "data").of_type("Recommendation")
        if one.body["addressee"] == "all-parties" and one.body["obligationLevel"] == "request"
    )
    changed = DOCUMENT.read_text(encoding="utf-8").replace(
        "Recommendation II-46", f"Recommendation {standing.id}"
    )
    app = named(hand_in(changed.encode()))
    app = at(app, standing.id)
    assert "Differs from what stands" in said(app)
    columns = app.table[-1].value
    assert list(columns.columns) == ["What", "In the atlas", "In this document"]
    row = columns[columns["What"] == "Obligation level"].iloc[0]
    assert row["In the atlas"].startswith("Request")
    assert row["In this document"] == "Invite"
    assert next(one for one in app.button if one.label == "Accept").disabled
    assert written(local) == []


def test_work_survives_a_look_at_another_page(local):
    app = at(named(hand_in()), "II-43")
    text(app, "Summary").set_value("Half a thought")
    app.checkbox[1].check()
    app = app.run()
    app._page_hash = open_page("sources")._page_hash
    app.run()
    app._page_hash = open_page("review")._page_hash
    app.query_params.clear()
    app = at(app.run(), "II-43")
    assert text(app, "Summary").value == "Half a thought"
    assert [one.value for one in app.checkbox][:2] == [False, True]
    assert text(app, "Your name").value == "reader@example.org"


def test_the_list_is_narrowed_by_kind_standing_and_decision(local):
    app = named(at(hand_in(), "II-41"))
    app = press(app, "Reject")
    app.query_params["decision"] = "rejected"
    app.query_params["type"] = "Recommendation"
    app = app.run()
    assert box(app, "Draft ").label == "Draft 1 of 1"
    app.query_params["standing"] = "differs"
    assert "No draft matches these choices." in said(app.run())


def test_the_source_record_can_be_corrected_before_it_is_written(local):
    app = linked(named(at(hand_in(), "II-43")))
    text(app, "Publisher").set_value("A secretariat")
    press(app.run(), "Accept")
    (source,) = files.read_local(local / "Source").records
    assert source.body["publisher"] == "A secretariat"


# --- into the atlas


def ended(built, **how):
    """Let the last build of this dashboard have ended in some way, while a build was the current one."""
    job = rebuilding.current()
    job.left = built.manifest.build_id
    for name, value in how.items():
        setattr(job, name, value)
    return job


def test_a_build_that_found_nothing_new_is_not_called_a_rebuilt_atlas(local, built):
    ended(built, said="nothing changed: 9 quads in 1 graphs")
    app = open_page("review")
    assert "Nothing changed: 9 quads in 1 graphs." in unescaped(app)
    assert "rebuilt" not in said(app)


def test_a_new_build_is_told_by_what_it_holds(local, built):
    ended(built, said="built: 9 quads in 1 graphs")
    assert "The atlas was rebuilt: 9 quads in 1 graphs." in unescaped(open_page("review"))


@pytest.mark.parametrize("how", [{"failed": True}, {"said": "built: 9 quads"}])
def test_how_a_build_ended_is_told_until_another_is_adopted(local, built, how):
    job = ended(built, **how)
    told = "not rebuilt" if how.get("failed") else "was rebuilt"
    assert told in said(open_page("review"))
    job.left = "an older one"
    assert "rebuilt" not in said(open_page("review"))


def test_from_a_page_of_an_older_build_links_lead_to_the_current_one(local, built, monkeypatch):
    app = linked(named(at(hand_in(), "II-43")))
    text(app, "Summary").set_value("Publish the comparison.")
    app = press(app.run(), "Accept")
    ended(built, said="built: 9 quads")
    monkeypatch.setattr(desk, "is_built", lambda: True)
    app.query_params["build"] = built.manifest.build_id[:16]
    leads = {one.proto.label: one.proto for one in app.run().get("page_link")}
    for label in ("See it in the atlas", "Ruritania in the atlas"):
        assert "build" not in leads[label].query_string


# --- who


def test_closed_review_says_why_and_draws_nothing_else(local, monkeypatch):
    monkeypatch.setattr(reviewers, "_visit", lambda: Visit("0.0.0.0", "192.0.2.7"))
    app = open_page("review")
    assert "Review is closed here." in said(app)
    assert "lanzarote app" in said(app)
    assert not app.file_uploader
    assert not [one for one in app.button if one.label == "Rebuild the atlas"]


def test_a_page_left_open_decides_nothing_once_review_is_closed(local, monkeypatch):
    app = linked(named(at(hand_in(), "II-43")))
    monkeypatch.setattr(reviewers, "_visit", lambda: Visit("127.0.0.1", "192.0.2.7"))
    app = press(app, "Accept")
    assert "Review is closed here." in said(app)
    assert written(local) == []


def test_a_page_left_open_builds_nothing_once_review_is_closed(local, monkeypatch):
    begun = []
    monkeypatch.setattr(Rebuilding, "start", lambda *_: begun.append(1))
    app = press(open_page("review"), "Rebuild the atlas")
    assert begun == [1]
    monkeypatch.setattr(reviewers, "_visit", lambda: Visit("127.0.0.1", "192.0.2.7"))
    assert "Review is closed here." in said(press(app, "Rebuild the atlas"))
    assert begun == [1]


def test_who_signed_in_is_not_asked_for_a_name(local, monkeypatch):
    monkeypatch.setattr(
        reviewers, "present", lambda: Reviewer(allowed=True, name="a@example.org", signed_in=True)
    )
    app = at(hand_in(), "II-43")
    assert not [one for one in app.text_input if one.label.startswith("Your name")]
    press(linked(app), "Accept")
    (record,) = files.read_local(local / "Recommendation").records
    assert record.body["reviewedBy"] == "a@example.org"


def test_uploads_are_limited_as_documents_are():
    config = tomllib.loads((resources.project() / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] == settings.read({}).document_megabytes
