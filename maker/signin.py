"""Signing in to the Maker with a password, and the limits that keep it from being guessed."""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from redis import RedisError
from unfold.forms import AuthenticationForm

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 300
PER_ACCOUNT_AND_ADDRESS = 5
PER_ADDRESS = 50
"""Many people may share one address (a call centre behind one router)."""
PER_ACCOUNT = 100
"""High, since whoever knows an e-mail could keep its owner out."""


class SignInForm(AuthenticationForm):
    """Counts failures by account and address. One message for every failure tells nobody which accounts exist."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("This e-mail and password do not open the Maker. Check both; upper and lower case matter."),
    }

    def clean(self) -> dict[str, Any]:
        limits = _limits(self.request, str(self.cleaned_data.get("username", "")))
        if _exceeded(limits):
            raise ValidationError(_("Too many attempts. Wait five minutes, then try again."), code="too_many_attempts")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            _count(limits)
            raise
        return cleaned


def _limits(request: HttpRequest, username: str) -> dict[str, int]:
    """Cache keys, and how many failures each allows. Hashed, so that the cache holds no e-mail and no address."""
    # Both, since a database may take a dotless i or a long s for the plain letter: one account has one count.
    account = username.strip().upper().lower()
    address = get_adapter().get_client_ip(request)
    return {
        _key("both", account, address): PER_ACCOUNT_AND_ADDRESS,
        _key("address", address): PER_ADDRESS,
        _key("account", account): PER_ACCOUNT,
    }


def _key(*parts: str) -> str:
    return "signin:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _exceeded(limits: dict[str, int]) -> bool:
    try:
        counted = cache.get_many(limits)
    except RedisError:  # only the password hash slows guessing now, but administrators can get in and mend things
        logger.warning("Sign-in attempts cannot be counted: Redis is away")
        return False
    return any(counted.get(key, 0) >= most for key, most in limits.items())


def _count(limits: dict[str, int]) -> None:
    with suppress(RedisError, ValueError):  # ValueError: the key has just expired
        for key in limits:
            cache.add(key, 0, WINDOW_SECONDS)
            cache.incr(key)
