from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.errors import (
    Misconfigured,
    NeedsReconnection,
    NotSent,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unauthorised,
)
from integrations.types import Scope
from integrations.zoho_desk import scopes
from outbound.limiter import RateLimiter
from tests.integrations.conftest import left
from tests.outbound.listener import answer, listening

CONTACT = {"lastName": "Desk"}


class Recorded(RateLimiter):
    """A pace that remembers what it was told, and whether a place is held."""

    def __init__(self):
        self.slots, self.seen, self.holds, self.held = [], [], [], 0

    @contextmanager
    def slot(self, prepare, *, foreground):
        self.slots.append(foreground)
        self.held += 1
        try:
            yield prepare()
        finally:
            self.held -= 1

    def observe(self, *, remaining):
        self.seen.append(remaining)

    def hold(self, until):
        self.holds.append(until)


@pytest.fixture
def pace():
    return Recorded()


def create(customer, connection):
    return customer.vendor.writer.create(connection, "contacts", CONTACT)


def test_a_request_carries_token_and_portal_in_its_headers_and_nothing_in_its_address(customer, connection):
    at = customer.mark()
    create(customer, connection)
    entry = customer.zoho.journal(at)[-1]
    assert (entry["method"], entry["path"], entry["query"]) == ("POST", "/api/v1/contacts", "")
    assert entry["portal"] == "acme"


@pytest.mark.parametrize("foreground", [True, False])
def test_each_request_holds_one_place_and_reports_the_credits(customer, pace, foreground):
    create(customer, customer.connection(limiter=pace, foreground=foreground))
    assert pace.slots == [foreground]
    assert pace.held == 0
    [remaining] = pace.seen
    assert remaining > 0


def test_the_place_is_free_while_the_token_is_renewed(customer, pace):
    connection = customer.connection(limiter=pace)
    held = []

    def renew(used):
        held.append(pace.held)
        return connection.renew(used)

    watched = replace(connection, renew=renew)
    customer.zoho.fault("invalid_oauth", "POST", "/api/v1/contacts")
    create(customer, watched)
    assert held == [0]
    assert len(pace.slots) == 2


@pytest.mark.parametrize("fault", ["html_401", "invalid_oauth"])
def test_an_early_401_renews_once_and_sends_once_more(customer, connection, fault):
    used = connection.token()
    at = customer.mark()
    customer.zoho.fault(fault, "POST", "/api/v1/contacts")
    create(customer, connection)
    assert customer.renewals == [used]
    assert customer.sent(at) == ["POST /contacts", "POST /contacts"]


def test_a_second_401_is_the_end_of_it(customer, connection):
    at = customer.mark()
    customer.zoho.fault("html_401", "POST", "/api/v1/contacts", count=5)
    with pytest.raises(Unauthorised):
        create(customer, connection)
    assert customer.sent(at) == ["POST /contacts", "POST /contacts"]
    assert len(customer.renewals) == 1


def test_a_token_evicted_by_newer_ones_is_renewed(customer, connection):
    customer.zoho.set_knobs(live_tokens=1)
    stale = connection.token()
    connection.renew(stale)
    assert create(customer, replace(connection, token=lambda: stale)).id
    assert customer.renewals == [stale, stale]


def test_a_lost_consent_stops_before_the_second_request(customer, connection):
    def refused(_used):
        raise NeedsReconnection("gone")

    customer.zoho.fault("invalid_oauth", "POST", "/api/v1/contacts")
    at = customer.mark()
    with pytest.raises(NeedsReconnection):
        create(customer, replace(connection, renew=refused))
    assert customer.sent(at) == ["POST /contacts"]


@pytest.mark.parametrize("fault", ["lost_answer", "500_after", "502_after", "truncated_json", "empty_200"])
def test_a_write_that_was_applied_but_not_answered_is_unknown_and_not_repeated(customer, connection, fault):
    before = len(customer.zoho.records("eu", "acme", "contacts"))
    customer.zoho.fault(fault, "POST", "/api/v1/contacts")
    with pytest.raises(OutcomeUnknown):
        create(customer, connection)
    assert len(customer.zoho.records("eu", "acme", "contacts")) == before + 1


@pytest.mark.parametrize("fault", ["500", "502_html", "503", "drop_before"])
def test_a_write_that_broke_before_it_was_applied_is_just_as_unknown_to_us(customer, connection, fault):
    customer.zoho.fault(fault, "POST", "/api/v1/contacts")
    with pytest.raises(OutcomeUnknown):
        create(customer, connection)


@pytest.mark.parametrize(
    "fault", ["500", "502_html", "503", "drop_before", "lost_answer", "truncated_json", "empty_200"]
)
def test_a_reading_that_broke_can_be_done_again(customer, connection, fault):
    customer.zoho.fault(fault, "GET", "/api/v1/contacts*")
    with pytest.raises(NotSent):
        customer.vendor.reader.read(connection, "contacts", str(customer.contact("Poulain")["id"]))


def test_spent_credits_hold_everybody_until_zoho_says(customer, pace):
    connection = customer.connection(limiter=pace)
    customer.zoho.fault("429_credits", "POST", "/api/v1/contacts")
    with pytest.raises(Throttled) as caught:
        create(customer, connection)
    assert caught.value.code == "THRESHOLD_EXCEEDED"
    assert left(caught.value) > timedelta(0)
    assert pace.holds == [caught.value.until]


