from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
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


def state_label(delivery: Delivery) -> SafeString:
    colour = STATE_COLOURS.get(DeliveryState(delivery.state), "")
    return render_to_string("unfold/helpers/label.html", {"text": delivery.get_state_display(), "type": colour})


def two_lines(first: object, second: object = "") -> SafeString:
    """The second one small; each is cut at the end of the column, and shown in full on hover."""
    line = format_html('<span class="delivery-line" title="{}">{}</span>', first, first)
    return format_html('<span class="delivery-lines">{}{}</span>', line, small(second))


def small(text: object) -> SafeString:
    line = '<small class="maker-small delivery-line" title="{}">{}</small>'
    return format_html(line, text, text) if text else SafeString()


def day_and_time(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return two_lines(date_format(local, "DATE_FORMAT"), date_format(local, "TIME_FORMAT"))


def record_link(delivery: Delivery) -> str:
    """The record at the vendor, as a link where the vendor gave one: we build none ourselves."""
    if not delivery.remote_id:
        return ""
    if not delivery.remote_url.startswith(("https://", "http://")):
        return delivery.remote_id
    where = delivery.method.vendor.label if delivery.method else _("the CRM")
    text = '<a class="{}" href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
    return format_html(
        text, LINK, delivery.remote_url, two_lines(delivery.remote_id, _("Open in %(crm)s ↗") % {"crm": where})
    )
