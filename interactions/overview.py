from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from authmethods.models import AuthenticationMethod
from interactions.models import ApiKey, Delivery, DeliveryState
from interactions.queue import stalled
from interactions.waiting import wait
from maker.home import Card, Step, register, register_step

MOST = 1000
"""Counting stops here: the page says "more than", it does not count a million."""
SHOWN = (
    DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN,
    DeliveryState.WAITING, DeliveryState.HELD, DeliveryState.DEAD,
)  # fmt: skip
TONES = {
    DeliveryState.DEAD: "danger", DeliveryState.HELD: "warning", DeliveryState.WAITING: "warning",
    DeliveryState.DELIVERED: "",
}  # fmt: skip


@register
def deliveries(request: HttpRequest) -> Card | None:
    if not request.user.has_perm("interactions.view_delivery"):
        return None
    rows = [_row(state, _count(Delivery.objects.filter(state=state)), str(state.label)) for state in SHOWN]
    today = Delivery.objects.filter(delivered_at__gte=timezone.now() - timedelta(hours=24))
    rows.append(_row(DeliveryState.DELIVERED, _count(today), _("Delivered in the last 24 hours")))
    context = {"rows": rows, "told": _of_the_oldest(), "url": _changelist(), "stalled": _stalled()}
    return Card(_("Deliveries"), "interactions/overview.html", context, order=20)


@register_step
def first_key(request: HttpRequest) -> Step | None:
    if not request.user.has_perm("interactions.add_apikey"):
        return None
    return Step(
        label=_("Let interactions in"),
        help=_("Make an API key for your telephone system, or import its CDR file."),
        url=reverse("admin:interactions_apikey_changelist"),
        done=ApiKey.objects.exists(),
        order=60,
    )


def _row(state: DeliveryState, count: int, label: str) -> dict[str, object]:
    return {
        "label": label,
        "count": count,
        "more": count == MOST,
        "tone": TONES.get(state, "info") if count else "",
        "url": f"{_changelist()}?state__exact={state.value}",
    }


def _of_the_oldest() -> str:
    """How long the oldest pending delivery waits, and when the next of them is tried; of the thousand oldest."""
    pending = Delivery.objects.filter(state=DeliveryState.PENDING).order_by("created_at", "id")
    waiting = list(pending.values_list("created_at", "next_attempt_at")[:MOST])
    if not waiting:
        return ""
    age = timesince(waiting[0][0], depth=1)
    tries = [at for _created, at in waiting if at]
    if not tries:
        return _("The oldest pending one is %(age)s old.") % {"age": age}
    told = _("The oldest pending one is %(age)s old; the next attempt is %(due)s.")
    return told % {"age": age, "due": wait(min(tries))}


def _stalled() -> list[dict[str, str]]:
    """Each connection where something is due and nobody begins anything."""
    methods = stalled.connections()
    names = dict(AuthenticationMethod.objects.filter(pk__in=[one for one in methods if one]).values_list("pk", "name"))
    return [
        {"name": names[one], "url": f"{_changelist()}?method__id__exact={one}"}
        if one
        else {"name": _("cards kept here"), "url": _changelist()}
        for one in methods
        if one is None or one in names
    ]


def _count(rows: QuerySet[Delivery]) -> int:
    return len(rows.order_by().values_list("pk", flat=True)[:MOST])


def _changelist() -> str:
    return reverse("admin:interactions_delivery_changelist")
