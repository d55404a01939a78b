from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.zoho_desk import marker
from integrations.zoho_desk.schema import CALLS, CONTACTS, TICKETS, module_of
from integrations.zoho_desk.serialization import from_zoho, moment_of, seconds, timestamp, to_zoho

MARKERS = st.from_regex(r"DL-[0-9A-Z]{8}", fullmatch=True)


@pytest.mark.parametrize(
    ("given_", "sent"),
    [
        ("Inbound", "inbound"), ("Outbound", "outbound"), ("INCOMING", "inbound"), ("Outgoing", "outbound"),
        ("inbound", "inbound"), (" outgoing ", "outbound"), ("sideways", "sideways"),
    ],
)  # fmt: skip
def test_a_direction_is_mapped_whatever_its_case_or_word(given_, sent):
    assert to_zoho(CALLS, {"direction": given_}) == {"direction": sent}


@pytest.mark.parametrize(
    ("given_", "sent"),
    [("completed", "Completed"), ("IN PROGRESS", "In Progress"), ("Missed", "Missed"), ("Sleeping", "Sleeping")],
)
def test_a_calls_status_is_mapped_to_zohos_spelling(given_, sent):
    assert to_zoho(CALLS, {"status": given_}) == {"status": sent}


def test_a_tickets_status_is_its_own():
    assert to_zoho(TICKETS, {"status": "completed"}) == {"status": "completed"}


@pytest.mark.parametrize(
    ("given_", "sent"),
    [(65, "65"), (65.4, "65"), ("65.6", "66"), ("0", "0"), (0, "0"), ("1:05", "1:05"), (-3, "-3"), ("nan", "nan"),
     (float("inf"), "inf"), ("", "")],
)  # fmt: skip
def test_a_duration_is_whole_seconds(given_, sent):
    assert seconds(given_) == sent


def test_custom_fields_move_under_cf_and_back():
    body = to_zoho(CALLS, {"subject": "S", "cf_a": "1", "cf_b": "", "cf_c": True})
    assert body == {"subject": "S", "cf": {"cf_a": "1", "cf_c": True}}
    record = from_zoho(CALLS, {"id": "1", "subject": "S", "cf": {"cf_a": "1"}, "customFields": {"A": "1"}})
    assert record.values == {"id": "1", "subject": "S", "cf_a": "1"}


@pytest.mark.parametrize("cf", [None, [], "x", {}])
def test_a_record_without_custom_fields_is_read(cf):
    assert from_zoho(CALLS, {"id": "1", "cf": cf}).values == {"id": "1"}


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC), "2026-11-23T09:30:00.123Z"),
        (datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=2))), "2026-11-23T07:30:00.000Z"),
        (datetime(2026, 11, 23, 9, 30), "2026-11-23T09:30:00.000Z"),
    ],
)
def test_a_moment_is_sent_in_utc_with_milliseconds(moment, text):
    assert timestamp(moment) == text
    assert to_zoho(CALLS, {"startTime": moment}) == {"startTime": text}


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(2099, 1, 1)))
def test_a_moment_survives_the_way_to_zoho_and_back(moment):
    assert moment_of(timestamp(moment)) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@pytest.mark.parametrize("value", [None, "", "yesterday", 5, "2026-13-01T00:00:00Z"])
def test_what_is_no_timestamp_is_none(value):
    assert moment_of(value) is None


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ({"firstName": "Zoé", "lastName": "D"}, "Zoé D"),
        ({"firstName": None, "lastName": "D"}, "D"),
        ({"lastName": None, "email": "a@b.example"}, "a@b.example"),
        ({"phone": "+331"}, "+331"),
        ({}, ""),
    ],
)
def test_a_contact_is_called_by_what_is_known_of_him(body, title):
    assert from_zoho(CONTACTS, body).title == title


@given(st.text(max_size=400), MARKERS)
def test_a_marked_subject_fits_and_gives_its_marker_back(subject, mark):
    marked = marker.mark(subject, mark, 300)
    assert len(marked) <= 300
    assert marker.marker_of({"subject": marked}) == mark
    assert marker.mark(marked, mark, 300) == marked
    assert marker.carries({"subject": marked}, mark)


@given(MARKERS, MARKERS)
def test_a_marker_is_taken_for_no_other(one, other):
    marked = {"subject": marker.mark("A call", one, 300)}
    assert marker.carries(marked, other) == (one == other)
    assert not marker.carries(marked, "")


@pytest.mark.parametrize("name", ["Calls", "calls", " CALLS "])
def test_a_module_is_known_whatever_its_case(name):
    assert module_of(name) is CALLS


@pytest.mark.parametrize("subject", ["📞" * 400, "a" + "👩🏽‍💻" * 100, "é" * 400, "broken \ud83d" * 60])
def test_a_subject_fits_however_zoho_counts_its_characters(subject):
    """A sign outside the basic plane is one character by the spec and two in Java; which one counts is not said."""
    marked = marker.mark(subject, "DL-8F3K2M9Q", 300)
    assert len(marked.encode("utf-16-le", "surrogatepass")) <= 600
    assert marked.endswith(" [DL-8F3K2M9Q]")
