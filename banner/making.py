"""A card made by hand: once for each request of the agent, and never while a worker is making the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _

from banner.access import Place
from crm import customers, keys
from crm.models import CRMObject
from crm.store import open_store
from integrations.errors import IntegrationError, OutcomeUnknown
from integrations.types import Record
from interactions.customer import search_for

REMEMBERED_SECONDS = 3600
"""How long a form that was sent is recognised: longer than anybody waits before clicking again."""


class BeingMade(IntegrationError):
    """The customer's card is being made by somebody else, or by the first of two clicks: look again shortly."""

    kind = "being_made"


@dataclass(frozen=True)
class NewCard:
    """The card that the agent asked for. `token` names the form; `beside`: another card than those that were found."""

    target: CRMObject
    values: Mapping[str, object]
    token: str
    beside: bool


def make(place: Place, new: NewCard) -> Record:
    """Raises BeingMade and the errors of the store."""
    search = search_for(place.interaction)
    if new.beside or not keys.of_search(search):
        record = _once(place, new)
        customers.remember(new.target, search, record.id)
        return record
    claimed_by = f"agent:{place.seat.user.pk}"
    store = open_store(place.access.crm, foreground=True)
    made = customers.make(store, new.target, search, new.values, claimed_by=claimed_by)
    if made.card is None:
        raise BeingMade(_("The card is being made already."))
    return made.card.record


def _once(place: Place, new: NewCard) -> Record:
    """A create that a double click cannot repeat: the form's token is spent unless the vendor surely did nothing."""
    key = f"banner:made:{place.seat.user.pk}:{new.token}"
    if not cache.add(key, 1, REMEMBERED_SECONDS):
        raise BeingMade(_("The card is being made already."))
    try:
        return open_store(place.access.crm, foreground=True).create(new.target, new.values)
    except OutcomeUnknown:
        raise
    except Exception:
        cache.delete(key)
        raise
