from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from authmethods import grants, status, token_refresh, tokens
from authmethods.models import AuthenticationMethod, Status, StoredGrant
from integrations.errors import Misconfigured, NeedsReconnection, NotSent, Throttled
from integrations.zoho_desk.oauth import REFRESH_SECONDS
from outbound.http import CONNECT_SECONDS

TOKEN = "/oauth/v2/token"


@pytest.fixture
def method(zoho, ada):
    return zoho.method(by=ada)


def now():
    return datetime.now(UTC)


def expire(method, ago=60):
    StoredGrant.objects.filter(method=method).update(
        expires_at=now() - timedelta(seconds=ago), refreshed_at=now() - timedelta(hours=1)
    )


def refreshes(zoho):
    """Token requests after the one that redeemed the code."""
    return len(zoho.asked(TOKEN)) - 1


def in_threads(count, action):
    results, failures = [], []

    def run():
        try:
            results.append(action())
        except Exception as error:  # noqa: BLE001 - judged by the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, failures


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_with_an_expired_token_make_one_token_request(zoho, method):
    expire(method)
    results, failures = in_threads(20, lambda: tokens.connect(method).token())
    assert failures == []
    assert len(set(results)) == 1
    assert refreshes(zoho) == 1


@pytest.mark.django_db(transaction=True)
def test_processes_that_share_no_lock_make_one_token_request(zoho, method, monkeypatch):
    """Each caller gets a door of its own, as in another process: the row alone keeps them apart."""
    monkeypatch.setattr(token_refresh, "_doors", _NoDoors())
    expire(method)
    results, failures = in_threads(8, lambda: tokens.connect(method).token())
    assert failures == []
    assert len(set(results)) == 1
    assert refreshes(zoho) == 1


class _NoDoors(dict[int, threading.Lock]):
    def setdefault(self, key, default=None):
        return threading.Lock()


def test_who_read_the_row_before_another_one_asked_in_vain_does_not_ask_too(zoho, method):
    """Between reading and taking the lease: the other one's request must count, and its cool-down hold."""
    expire(method)
    early = grants.load(method.pk)
    zoho.stand_in.fault("503", path=TOKEN)
    with pytest.raises(NotSent):
        tokens.connect(method).token()
    assert not token_refresh._take_lease(early)
    assert token_refresh._take_lease(grants.load(method.pk))


@pytest.mark.django_db(transaction=True)
def test_a_killed_refresher_holds_nobody_up_longer_than_its_lease(zoho, method):
    expire(method)
    grant = StoredGrant.objects.get(method=method)
    assert token_refresh._take_lease(grant)  # and then it is killed
    grant.refresh_from_db()
    longest = timedelta(seconds=2 * CONNECT_SECONDS + REFRESH_SECONDS)  # socket, handshake, answer
    assert longest < grant.lease_expires_at - now() <= timedelta(seconds=20)
    StoredGrant.objects.update(lease_expires_at=now() - timedelta(milliseconds=1))
    assert tokens.connect(method).token()
    assert refreshes(zoho) == 1


@pytest.mark.parametrize("held", ["by another process", "by another thread"])
def test_who_waits_in_vain_for_the_refresher_sends_nothing_and_stops_nothing(zoho, method, monkeypatch, held):
    monkeypatch.setattr(token_refresh, "PATIENCE_SECONDS", 0.2)
    expire(method)
    if held == "by another process":
        assert token_refresh._take_lease(grants.load(method.pk))
    else:
        monkeypatch.setattr(token_refresh, "_doors", {method.pk: threading.Lock()})
        token_refresh._doors[method.pk].acquire()
    with pytest.raises(NotSent, match="takes long; nothing was sent"):
        tokens.connect(method).token()
    assert refreshes(zoho) == 0
    method.refresh_from_db()
    assert method.status == Status.ENABLED


def test_a_valid_token_is_used_without_asking(zoho, method):
    link = tokens.connect(method)
    assert link.token() == link.token()
    assert refreshes(zoho) == 0


def test_a_connection_reads_its_token_once_a_second(zoho, method, monkeypatch, django_assert_num_queries):
    link = tokens.connect(method)
    with django_assert_num_queries(1):
        assert len({link.token() for _ in range(50)}) == 1
    monkeypatch.setattr(tokens, "MOMENT_SECONDS", 0.0)
    newer = link.renew(link.token())
    with django_assert_num_queries(2):
        assert {link.token(), link.token()} == {newer}


def test_a_disabled_method_is_used_for_a_second_at_most(zoho, method):
    link = tokens.connect(method)
    link.token()
    AuthenticationMethod.objects.update(status=Status.DISABLED)
    time.sleep(tokens.MOMENT_SECONDS)
    with pytest.raises(Misconfigured):
        link.token()


def test_a_token_is_renewed_before_it_ends(zoho, method):
    before = tokens.connect(method).token()
    expire(method, ago=-240)
    assert tokens.connect(method).token() != before


def test_ahead_of_its_end_a_failed_renewal_leaves_the_old_token_in_use(zoho, method):
    before = tokens.connect(method).token()
    expire(method, ago=-240)
    zoho.stand_in.fault("503", path=TOKEN)
    assert tokens.connect(method).token() == before
    assert tokens.connect(method).token() == before
    assert refreshes(zoho) == 1  # the second one kept to the cool-down


