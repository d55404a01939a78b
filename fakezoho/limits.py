"""A portal's credits for the day and its requests at once, by edition (docs/zoho-facts.md 4.3)."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from fakezoho.desk.problems import Refused
from fakezoho.knobs import Knobs
from fakezoho.portal import Portal

# Edition: credits per day, further credits per agent, requests at once.
EDITIONS = {
    "FREE": (5_000, 0, 5),
    "EXPRESS": (25_000, 100, 10),
    "STANDARD": (50_000, 250, 10),
    "PROFESSIONAL": (75_000, 500, 15),
    "ENTERPRISE": (100_000, 1_000, 25),
    "ZOHOONE": (100_000, 1_000, 25),
}
# The day of the credits is the data centre's (4.3); summer time is left aside.
HOURS_FROM_UTC = {"us": -8.0, "eu": 1.0, "in": 5.5}
# Beyond offset 2,000 lists cost more; where the steps are is not said, only their prices (4.3).
STEPS = {"low": ((2_000, 3), (3_000, 5), (4_000, 10), (5_000, 50)), "high": ((2_000, 3), (3_000, 10), (5_000, 50))}


def edition_of(portal: Portal, knobs: Knobs) -> str:
    return knobs.edition or portal.edition


def most_at_once(portal: Portal, knobs: Knobs) -> int:
    """Return the requests at once, 0 for no limit."""
    return EDITIONS[edition_of(portal, knobs)][2] if knobs.concurrency < 0 else knobs.concurrency


def credits_of_day(portal: Portal, knobs: Knobs) -> int:
    if knobs.credits >= 0:
        return knobs.credits
    base, per_agent, _ = EDITIONS[edition_of(portal, knobs)]
    agents = portal.modules["agents"].records.values()
    paid = [agent for agent in agents if agent["status"] == "ACTIVE" and agent["rolePermissionType"] != "Light"]
    return base + per_agent * len(paid)


def enter(portal: Portal, knobs: Knobs) -> None:
    """Count a request at once; raises Refused (429, without Retry-After). Always call :func:`leave`."""
    portal.in_flight += 1
    portal.most_at_once = max(portal.most_at_once, portal.in_flight)
    most = most_at_once(portal, knobs)
    if most and portal.in_flight > most:
        raise Refused("TOO_MANY_REQUESTS")


def leave(portal: Portal) -> None:
    portal.in_flight -= 1


def spend(portal: Portal, knobs: Knobs, cost: int, now: float) -> dict[str, str]:
    """Take credits and return the headers; raises Refused (429 with Retry-After) when the day's are gone."""
    day, left_of_day = _day(portal.dc, now)
    if portal.credits_day != day:
        portal.credits_day, portal.credits_used = day, 0
    limit = credits_of_day(portal, knobs)
    if portal.credits_used + cost > limit:
        refusal = Refused("THRESHOLD_EXCEEDED")
        refusal.headers = {**headers(cost, limit - portal.credits_used), "Retry-After": str(left_of_day)}
        raise refusal
    portal.credits_used += cost
    return headers(cost, limit - portal.credits_used)


def headers(cost: int, left: int) -> dict[str, str]:
    return {"X-Rate-Limit-Request-Weight-v3": str(cost), "X-Rate-Limit-Remaining-v3": str(max(0, left))}


def _day(dc: str, now: float) -> tuple[str, int]:
    """Return the data centre's date, and the seconds until its midnight."""
    zone = timezone(timedelta(hours=HOURS_FROM_UTC.get(dc, 0.0)))
    moment = datetime.fromtimestamp(now, UTC).astimezone(zone)
    midnight = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return moment.date().isoformat(), max(1, math.ceil((midnight - moment).total_seconds()))


def cost_of(operation: str, query: dict[str, Any], body: Any, steps: str) -> int:
    if operation.startswith("delete") and isinstance(body, dict):
        return 6 * sum(len(ids) for ids in body.values() if isinstance(ids, list))
    if operation.startswith("bulkUpdate"):
        return 25 if steps == "high" else max(1, math.ceil(len(body["ids"]) / 2))
    if set(query) == {"id"} and operation.startswith("search"):
        return 1
    if not operation.startswith("search") and "limit" not in query and "from" not in query:
        return 3 if operation in LISTS else 1
    offset = int(query.get("from", 0))
    return next((price for upto, price in STEPS[steps] if offset <= upto), 100)


LISTS = frozenset({
    "getCalls", "getContacts", "getAccounts", "getTickets", "getCallsByTicket", "getActivitiesForTicket",
    "getTicketsByContact", "getContactsUnderAccount", "getAccountsByContact", "getAgents", "getDepartments",
    "getLayouts",
})  # fmt: skip
