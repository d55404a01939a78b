from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.utils.translation import gettext as _

from banner.assigned import assigned_card
from banner.context import CardContext
from crm import identity
from crm.customers import claims, resolve
from crm.models import CRMObject
from crm.stores.opening import open_store
from integrations.errors import IntegrationError, OutcomeUnknown, RecordGone
from integrations.types import Record
from interactions.customer import search_for
from outbound.deadline import Deadline, within

AT_ONCE = timedelta(0)


class BeingMade(IntegrationError):
    """The card is being made by somebody else, or by the first of two clicks: look again shortly."""

    kind = "being_made"


class Unsure(OutcomeUnknown):
    """A card of nobody in particular may have been made, and only a person can see whether it was."""

    kind = "unsure"


class MayNotChange(IntegrationError):
    kind = "may_not_change"


@dataclass(frozen=True)
class NewCard:
    """What the agent asked for. `token` names the form; `beside`: another card than those that were found."""

    target: CRMObject
    values: Mapping[str, object]
    token: str
    beside: bool


@dataclass(frozen=True)
class Made:
    """`is_new`: it was made just now with what the agent typed; another holds what somebody else wrote."""

    record: Record
    is_new: bool


def make(context: CardContext, new: NewCard) -> Made:
    """Make it once per form, and never while a worker makes the same one. Raises BeingMade and the store's errors."""
    search = search_for(context.interaction)
    if new.beside or not identity.of_search(search):
        return _once(context, new)
    store = open_store(context.access.crm, foreground=True)
    assigned = assigned_card(context.interaction, context.access.crm)
    if assigned is not None and assigned[0] == new.target.api_name:
        with suppress(RecordGone):  # since the form was opened, somebody chose this card, or a worker found it
            return Made(store.read(new.target, assigned[1]), is_new=False)
    made = resolve.make(store, new.target, search, new.values, claimed_by=f"agent:{context.agent.user.pk}")
    if made.card is None:
        raise BeingMade(_("The card is being made already."))
    return Made(made.card.record, made.is_new)


def _once(context: CardContext, new: NewCard) -> Made:
    """Make it once per form. After a lost answer only a new form repeats it: the agent alone sees if it exists."""
    store = open_store(context.access.crm, foreground=True)
    key = claims.of_form(context.agent.user.pk, new.token or uuid4().hex)
    claim = claims.take(new.target, [key], f"agent:{context.agent.user.pk}")
    if claim is None:
        if made := claims.made(new.target, key):
            return Made(store.read(new.target, made), is_new=False)
        raise BeingMade(_("The card is being made already."))
    if claim.write_began_at:
        claims.pause(claim, AT_ONCE)
        raise Unsure(_("The answer to this form was lost; it was not sent again."))
    until = Deadline()
    if not claims.begin_write(claim, new.values):
        raise BeingMade(_("The card is being made already."))
    try:
        with within(until):
            record = store.create(new.target, new.values)
    except OutcomeUnknown as error:
        claims.pause(claim, AT_ONCE)
        raise Unsure(error.message, code=error.code, status=error.status) from None
    except IntegrationError:
        claims.release(claim)
        raise
    claims.settle(claim, record.id)
    return Made(record, is_new=True)
