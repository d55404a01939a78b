from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from maker.client_address import client_address
from sso.models import SignInRefusal, SSOConnector

PER_ADDRESS = 20
"""Refusals recorded of one address in ten minutes; a whole office may be behind one."""
PER_HOUR = 300
"""Refusals recorded in an hour, of all addresses together."""
KEPT = 20_000
"""How many refusals are kept, the newest: whatever an attacker does, the table grows no further."""


def refuse(request: HttpRequest, connector: SSOConnector | None, reason: str, *, claimed: str = "") -> HttpResponse:
    """Record why, and say the same to everybody: the page must not tell which accounts exist."""
    address, now = client_address(request), timezone.now()
    lately = SignInRefusal.objects.filter(at__gt=now - timedelta(minutes=10), address=address)
    in_an_hour = SignInRefusal.objects.filter(at__gt=now - timedelta(hours=1))
    if lately.count() < PER_ADDRESS and in_an_hour.count() < PER_HOUR:
        row = SignInRefusal.objects.create(
            connector=connector, reason=printable(reason)[:500], claimed=printable(claimed)[:254], address=address
        )
        SignInRefusal.objects.filter(pk__lte=row.pk - KEPT).delete()
    response = render(request, "sso/refused.html", status=403)
    # The address of the page may carry the vendor's code and state.
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def printable(text: str) -> str:
    """Drop what strangers put into a profile to break the table (zero bytes) or mislead its reader."""
    return "".join(character for character in text if character.isprintable())
