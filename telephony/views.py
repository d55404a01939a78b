from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from interactions.models import Installation
from telephony.models import TelephonySystem
from telephony.recordings import signature, where_it_lies


@never_cache
@require_safe
def recording(request: HttpRequest, system_id: int, day: str, signed: str, name: str) -> HttpResponse:
    """To where the file lies now. Whoever holds the address may follow it, as the agents who find it in Zoho Desk."""
    system = TelephonySystem.objects.filter(pk=system_id).first()
    if system is None:
        raise Http404
    if not compare_digest(signed, signature(Installation.load().marker_key, system_id, day, name)):
        raise Http404
    ended = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
    days = system.recordings_days
    is_over = days is not None and timezone.now() > ended + timedelta(days=days + 1)
    if is_over or not system.recordings or system.is_revoked(name):
        return render(request, "telephony/revoked.html", status=410)
    answer = redirect(where_it_lies(system.recordings)(name, ended))
    answer["Referrer-Policy"] = "no-referrer"
    return answer
