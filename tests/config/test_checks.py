from __future__ import annotations

import logging

import pytest
import redis

from config import checks


def _ids(messages) -> list[str]:
    return [message.id for message in messages]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
def test_this_machine_may_do_without_tls(settings, url):
    settings.PUBLIC_URL, settings.SECURE = url, False
    assert checks.public_url_is_https() == []


@pytest.mark.parametrize("url", ["http://desk.example.com", "http://10.0.0.5", "http://127.0.0.1.example.com"])
def test_any_other_address_without_tls_is_a_warning(settings, url):
    settings.PUBLIC_URL, settings.SECURE = url, False
    assert _ids(checks.public_url_is_https()) == ["config.W001"]


def test_https_is_what_we_want(settings):
    settings.PUBLIC_URL, settings.SECURE = "https://desk.example.com", True
    assert checks.public_url_is_https() == []


def test_debug_on_a_public_address_stops_the_start(settings):
    settings.DEBUG, settings.PUBLIC_URL = True, "https://desk.example.com"
    assert _ids(checks.debug_is_for_this_machine()) == ["config.E001"]


def test_debug_on_this_machine_is_allowed(settings):
    settings.DEBUG, settings.PUBLIC_URL = True, "http://127.0.0.1:8000"
    assert checks.debug_is_for_this_machine() == []


def test_a_wildcard_host_stops_the_start(settings):
    settings.ALLOWED_HOSTS = ["desk.example.com", "*"]
    assert _ids(checks.hosts_are_named()) == ["config.E002"]


def test_a_public_address_that_django_would_refuse_stops_the_start(settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://desk.example.com", ["other.example.com"]
    assert _ids(checks.public_host_is_allowed()) == ["config.E003"]


@pytest.mark.parametrize("allowed", ["desk.example.com", ".example.com"])
def test_a_public_address_that_django_knows_is_fine(settings, allowed):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://desk.example.com", [allowed]
    assert checks.public_host_is_allowed() == []


def test_a_redis_that_evicts_is_named_when_a_worker_starts(caplog, settings):
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with caplog.at_level(logging.WARNING):
            checks.warn_of_eviction()
        assert "allkeys-lru" in caplog.text
    finally:
        client.config_set("maxmemory-policy", "noeviction")
    caplog.clear()
    checks.warn_of_eviction()
    assert caplog.text == ""
