"""Who is calling: contacts whose number or e-mail really is the one sought (docs/zoho-facts.md 4.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from integrations import phones
from integrations.errors import Misconfigured
from integrations.types import Connection, Record, Search
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.client import Desk
from integrations.zoho_desk.pagination import Entry, search
from integrations.zoho_desk.schema import CONTACTS
from integrations.zoho_desk.serialization import is_yes, shown

PHONES = ("phone", "mobile")
EMAILS = ("email", "secondaryEmail")
EVERYWHERE = "_all"
"""The parameter that searches all fields; it goes with no other (docs/zoho-facts.md 4.6)."""
EMAIL = re.compile(r"[^\s,*$@{}]{1,128}@[^\s,*$@{}]{1,126}")
"""An address that can be asked for: a comma would mean "any of" in a search, `*` and `${` more still."""
NOT_IN_NAME = re.compile(r"[*,${}]+")
SHORTEST_NAME, LONGEST_NAME = 2, 199
"""With its `*` a name is no longer than the 200 characters that `fullName` takes (digest)."""


def find(desk: Desk, connection: Connection, sought: Search) -> list[Record]:
    """Most recently changed first. A name is searched only when neither is given: it identifies nobody."""
    found: dict[str, Record] = {}
    hidden = ""
    for attempt in (_queries(sought), _spelled(sought)):
        for query in attempt:
            page = search(desk, connection, CONTACTS.name, {**query, "sortBy": "-modifiedTime"})
            hidden = hidden or _hidden(query, page)
            for entry in page:
                if not gone(entry) and (_by_name(query) or is_sought(entry, sought.phone, sought.email)):
                    record = shown(CONTACTS, entry)
                    found.setdefault(record.id, record)
        if found:
            break
    if hidden and not found:
        raise Misconfigured(
            f"Zoho Desk hides the field “{hidden}” of contacts from the agent who consented, so customers cannot be "
            "told apart; nothing was written. Show it to the agent's profile, or reconnect with another agent."
        )
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(found.values(), key=lambda record: record.modified_at or oldest, reverse=True)


def _hidden(query: Mapping[str, str], page: list[Entry]) -> str:
    """Hidden by the agent's profile (4.1): taken for unknown, the customer would get a contact with every
    interaction.
    """
    asked = {"secondaryEmail" if name == EVERYWHERE else name for name in query}
    names = [name for name in (*PHONES, *EMAILS) if name in asked and page and not any(name in one for one in page)]
    return names[0] if names else ""


def named(body: dict[str, object]) -> dict[str, object]:
    """A new contact with a last name, which Zoho asks for: others send the e-mail in its place (4.6)."""
    stand_in = str(body.get("email") or body.get("phone") or "")
    if "lastName" in body or not stand_in:
        return body
    return {**body, "lastName": stand_in[: CONTACTS.lengths["lastName"]]}


def is_sought(contact: Mapping[str, Any], phone: str, email: str) -> bool:
    """Whether the contact has this number (compared by its digits) or this e-mail address."""
    address = email.strip().casefold()
    return any(phones.same(str(contact.get(name) or ""), phone) for name in PHONES) or (
        bool(address) and any(str(contact.get(name) or "").strip().casefold() == address for name in EMAILS)
    )


def gone(contact: Mapping[str, Any]) -> bool:
    """Whether the contact is in the bin: a call on it would be refused with 404."""
    return is_yes(contact.get("isTrashed")) or is_yes(contact.get("isDeleted"))


def _queries(sought: Search) -> list[dict[str, str]]:
    """One search for each way to reach the person; several parameters in one search would all have to match."""
    queries = []
    if digits := phones.suffix(sought.phone):
        # Phone and mobile alone take a leading *: the number is found whatever its prefix.
        queries += [{name: f"*{digits}"} for name in PHONES]
    if EMAIL.fullmatch(sought.email.strip()):
        queries.append({"email": sought.email.strip()})
    name = " ".join(NOT_IN_NAME.sub(" ", sought.name).split())[:LONGEST_NAME]
    if not sought.phone and not sought.email and len(name) >= SHORTEST_NAME:
        queries.append({"fullName": f"{name}*"})
    return queries


def _spelled(sought: Search) -> list[dict[str, str]]:
    """A second attempt, in case Zoho compares numbers as they are written and not by their digits (not known, [G]).

    A national number is asked for as each country groups it: several values in one search are any of them (4.6). A
    second address is found by `_all`, unless `email` covers it (10).
    Only for whom the first found nobody: it costs as much again, and a duplicate contact costs more.
    """
    endings = ",".join(f"*{text}" for text in phones.written(sought.phone))
    queries = [{name: endings} for name in PHONES] if endings else []
    address = sought.email.strip()
    if assumed.second_address == EVERYWHERE and EMAIL.fullmatch(address):
        queries.append({EVERYWHERE: address})
    return queries


def _by_name(query: Mapping[str, str]) -> bool:
    return "fullName" in query
