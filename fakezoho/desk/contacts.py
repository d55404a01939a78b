from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fakezoho.clock import timestamp
from fakezoho.desk import matching, metadata
from fakezoho.desk.addresses import is_address
from fakezoho.desk.listing import cut, ordered, page, refuse_minus, search_page, searched
from fakezoho.desk.matching import Match
from fakezoho.desk.problems import Refused, invalid
from fakezoho.desk.request import DeskRequest
from fakezoho.desk.shapes import CONTACT_TEXTS, as_id, new_contact, person_reference
from fakezoho.index import full_name
from fakezoho.module import Record

PATCH_SHORTER = {"city": 30, "state": 30, "country": 30}
RANGES = {"createdTimeRange": "createdTime", "modifiedTimeRange": "modifiedTime"}
EVERYWHERE = ("firstName", "lastName", "email", "phone", "mobile", "secondaryEmail")


def contacts(r: DeskRequest) -> Any:
    refuse_minus(r)
    records = _ordered(r)
    return page([_with_included(r, record) for record in cut(records, r.query, r.knobs.list_base, 10)])


def _ordered(r: DeskRequest) -> Iterable[Record]:
    accounts = r.module("accounts").records
    others: dict[str, Callable[[Record], Any]] = {
        "fullName": full_name,
        "account": lambda contact: accounts.get(contact["accountId"] or "", {}).get("accountName"),
    }
    return ordered(r.listed("contacts"), r.query.get("sortBy"), others)


def contact(r: DeskRequest) -> Any:
    return _with_included(r, r.found("contacts", r.path["contactId"]))


def _with_included(r: DeskRequest, record: Record) -> Record:
    asked, found = r.query.get("include", ()), Record()
    if "accounts" in asked:
        account = r.module("accounts").records.get(record["accountId"] or "")
        found["account"] = account and {name: account[name] for name in ("id", "accountName", "website")}
    if "owner" in asked:
        found["owner"] = person_reference(r.module("agents").records.get(record["ownerId"] or ""))
    return record | found


def contacts_by_ids(r: DeskRequest) -> Any:
    records = r.module("contacts").records
    return page([records[i] for i in r.query["ids"] if i in records])


def create_contact(r: DeskRequest) -> Any:
    _check(r)
    return r.store("contacts", new_contact(r.portal, r.body, r.now))


def update_contact(r: DeskRequest) -> Any:
    old = r.found("contacts", r.path["contactId"])
    for name, longest in PATCH_SHORTER.items():
        if len(r.body.get(name, "")) > longest:
            raise invalid(f"/{name}")
    _check(r, old["id"])
    changes: Record = {name: r.body[name] for name in CONTACT_TEXTS if name in r.body}
    changes |= {name: as_id(r.body[name]) for name in ("zip", "accountId", "ownerId", "layoutId") if name in r.body}
    cf = {**old["cf"], **(r.body.get("cf") or {})}
    return r.store("contacts", {**old, **changes, "cf": cf, "modifiedTime": timestamp(r.now)})


def _check(r: DeskRequest, own_id: str = "") -> None:
    if "lastName" in r.body and not r.body["lastName"].strip():
        raise invalid("/lastName", "missing")
    r.referred("accounts", "accountId")
    r.referred("agents", "ownerId")
    metadata.check(r, "contacts")
    for name in ("email", "secondaryEmail"):
        if r.body.get(name) and not is_address(r.body[name]):
            raise invalid(f"/{name}")
    email = r.body.get("email", "")
    same = r.module("contacts").having("email", email) if email and r.knobs.duplicate_email == "refuse" else []
    if any(other["id"] != own_id for other in same):
        raise invalid("/email", "duplicate")


def trash_contacts(r: DeskRequest) -> Any:
    for contact_id in r.body["contactIds"]:
        r.found("contacts", contact_id)
    for contact_id in r.body["contactIds"]:
        r.discard("contacts", str(contact_id))


def search_contacts(r: DeskRequest) -> Any:
    return search_page(r, searched(r, "contacts", _matches(r)))


def _matches(r: DeskRequest) -> list[Match]:
    query = r.query
    filters = set(query) - {"sortBy", "limit", "from"}
    if "_all" in filters and (len(filters) > 1 or len(query["_all"].strip("*")) < 3):
        raise Refused("UNPROCESSABLE_ENTITY", "'_all' takes 3 characters or more and no other filter.")
    found = [
        matching.phone_match(name, query[name], r.knobs.phone_search) for name in ("phone", "mobile") if name in query
    ]
    if "id" in query:
        found.append(matching.text_match("id", query["id"]))
    if "email" in query:
        emails = ("email", "secondaryEmail") if r.knobs.email_search == "both" else ("email",)
        found.append(matching.any_of([matching.text_match(name, query["email"]) for name in emails]))
    found += [matching.text_match(name, query[name].split(",")) for name in ("firstName", "lastName") if name in query]
    if "fullName" in query:
        found.append(matching.full_name_match(query["fullName"].split(",")))
    if "accountName" in query:
        found.append(matching.account_match(r.module("accounts").records, query["accountName"].split(",")))
    if "_all" in query:
        found.append(matching.words_match(EVERYWHERE, query["_all"]))
    found += matching.custom_field_matches(query)
    return found + matching.range_matches(query, RANGES)


def accounts(r: DeskRequest) -> Any:
    records = ordered(r.listed("accounts"), r.query.get("sortBy"))
    return page(cut(records, r.query, 1, 10))


def account(r: DeskRequest) -> Any:
    return r.found("accounts", r.path["accountId"])


def accounts_of_contact(r: DeskRequest) -> Any:
    own = r.found("contacts", r.path["contactId"])["accountId"]
    record = r.module("accounts").records.get(own) if own else None
    starts = r.query.get("startsWith", "").lower()
    found = [record] if record and record["accountName"].lower().startswith(starts) else []
    return page(cut(found, r.query, 1, 10))


def contacts_of_account(r: DeskRequest) -> Any:
    account_id = r.found("accounts", r.path["accountId"])["id"]
    records = _ordered(r)
    spam = r.query.get("isSpam", False)
    own = (record for record in records if record["accountId"] == account_id and record["isSpam"] == spam)
    return page(cut(own, r.query, r.knobs.list_base, 10))
