"""What the Maker's first page says of deliveries, and the first step that lets interactions in."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from interactions.models import ApiKey, Delivery, DeliveryState
from maker.home import Card, Step, register, register_step

MOST = 1000
"""Counting stops here: the page says "more than", it does not count a million."""
SHOWN = (
    DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN,
    DeliveryState.WAITING, DeliveryState.HELD, DeliveryState.DEAD,
)  # fmt: skip
TONES = {DeliveryState.DEAD: "danger", DeliveryState.HELD: "warning", DeliveryState.WAITING: "warning"}


@register
def deliveries(request: HttpRequest) -> Card | None:
    if not request.user.has_perm("interactions.view_delivery"):
        return None
    changelist = reverse("admin:interactions_delivery_changelist")
    rows = [
        {
            "label": state.label,
            "count": count,
            "more": count == MOST,
            "tone": TONES.get(state, "info") if count else "",
            "url": f"{changelist}?state__exact={state.value}",
        }
        for state in SHOWN
        for count in [_count(state)]
    ]
    context = {"rows": rows, "url": changelist}
    return Card(_("Deliveries"), "interactions/frontpage.html", context, order=20)


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


def _count(state: str) -> int:
    return len(Delivery.objects.filter(state=state).order_by().values_list("pk", flat=True)[:MOST])
