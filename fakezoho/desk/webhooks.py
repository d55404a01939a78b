"""Webhooks as records: how many an edition may have, and what they subscribe to (docs/zoho-facts.md 4.8)."""

from __future__ import annotations

from typing import Any

from fakezoho.desk.listing import page
from fakezoho.desk.problems import Refused, invalid
from fakezoho.desk.request import EMPTY_200, DeskRequest
from fakezoho.limits import edition_of
from fakezoho.module import Record

ALLOWED = {"PROFESSIONAL": 5, "ENTERPRISE": 10, "ZOHOONE": 10}


def webhooks(r: DeskRequest) -> Any:
    return page(list(r.module("webhooks").records.values()))


def webhook(r: DeskRequest) -> Any:
    return r.found("webhooks", r.path["webhookId"])


def create_webhook(r: DeskRequest) -> Any:
    if not r.body.get("url", "").startswith(("http://", "https://")):
        raise invalid("/url", "invalid" if r.body.get("url") else "missing")
    if not r.body.get("subscriptions"):
        raise invalid("/subscriptions", "missing")
    record: Record = {"name": "Webhook", "isEnabled": True, "description": None, "ignoreSourceId": None, **r.body}
    _check_allowance(r, record, "")
    return r.store("webhooks", {**record, "id": r.portal.new_id()})


def update_webhook(r: DeskRequest) -> Any:
    old = r.found("webhooks", r.path["webhookId"])
    record = {**old, **r.body, "id": old["id"]}
    _check_allowance(r, record, old["id"])
    return r.store("webhooks", record)


def _check_allowance(r: DeskRequest, record: Record, own_id: str) -> None:
    others = sum(w["isEnabled"] for w in r.module("webhooks").records.values() if w["id"] != own_id)
    edition = edition_of(r.portal, r.knobs)
    most = ALLOWED.get(edition, 0)
    if record["isEnabled"] and others >= most:
        refusal = Refused("LICENSE_ACCESS_LIMITED")
        refusal.body |= {"feature": "Webhooks", "editionType": edition, "maxAllowedEntity": most, "isTrial": False}
        raise refusal


def delete_webhook(r: DeskRequest) -> Any:
    r.discard("webhooks", r.found("webhooks", r.path["webhookId"])["id"])
    return EMPTY_200
