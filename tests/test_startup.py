from __future__ import annotations

from django.core.cache import cache
from django.core.management import call_command


def test_the_system_checks_find_nothing():
    call_command("check", fail_level="WARNING")


def test_the_cache_is_a_real_server():
    cache.set("greeting", "hello")
    assert cache.get("greeting") == "hello"
    assert cache._cache.get_client().info("server")["tcp_port"] > 0  # type: ignore[attr-defined]
