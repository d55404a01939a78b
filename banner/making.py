"""A card made by hand: once for each request of the agent, and never while a worker is making the same one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _

from banner.access import Place
from crm import customers, keys
from crm.models import CRMObject
from crm.store import open_store
from integrations.errors import IntegrationError, NotSent, OutcomeUnknown
from integrations.types import Record
from interactions.customer import search_for

logger = logging.getLogger(__name__)
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
        return _once(place, new)
    claimed_by = f"agent:{place.seat.user.pk}"
    store = open_store(place.access.crm, foreground=True)
    made = customers.make(store, new.target, search, new.values, claimed_by=claimed_by)
    if made.card is None:
        raise BeingMade(_("The card is being made already."))
    return made.card.record


def _once(place: Place, new: NewCard) -> Record:
    """A create that a double click cannot repeat: the form's token is spent unless the vendor surely did nothing."""
    key = f"banner:made:{place.seat.user.pk}:{new.token}"
    if not _is_first(key):
        raise BeingMade(_("The card is being made already."))
    try:
        return open_store(place.access.crm, foreground=True).create(new.target, new.values)
    except OutcomeUnknown:
        raise
    except Exception:
        with suppress(Exception):  # it ends by itself, and what went wrong before is what the agent must read
            cache.delete(key)
        raise


def _is_first(key: str) -> bool:
    """Whether this form is sent for the first time. Raises NotSent while Redis, which remembers it, is away."""
    try:
        return bool(cache.add(key, 1, REMEMBERED_SECONDS))
    except Exception as error:  # noqa: BLE001 - the cache's library raises many kinds
        logger.warning("The cache does not answer (%s): no second click would be noticed.", type(error).__name__)
        raise NotSent(_("Redis is away; nothing was sent. Try again when it is back.")) from None
