from __future__ import annotations

from collections.abc import Collection, Iterable

from integrations.types import Scope
from integrations.zoho_desk.assumptions import assumed

# Only names of the spec's own scope table: one unknown name could fail the whole request (docs/zoho-facts.md 4.4, 2.2).
API = (
    Scope("Desk.calls.READ", "Look whether a call was already written before writing it again."),
    Scope("Desk.calls.CREATE", "Write finished interactions as calls."),
    Scope("Desk.calls.UPDATE", "Add what arrives later, such as the link of the recording."),
    Scope("Desk.contacts.READ", "Show the customer's card to the agent."),
    Scope("Desk.contacts.CREATE", "Create a contact for a caller who is not known yet."),
    Scope("Desk.contacts.UPDATE", "Save what an agent changes on a card."),
    Scope("Desk.tickets.READ", "Find the ticket that an interaction belongs to."),
    Scope("Desk.tickets.CREATE", "Create a ticket from an interaction."),
    Scope("Desk.tickets.UPDATE", "Change a ticket that was created from an interaction."),
    Scope("Desk.search.READ", "Find contacts by phone number and e-mail address."),
    Scope("Desk.basic.READ", "Read the portal's name, departments, agents and fields."),
    Scope("Desk.settings.READ", "Read layouts, to say before sending what Zoho Desk would refuse."),
)

OTHER_FAMILIES = (
    "Desk.activities.CREATE",
    "Desk.activities.UPDATE",
    "Desk.activities.calls.READ",
    "Desk.activities.calls.CREATE",
    "Desk.activities.calls.UPDATE",
    "Desk.departments.READ",
    "Desk.fields.READ",
    "Desk.layouts.READ",
    "Desk.organization.READ",
)
"""What Zoho's files list beside ours for the requests that we send. Any one family is taken to serve (4.4); should Zoho
want all, these are the further_scopes that an operator has to name. Most are not in the spec's table."""


def asked() -> tuple[Scope, ...]:
    return API + tuple(Scope(name, "Named by the operator of this server.") for name in assumed.further_scopes)


def missing(needed: Iterable[str], granted: Collection[str]) -> list[str]:
    """Neither by name nor by the `.ALL` of their area; none while nobody told which were (docs/zoho-facts.md 2.3,
    2.7).
    """
    known = {scope.lower() for scope in granted}
    return [right for right in needed if known and not {right.lower(), _all_of(right)} & known]


def _all_of(right: str) -> str:
    return f"{right.rpartition('.')[0]}.ALL".lower()
