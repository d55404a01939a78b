"""The pace as Zoho sees it: judged by the journal of what was asked, not by what we believe of ourselves."""

from __future__ import annotations

import threading

import pytest

from integrations.errors import Throttled
from outbound.redis_limiter import RedisRateLimiter
from tests.outbound.budget import server, url

__all__ = ["server", "url"]  # fixtures


def asking(customer, connection, number):
    for _ in range(number):
        customer.vendor.writer.create(connection, "contacts", {"lastName": "Paced"})


def desk(customer, since):
    return [entry for entry in customer.zoho.journal(since) if entry["path"].startswith("/api/v1/")]


def test_zoho_is_never_asked_more_at_once_than_its_edition_allows(customer, url):
    customer.zoho.set_knobs(edition="FREE", latency=0.01)
    budget = customer.vendor.limits.budget("eu", "FREE")
    connections = [
        customer.connection(
            limiter=RedisRateLimiter(url, "acme", limit=budget.concurrency, share=1.0), foreground=bool(n % 2)
        )
        for n in range(8)
    ]
    at = customer.mark()
    threads = [threading.Thread(target=asking, args=(customer, connection, 6)) for connection in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = desk(customer, at)
    assert [entry["status"] for entry in asked] == [200] * 48
    assert 1 < max(entry["at_once"] for entry in asked) <= 5


def test_deliveries_stop_before_the_days_credits_are_spent_and_people_go_on(customer, url):
    customer.zoho.set_knobs(credits=60)
    pace = RedisRateLimiter(url, "acme", limit=25, credits_kept=40)
    connection, banner = customer.connection(limiter=pace), customer.connection(limiter=pace, foreground=True)
    at = customer.mark()
    with pytest.raises(Throttled, match="kept for agents"):
        asking(customer, connection, 60)
    asking(customer, banner, 5)
    statuses = [entry["status"] for entry in desk(customer, at)]
    assert set(statuses) == {200}
    assert 20 <= len(statuses) <= 30


def test_a_429_is_met_once_and_then_everybody_waits(customer, url):
    pace = RedisRateLimiter(url, "acme", limit=25)
    connection = customer.connection(limiter=pace)
    customer.zoho.fault("429_credits", "POST", "/api/v1/contacts")
    at = customer.mark()
    for _ in range(3):
        with pytest.raises(Throttled):
            asking(customer, connection, 1)
    assert [entry["status"] for entry in desk(customer, at)] == [429]
