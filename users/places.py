"""From where an account signed in before: the network, and the browser by a cookie (OWASP's device cookies).

Wrong passwords from everywhere lock an account for strangers only: what is known has limits of its own.
"""

from __future__ import annotations

import ipaddress
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from maker.client_address import client_address
from users import attempts
from users.models import KnownPlace, User

COOKIE = "deskline_known"
KEPT = timedelta(days=90)
SALT = "users.places"


def account_of(username: str) -> str:
    """One spelling for each account: a database may take a dotless i or a long s for the plain letter."""
    return username.strip().upper().lower()


def network(request: HttpRequest) -> str:
    """An address, of IPv6 its /64: whoever has one address has them all. Empty when nobody knows it."""
    text = client_address(request)
    if text is None:
        return ""
    address = ipaddress.ip_address(text)
    return text if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def is_known_network(request: HttpRequest, account: str) -> bool:
    where = network(request)
    known = KnownPlace.objects.filter(pk=attempts.key("place", account, where), ends_at__gt=timezone.now())
    return bool(where) and known.exists()


def known_browser(request: HttpRequest, account: str) -> str:
    """What tells this browser from others, when the account signed in with it; otherwise empty."""
    try:
        owner, browser = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return ""
    return str(browser) if owner == attempts.key(account) else ""


@receiver(user_logged_in)
def remember(request: HttpRequest, user: User, **_event: Any) -> None:
    """Also who came through a connector is known here from now on: it may be away some day."""
    account = account_of(user.username)
    if where := network(request):
        key = attempts.key("place", account, where)
        KnownPlace.objects.update_or_create(key=key, defaults={"ends_at": timezone.now() + KEPT})
    mine = [attempts.key(account), known_browser(request, account) or secrets.token_urlsafe(16)]
    request.known_browser = signing.dumps(mine, salt=SALT)  # type: ignore[attr-defined]


def mark(request: HttpRequest, response: HttpResponse) -> None:
    if cookie := getattr(request, "known_browser", ""):
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=KEPT,
            path=settings.LOGIN_URL.removesuffix("login/"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
