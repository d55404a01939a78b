"""What an agent, his telephone system and the workers do, step by step."""

from __future__ import annotations

import html as markup
import re
from typing import Any

from django.test import Client

from crm.models import CRMObject
from interactions.models import Interaction
from tests.banner.test_cards import new_form, part, send, show
from tests.interactions.source import Source
from tests.interactions.steps import work
from tests.zoho import Zoho

__all__ = ["create", "end", "form_of", "new_form", "part", "people", "send", "show", "work"]


def end(call: Interaction, **more: object) -> None:
    """The caller hangs up."""
    ended = {"status": "completed", "ended_at": call.started_at.isoformat(), **more}
    assert Source(Client(), call.source).patch(call.pk, ended).status_code == 200


def create(page: Client, contacts: CRMObject, call: Interaction, query: str = "", **typed: str) -> str:
    """Open the form of a new card, type, and send it."""
    path, sent = new_form(page, contacts.crm, call, query)
    return send(page, path, **sent | typed)


def people(zoho: Zoho, **known: str) -> list[dict[str, Any]]:
    """The contacts of the portal that have these values."""
    records = zoho.stand_in.records("eu", "acme", "contacts")
    return [record for record in records if known.items() <= record.items()]


def form_of(html: str) -> tuple[str, dict[str, str]]:
    """Where the form in this answer is sent, and what it sends untouched."""
    address = re.search(r'hx-post="([^"]+)"', html)
    assert address
    fields = re.findall(r'<input [^>]*name="([\w.]+)"[^>]*?value="([^"]*)"', html)
    return address.group(1), {name: markup.unescape(value) for name, value in fields}
