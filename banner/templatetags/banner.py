from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from interactions.models import Interaction

register = template.Library()


@register.filter
def web_link(value: object) -> str:
    """The address if a browser may safely follow it, else nothing: `javascript:` and its like are no links."""
    text = str(value or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.hostname else ""


@register.filter
def customer(interaction: Interaction) -> str:
    known = interaction.customer_name or interaction.customer_phone or interaction.customer_email
    return known or _("Unknown customer")


@register.filter
def clock(seconds: int | None) -> str:
    if seconds is None:
        return ""
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


@register.filter
def talked(interaction: Interaction) -> str:
    if interaction.ended_at is None:
        return ""
    begun = interaction.answered_at or interaction.started_at
    return clock(max(0, int((interaction.ended_at - begun).total_seconds())))


@register.filter
def moment(when: datetime) -> str:
    local = localtime(when)
    return date_format(local, "TIME_FORMAT" if local.date() == localtime().date() else "SHORT_DATE_FORMAT")
