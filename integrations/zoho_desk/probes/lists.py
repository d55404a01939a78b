"""Order, pages and filters of lists (docs/zoho-facts.md 4.3, 4.5, 4.7)."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.probes.account import PAGE, Account
from integrations.zoho_desk.probes.probe import (
    HARMLESS,
    Finding,
    Probe,
    different,
    judged,
    probe,
    same,
    unclear,
)
from integrations.zoho_desk.probes.wire import Heard, filter_by
from integrations.zoho_desk.serialization import CUSTOM, moment_of

BY_CREATION = {"sortBy": "createdTime"}
FROM_THE_FAR_END = "Nothing here: the list is then read from its far end. Report it."
STEP_COSTS = 5
"""Credits for a page beyond the 2,000th record (4.3: 5 or 10)."""


def _newest_first(module: str) -> Probe:
    @probe(f"newest-first-{module}", "4.5, 8", f"GET /{module} takes sortBy=-createdTime and gives the newest first.")
    def ask(account: Account) -> Finding:
        heard = account.wire.get(f"/{module}", {**PAGE, "sortBy": "-createdTime"})
        if heard.refused:
            return different(heard.said, FROM_THE_FAR_END)
        if not heard.ok:
            return unclear(heard.said)
        moments = [moment for entry in heard.entries if (moment := moment_of(entry.get("createdTime")))]
        if len(set(moments)) < 2:
            return unclear(f"{heard.said}, with too few {module} to see an order")
        ordered = moments == sorted(moments, reverse=True)
        answered = f"{heard.said}, the newest {'' if ordered else 'not '}first"
        return same(answered) if ordered else different(answered, FROM_THE_FAR_END)

    return ask


def _first_number(path: str, order: Mapping[str, str]) -> Probe:
    @probe(f"first-number-{path}", "4.7, 8", f"The first record of GET /{path} has number 1 (`from`).")
    def ask(account: Account) -> Finding:
        def page(**numbers: str) -> Heard:
            return account.wire.get(f"/{path}", {**order, **numbers})

        first = page(limit="2")
        both = _ids(first)
        if not first.ok or len(both) < 2:
            return unclear(f"There are fewer than two {path}." if first.ok else first.said)
        zero, one = (_ids(page(**{"limit": "1", "from": number})) for number in ("0", "1"))
        if one == both[:1]:
            return same("from=1 is the first, " + ("and so is from=0" if zero == one else "from=0 gives nothing of it"))
        if one == both[1:]:
            return different("from=1 is the second")
        return unclear("The order changed meanwhile.")

    return ask


def _ids(heard: Heard) -> list[str]:
    return [str(entry.get("id")) for entry in heard.entries]


@probe(
    "furthest-number-calls",
    "4.7",
    "GET /calls shows records up to the number furthest_from.",
    "Set furthest_from to 999, the number of the spec.",
)
def furthest(account: Account) -> Finding:
    heard = account.wire.get("/calls", {"limit": "1", "from": str(assumed.furthest_from)})
    answered = f"from={assumed.furthest_from}: {heard.said}"
    return judged(heard.ok, answered) if heard.ok or heard.refused else unclear(answered)


@probe(
    "list-cost",
    "4.3, 8",
    f"A page of a list beyond the 2,000th record costs {STEP_COSTS} credits.",
    "Nothing here: the remaining credits are read from Zoho's headers. Report it.",
)
def cost(account: Account) -> Finding:
    heard = account.wire.get("/contacts", {"limit": "1", "from": "2001"})
    if heard.weight is None:
        return unclear(f"{heard.said}, without a cost")
    if not heard.entries and heard.weight < STEP_COSTS:
        return unclear(f"{heard.weight}, with fewer than 2,000 contacts")
    return judged(heard.weight == STEP_COSTS, str(heard.weight))


@probe(
    "call-filters",
    "4.5, 8",
    "GET /calls takes `filters` on the subject, and gives nothing when no call meets it.",
    "Nothing here: the client does not use filters. Report it.",
)
def filters(account: Account) -> Finding:
    heard = account.wire.get("/calls", {"limit": "1", **filter_by("subject", "zoho_check: no call is called so")})
    if heard.refused:
        return different(heard.said)
    if not heard.ok or not account.calls:
        return unclear(heard.said if not heard.ok else f"{heard.said}, but there are no calls")
    return judged(not heard.entries, f"{heard.said}, {'and calls that do not meet it' if heard.entries else 'nothing'}")


@probe("listed-custom-field", "4.5", "With fields=cf_… a list shows the value inside cf, not beside it.", HARMLESS)
def custom_field(account: Account) -> Finding:
    name = next((name for name in account.call_fields if name.startswith(CUSTOM)), "")
    if not name:
        return unclear("Calls of this portal have no custom field.")
    heard = account.wire.get("/calls", {**PAGE, "fields": name})
    if not heard.entries:
        return unclear(f"{heard.said}: no calls")
    nested = any(isinstance(entry.get("cf"), Mapping) and name in entry["cf"] for entry in heard.entries)
    flat = any(name in entry for entry in heard.entries)
    if not nested and not flat:
        return different("It shows nowhere.", "Nothing here: the marker is read from the subject. Report it.")
    return judged(nested and not flat, "inside and beside" if nested and flat else "inside" if nested else "beside")


PROBES = (
    _newest_first("calls"),
    _newest_first("contacts"),
    _newest_first("tickets"),
    _first_number("calls", BY_CREATION),
    _first_number("contacts", BY_CREATION),
    _first_number("departments", {}),
    _first_number("agents", {}),
    furthest,
    cost,
    filters,
    custom_field,
)