def test_a_refused_token_is_renewed_once_for_all_who_held_it(zoho, method):
    link = tokens.connect(method)
    used = link.token()
    newer = link.renew(used)
    assert newer != used
    assert link.renew(used) == newer
    assert refreshes(zoho) == 1


def test_a_token_that_others_renewed_is_renewed_again_once_it_has_ended_too(zoho, method):
    link = tokens.connect(method)
    used = link.token()
    ended = link.renew(used)
    expire(method)
    assert link.renew(used) not in {used, ended}
    assert refreshes(zoho) == 2


def test_the_refresh_token_stays_when_the_answer_brings_none(zoho, method):
    before = StoredGrant.objects.get(method=method)
    old = before.refresh_token.open(before.owner)
    expire(method)
    tokens.connect(method).token()
    after = StoredGrant.objects.get(method=method)
    assert after.generation == before.generation + 1
    assert after.refresh_token.open(after.owner) == old


def test_after_six_requests_in_ten_minutes_nobody_asks_any_more(zoho, method):
    link = tokens.connect(method)
    for _ in range(5):  # the redeemed code was the first
        link.renew(link.token())
    with pytest.raises(Throttled, match="so nothing was sent") as stopped:
        link.renew(link.token())
    assert timedelta(minutes=9) < stopped.value.until - now() <= timedelta(minutes=10)
    assert refreshes(zoho) == 5


def test_requests_of_long_ago_do_not_count(zoho, method):
    long_ago = [(now() - timedelta(minutes=11)).isoformat()] * 9
    StoredGrant.objects.update(requests=long_ago)
    expire(method)
    assert tokens.connect(method).token()


def test_the_vendors_throttle_is_kept_until_it_ends(zoho, method):
    zoho.stand_in.set_knobs(tokens_per_window=2)
    link = tokens.connect(method)
    link.renew(link.token())
    with pytest.raises(Throttled):
        link.renew(link.token())
    with pytest.raises(Throttled):
        link.renew(link.token())
    assert refreshes(zoho) == 2
    method.refresh_from_db()
    assert method.status == Status.ENABLED


def test_network_trouble_costs_nothing_but_half_a_minute(zoho, method):
    expire(method)
    zoho.stand_in.fault("drop_before", path=TOKEN)
    with pytest.raises(NotSent):
        tokens.connect(method).token()
    method.refresh_from_db()
    assert method.status == Status.ENABLED
    with pytest.raises(Throttled) as waiting:
        tokens.connect(method).token()
    assert waiting.value.until <= now() + token_refresh.COOL_DOWN
    StoredGrant.objects.update(retry_at=now())
    assert tokens.connect(method).token()


def test_a_revoked_grant_needs_reconnection_and_nobody_asks_again(zoho, method, django_capture_on_commit_callbacks):
    grant = StoredGrant.objects.get(method=method)
    method.vendor.oauth.revoke(method.app(), method.location, grant.refresh_token.open(grant.owner))
    expire(method)
    link = tokens.connect(method)
    with pytest.raises(NeedsReconnection):
        link.token()
    method.refresh_from_db()
    assert method.status == Status.NEEDS_RECONNECTION
    assert method.status_reason
    with pytest.raises(NeedsReconnection):
        link.token()
    with pytest.raises(NeedsReconnection):
        tokens.connect(method)
    assert refreshes(zoho) == 1


def test_the_refusal_of_an_old_grant_does_not_stop_a_reconnected_method(zoho, method):
    old = StoredGrant.objects.get()
    old.generation = 7
    assert not status.mark_needs_reconnection(method, "refused", refused=old)
    method.refresh_from_db()
    assert method.status == Status.ENABLED


def test_a_reconnection_during_the_request_wins_over_its_answer(zoho, method):
    grant = StoredGrant.objects.select_related("method").get(method=method)
    answer = method.vendor.oauth.refresh(method.app(), method.location, grant.refresh_token.open(grant.owner))
    StoredGrant.objects.update(generation=grant.generation + 5)
    assert token_refresh._keep(grant, answer) != answer.access_token


def test_a_method_disabled_meanwhile_gives_no_token(zoho, method):
    link = tokens.connect(method)
    AuthenticationMethod.objects.update(status=Status.DISABLED)
    with pytest.raises(Misconfigured):
        link.token()
    with pytest.raises(Misconfigured):
        tokens.connect(AuthenticationMethod.objects.get())


def test_lost_keys_are_a_configuration_error_and_no_request(zoho, method):
    other = StoredGrant.objects.get(method=method)
    StoredGrant.objects.update(method=zoho.disabled_method(name="Other"))
    AuthenticationMethod.objects.update(status=Status.ENABLED)
    other.refresh_from_db()
    with pytest.raises(Misconfigured):
        tokens.connect(other.method).token()
    assert refreshes(zoho) == 0


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_finds_no_door_that_its_parent_closed():
    with token_refresh._door(0, time.monotonic()):
        child = os.fork()
        if child == 0:
            try:
                with token_refresh._door(0, time.monotonic() + 0.5):
                    os._exit(0)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
