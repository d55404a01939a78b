"""What happens where a quantity of the local Zoho is overstepped: the contract is run below it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.errors import NeedsReconnection, NotSent, OutcomeUnknown, Throttled
from integrations.types import Search
from integrations.zoho_desk import oauth
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.integration import ZohoDesk
from outbound.http import Client
from tests.integrations.conftest import left
from tests.integrations.zoho_desk.test_looking import MARKER, call, sought


def refresh(customer, grant):
    return customer.vendor.oauth.refresh(customer.app, "eu", grant.refresh_token)


def caller(customer, connection):
    return customer.vendor.writer.create(connection, "contacts", {"lastName": "Late", "phone": "+33199001140"})


def test_one_consent_more_than_zoho_keeps_ends_the_oldest_and_no_other(customer):
    customer.zoho.set_knobs(refresh_tokens=2)
    oldest, older, newest = (customer.grant() for _ in range(3))
    with pytest.raises(NeedsReconnection):
        refresh(customer, oldest)
    assert refresh(customer, older).access_token
    assert refresh(customer, newest).access_token


def test_one_consent_too_many_in_a_while_is_throttled_and_no_refusal(customer):
    customer.zoho.set_knobs(grants_per_window=1)
    customer.grant()
    with pytest.raises(Throttled):
        customer.grant()


def test_a_throttle_of_tokens_ends_with_its_window(customer):
    customer.zoho.set_knobs(tokens_per_window=1)
    grant = customer.grant()
    with pytest.raises(Throttled) as caught:
        refresh(customer, grant)
    customer.zoho.advance(left(caught.value).total_seconds())
    assert refresh(customer, grant).access_token


def test_a_refresh_is_waited_for_less_long_than_a_record(customer, monkeypatch):
    monkeypatch.setattr(oauth, "REFRESH_SECONDS", 0.1)
    grant = customer.grant()
    customer.zoho.fault("slow", "POST", "/oauth/v2/token", seconds=0.5)
    with pytest.raises(NotSent, match="did not answer in time"):
        refresh(customer, grant)


def test_a_token_that_a_newer_one_ended_is_renewed_once(customer, connection):
    customer.zoho.set_knobs(live_tokens=1)
    before = connection.token()
    connection.renew(before)
    at = customer.mark()
    used = iter([before, before])
    assert customer.vendor.directory.departments(replace(connection, token=lambda: next(used)))
    assert customer.sent(at) == ["GET /departments"] * 2


def test_a_token_of_half_a_minute_is_used_for_no_longer_than_zoho_takes_it(customer, connection):
    customer.zoho.set_knobs(token_life=30)
    connection.renew(connection.token())
    customer.zoho.advance(31)
    assert customer.vendor.directory.departments(connection)
    assert len(customer.renewals) == 2


def test_spent_credits_come_back_at_midnight_of_the_data_centre(customer, connection):
    customer.zoho.set_knobs(credits=1)
    caller(customer, connection)
    with pytest.raises(Throttled) as caught:
        caller(customer, connection)
    zone = ZoneInfo(customer.vendor.limits.budget("eu", "FREE").zone)
    reset = (datetime.now(UTC) + left(caught.value)).astimezone(zone)
    off = min(timedelta(hours=reset.hour, minutes=reset.minute), timedelta(days=1) - timedelta(hours=reset.hour))
    assert off <= timedelta(hours=1, minutes=1)  # an hour: the local Zoho knows no summer time
    customer.zoho.advance(left(caught.value).total_seconds() + 1)
    assert caller(customer, connection).id


def test_too_many_at_once_are_each_written_once_or_not_at_all(customer, connection):
    customer.zoho.set_knobs(concurrency=1, latency=0.02)
    before = len(customer.zoho.records("eu", "acme", "contacts"))
    told = []

    def write():
        try:
            told.append(caller(customer, connection).id)
        except Throttled:
            told.append("")

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [one for one in told if one]
    assert len(told) == 8
    assert 1 <= len(made) < 8
    assert len(customer.zoho.records("eu", "acme", "contacts")) == before + len(made)


@pytest.mark.parametrize("slow", ["latency", "answer_latency"])
def test_a_write_that_takes_longer_than_we_wait_is_unknown_and_found_afterwards(customer, slow):
    hasty = Client(read_seconds=0.1)
    hasty.trust(customer.zoho.url)
    connection, values = customer.connection(), call(customer)
    customer.zoho.set_knobs(**{slow: 0.3})
    with pytest.raises(OutcomeUnknown, match="did not answer in time"):
        ZohoDesk(hasty, customer.centres).writer.create(connection, "calls", values, marker=MARKER)
    customer.zoho.set_knobs(**{slow: 0.0})
    found = customer.vendor.look_up.look_for(connection, sought(values))
    while found is None:  # Zoho still works on it; the test's own limit of time ends this
        found = customer.vendor.look_up.look_for(connection, sought(values))
    assert found.title.endswith(f"[{MARKER}]")


def test_a_search_that_lags_misses_a_new_contact_and_the_list_does_not(customer, connection):
    customer.zoho.set_knobs(search_lag=600.0)
    made = caller(customer, connection)
    search = Search(phone="0199001140")
    assert customer.vendor.reader.find(connection, "contacts", search) == []
    found = customer.vendor.look_up.look_for(connection, sought({"phone": "0199001140"}, "", module="contacts"))
    assert found is not None
    customer.zoho.advance(600)
    [seen] = customer.vendor.reader.find(connection, "contacts", search)
    assert seen.id == found.id == made.id


def test_lists_that_lag_longer_than_we_settle_show_a_call_once_the_operator_says_so(customer, connection, monkeypatch):
    customer.zoho.set_knobs(list_lag=900.0, search_lag=900.0)
    values = call(customer)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    customer.zoho.advance(customer.vendor.reader.settle_seconds)
    assert customer.vendor.look_up.look_for(connection, sought(values)) is None
    monkeypatch.setattr(assumed, "settle_seconds", 1800.0)  # as zoho_check says: twice what it measured
    customer.zoho.advance(customer.vendor.reader.settle_seconds)
    found = customer.vendor.look_up.look_for(connection, sought(values))
    assert found is not None
    assert found.id == made.id
