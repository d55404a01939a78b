"""How a delivery is shown, the same everywhere."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.translation import gettext as _

from interactions.models import Delivery, DeliveryState

STATE_COLOURS = {
    DeliveryState.PENDING: "info",
    DeliveryState.SENDING: "info",
    DeliveryState.UNKNOWN: "info",
    DeliveryState.DELIVERED: "success",
    DeliveryState.WAITING: "warning",
    DeliveryState.HELD: "warning",
    DeliveryState.DEAD: "danger",
}


def record_link(delivery: Delivery) -> str:
    """The record at the vendor, as a link where the vendor gave one (built by nobody else)."""
    if not delivery.remote_id:
        return ""
    if not delivery.remote_url.startswith(("https://", "http://")):
        return delivery.remote_id
    text = '<a href="{}" target="_blank" rel="noopener noreferrer" title="{}">{}</a>'
    return format_html(text, delivery.remote_url, _("Open the record"), delivery.remote_id)
