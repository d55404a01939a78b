"""Refuses to start with keys that protect nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

SHORTEST_FERNET_KEY = 20
SHORTEST_SECRET_KEY = 50


@register(Tags.security)
def keys(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """FERNET_KEYS must be there, long, and not SECRET_KEY: the field would take that one without a word."""
    fernet = [key for key in getattr(settings, "FERNET_KEYS", []) if key]
    found: list[CheckMessage] = []
    if not fernet:
        found.append(
            Error(
                "FERNET_KEYS is empty, so stored credentials would be encrypted with SECRET_KEY.",
                hint="Set FERNET_KEYS to one or more long random texts, the newest first.",
                id="authmethods.E001",
            )
        )
    if settings.SECRET_KEY in fernet:
        found.append(
            Error(
                "One of FERNET_KEYS is SECRET_KEY: who reads a signed cookie's key would open every credential.",
                hint="Put another key in front, run `manage.py rotate_keys`, then take SECRET_KEY out of the list.",
                id="authmethods.E002",
            )
        )
    if any(len(key) < SHORTEST_FERNET_KEY for key in fernet):
        found.append(
            Error(
                f"One of FERNET_KEYS is shorter than {SHORTEST_FERNET_KEY} characters and could be guessed.",
                hint="Put a long random text in front, run `manage.py rotate_keys`, then remove the short one.",
                id="authmethods.E003",
            )
        )
    if len(settings.SECRET_KEY) < SHORTEST_SECRET_KEY:
        found.append(
            Error(
                f"SECRET_KEY is shorter than {SHORTEST_SECRET_KEY} characters and could be guessed.",
                hint="Set a long random text. Everybody has to sign in again afterwards; nothing else is lost.",
                id="authmethods.E004",
            )
        )
    return found
