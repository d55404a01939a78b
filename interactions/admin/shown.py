"""How a delivery is shown, the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.utils.html import format_html
from django.utils.translation import gettext as _
from unfold.decorators import display

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


LINK = "text-primary-600 dark:text-primary-500"

Method = TypeVar("Method", bound=Callable[..., Any])


def coloured(description: Any, colours: Mapping[Any, str]) -> Callable[[Method], Method]:
    """A column whose method gives (value, label): the label in the colour of the value."""
    decorator: Callable[[Method], Method] = display(description=description, label=colours)
    return decorator


def record_link(delivery: Delivery) -> str:
    """The record at the vendor, as a link where the vendor gave one (built by nobody else)."""
    if not delivery.remote_id:
        return ""
    if not delivery.remote_url.startswith(("https://", "http://")):
        return delivery.remote_id
    text = '<a class="{}" href="{}" target="_blank" rel="noopener noreferrer" title="{}">{}</a>'
    return format_html(text, LINK, delivery.remote_url, _("Open the record"), delivery.remote_id)