def test_too_many_at_once_holds_everybody_for_a_moment(customer, pace):
    connection = customer.connection(limiter=pace)
    customer.zoho.fault("429_concurrency", "POST", "/api/v1/contacts")
    with pytest.raises(Throttled) as caught:
        create(customer, connection)
    assert caught.value.until is None
    assert pace.holds == [None]


def test_a_pace_without_a_place_sends_nothing(customer, connection):
    class Full(Recorded):
        def slot(self, prepare, *, foreground):
            raise Throttled("full")

    at = customer.mark()
    with pytest.raises(Throttled):
        create(customer, replace(connection, limiter=Full()))
    assert customer.sent(at) == []


def test_a_redirect_means_another_data_centre_and_is_not_followed(customer, connection):
    at = customer.mark()
    customer.zoho.fault("redirect", "POST", "/api/v1/contacts")
    with pytest.raises(Misconfigured, match="another data centre"):
        create(customer, connection)
    assert customer.sent(at) == ["POST /contacts"]


@pytest.mark.parametrize("organisation_id", ["", "acme", "1 2", "1\r\norgId: 2", "1" * 20, "-1"])
def test_a_portal_id_that_is_no_number_is_never_sent(customer, connection, organisation_id):
    at = customer.mark()
    with pytest.raises(Misconfigured):
        create(customer, replace(connection, organisation_id=organisation_id))
    assert customer.sent(at) == []


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX-Evil: 1", "tökén"])
def test_a_damaged_token_is_never_sent(customer, connection, token):
    at = customer.mark()
    with pytest.raises(Misconfigured):
        create(customer, replace(connection, token=lambda: token))
    assert customer.sent(at) == []


def test_another_portal_than_the_one_consented_to_is_a_wrong_setting(customer, connection):
    with pytest.raises(Misconfigured) as caught:
        create(customer, replace(connection, organisation_id="20098765432"))
    assert caught.value.code == "OAUTH_ORG_MISMATCH"


def test_a_missing_right_names_the_cure(customer, connection):
    customer.zoho.fault("forbidden", "POST", "/api/v1/contacts")
    with pytest.raises(Misconfigured, match="Profiles") as caught:
        create(customer, connection)
    assert (caught.value.code, caught.value.status) == ("FORBIDDEN", 403)


@pytest.fixture
def limited(customer, monkeypatch):
    """A consent that grants the contacts' reading and nothing else."""
    monkeypatch.setattr(scopes, "API", (Scope("Desk.contacts.READ", "read"),))
    return customer.connection()


def test_a_missing_scope_is_a_wrong_setting(customer, limited):
    with pytest.raises(Misconfigured, match="accept all rights") as caught:
        create(customer, limited)
    assert caught.value.code == "SCOPE_MISMATCH"


def test_a_missing_scope_told_as_a_bad_token_stops_after_one_renewal(customer, limited):
    customer.zoho.set_knobs(scope_refusal="INVALID_OAUTH")
    with pytest.raises(Unauthorised, match="granted rights"):
        create(customer, limited)
    assert len(customer.renewals) == 1


@pytest.mark.parametrize("body", [b"{}", b'{"data": []}', b'{"subject": "x"}', b'{"id": ""}'])
def test_a_good_answer_that_names_no_record_is_no_proof_of_a_write(customer, connection, outbound, body):
    with listening(answer(body)) as server:
        outbound.trust(server.url)
        row = customer.centres.get("eu")
        customer.centres.rows["eu"] = replace(row, desk=server.url)
        with pytest.raises(OutcomeUnknown):
            create(customer, connection)


def test_a_data_centre_without_desk_is_a_wrong_setting(customer, connection):
    customer.centres.extend({"locations": {"uk": {"accounts": "https://accounts.zoho.uk", "desk": None}}})
    with pytest.raises(Misconfigured, match="no Desk"):
        create(customer, replace(connection, location="uk"))


def test_many_threads_share_one_client_without_mixing_answers(customer, connection):
    wrong = []

    def work(number):
        name = f"Thread {number}"
        for _ in range(5):
            made = customer.vendor.writer.create(connection, "contacts", {"lastName": name})
            if customer.vendor.reader.read(connection, "contacts", made.id).values["lastName"] != name:
                wrong.append(made.id)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_of_zohos_text_is_in_an_error(customer, connection):
    with pytest.raises(Refused) as caught:
        customer.vendor.writer.create(connection, "contacts", {"lastName": "x" * 300})
    assert "xxx" not in f"{caught.value!r}{vars(caught.value)}"
    assert caught.value.fields == {"lastName": "Zoho Desk does not accept this value."}


def test_waiting_for_a_throttle_is_told_in_utc(customer, connection):
    customer.zoho.fault("429_credits", "GET", "/api/v1/organizations")
    with pytest.raises(Throttled) as caught:
        customer.vendor.directory.organisations(connection)
    assert caught.value.until is not None
    assert caught.value.until.utcoffset() == timedelta(0)
