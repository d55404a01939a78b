"""How contacts are found by number (zoho-facts.md 4.6). The numbers are the portal's own, and none is ever shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from integrations import phones
from integrations.zoho_desk.contacts import EMAIL, PHONES
from integrations.zoho_desk.probes.account import PAGE, Account, Entry
from integrations.zoho_desk.probes.probe import (
    REPORT,
    Finding,
    Probe,
    different,
    judged,
    probe,
    same,
    unclear,
)
from integrations.zoho_desk.serialization import moment_of

INDEXED = timedelta(hours=1)
"""Younger contacts come last: the search index may not have them yet."""
RUN_OF_DIGITS = re.compile(r"\+?\d{8,15}")
ANY = {"lastName": "${notempty}"}


class Number(NamedTuple):
    contact: str
    field: str
    text: str
    suffix: str


def _numbers(account: Account) -> Iterator[Number]:
    latest = datetime.now(UTC) - INDEXED

    def is_young(contact: Entry) -> bool:
        created = moment_of(contact.get("createdTime"))
        return created is None or created >= latest

    for contact in sorted(account.contacts, key=is_young):
        for field in PHONES:
            text = str(contact.get(field) or "").strip()
            if len(suffix := phones.suffix(text)) >= phones.LONG_ENOUGH:
                yield Number(str(contact.get("id")), field, text, suffix)


def _together(number: Number) -> bool:
    return bool(RUN_OF_DIGITS.fullmatch(number.text))


def _apart(number: Number) -> bool:
    return number.suffix not in number.text and number.text.isascii()


def _international(number: Number) -> bool:
    return number.text.startswith("+") and not re.sub(r"\D", "", number.text).endswith(f"0{number.suffix}")


def _search(
    name: str, assumed: str, fits: Callable[[Number], bool], pattern: Callable[[Number], str], *, finds: bool,
    change: str = "",
) -> Probe:  # fmt: skip
    def ask(account: Account) -> Finding:
        number = next(filter(fits, _numbers(account)), None)
        if number is None:
            return unclear("None of the first 100 contacts has such a number.")
        heard = account.wire.get("/contacts/search", {number.field: pattern(number), **PAGE})
        if not heard.ok:
            return different(heard.said) if heard.refused else unclear(heard.said)
        found = number.contact in {str(entry.get("id")) for entry in heard.entries}
        return judged(found == finds, f"{heard.said}, {'found' if found else 'not found'}")

    return Probe(name, "4.6", assumed, change or "Nothing here: the client compares digits itself. Report it.", ask)


@probe("search-first-number", "4.7", "The first record of a search has number 0 (`from`).")
def first_number(account: Account) -> Finding:
    def ids(**page: str) -> list[str]:
        query = {**ANY, "sortBy": "createdTime", **page}
        return [str(entry.get("id")) for entry in account.wire.get("/contacts/search", query).entries]

    both, one = ids(limit="2"), ids(**{"limit": "1", "from": "1"})
    if len(both) < 2:
        return unclear("The search finds fewer than two contacts.")
    return same("from=1 is the second") if one == both[1:] else judged(False, "from=1 is not the second")


@probe(
    "search-furthest-number",
    "4.7",
    "A search takes `from` up to 4999.",
    "Nothing here: the client reads the first page of a search. Report it.",
)
def furthest(account: Account) -> Finding:
    heard = account.wire.get("/contacts/search", {**ANY, "limit": "1", "from": "4999"})
    return judged(heard.ok, heard.said) if heard.ok or heard.refused else unclear(heard.said)


@probe("search-second-address", "9, 10", "A second address is found by `_all`, and not by `email`.")
def second_address(account: Account) -> Finding:
    having = ((str(one.get("id")), str(one.get("secondaryEmail") or "")) for one in account.contacts)
    contact, address = next(((key, text) for key, text in having if EMAIL.fullmatch(text)), ("", ""))
    if not contact:
        return unclear("None of the first 100 contacts shows a second address.")
    found = {}
    for name in ("_all", "email"):
        heard = account.wire.get("/contacts/search", {name: address, **PAGE})
        if not heard.ok and not heard.refused:
            return unclear(heard.said)
        found[name] = contact in {str(entry.get("id")) for entry in heard.entries}
    if found["email"]:
        return different("`email` finds it", 'Set second_address to "email": it spares a request.')
    if not found["_all"]:
        return different("neither finds it", REPORT)
    return same("`_all` alone finds it")


@probe("search-count", "4.1", "`count` of a search is a number, not text.")
def count(account: Account) -> Finding:
    heard = account.wire.get("/contacts/search", {**ANY, "limit": "1"})
    if not heard.entries:
        return unclear(f"{heard.said}, without contacts")
    kind = {int: "a number", str: "text", type(None): "absent"}.get(type(heard.body.get("count")), "something else")
    return judged(kind == "a number", kind)


PROBES = (
    _search(
        "phone-wildcard", "A number is found by a leading * and the end of its digits, whatever its prefix.",
        _together, lambda number: f"*{number.suffix}", finds=True,
        change="Report it: callers are then found only by the whole number as it is written.",
    ),
    _search(
        "phone-digits", "A number written with spaces is found by its bare digits.",
        _apart, lambda number: f"*{number.suffix}", finds=True,
        change="Nothing here: the client then asks again with the usual spellings, which costs twice as much. Numbers "
        "kept without separators (+33142234140) are found at once. Report it.",
    ),
    _search(
        "phone-without-wildcard", "Without the * a number is found only as a whole, prefix included.",
        lambda number: _together(number) and _international(number), lambda number: number.suffix, finds=False,
    ),
    _search(
        "phone-leading-zero", "An international number is not found by its national form with a leading zero.",
        _international, lambda number: f"*0{number.suffix}", finds=False,
    ),
    first_number,
    furthest,
    second_address,
    count,
)  # fmt: skip
