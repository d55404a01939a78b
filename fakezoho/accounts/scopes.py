"""Which scopes exist, how they are written, and what they mean in words (docs/zoho-facts.md 2.2, 4.4)."""

from __future__ import annotations

from functools import cache

from fakezoho.knobs import Knobs
from fakezoho.spec import digest, operations

PROFILE = "aaaserver.profile.read"
SIGN_IN = {"openid", "email", "profile", "phone", PROFILE}
AREAS = {
    "calls": "calls", "contacts": "contacts", "tickets": "tickets", "basic": "basic data",
    "settings": "settings", "events": "events and webhooks", "tasks": "tasks", "activities": "activities",
    "agents": "agents", "departments": "departments", "fields": "fields", "layouts": "layouts",
    "organization": "the organization", "webhooks": "webhooks",
}  # fmt: skip
VERBS = {
    "read": "View",
    "create": "Create",
    "update": "Change",
    "delete": "Delete",
    "all": "View, create, change and delete",
}


@cache
def _families() -> tuple[frozenset[str], frozenset[str]]:
    """Return the scopes that the spec declares, and those that its operations name besides, in lower case."""
    scheme = digest()["components"]["securitySchemes"]["zohoOAuth"]
    declared = {scope.lower() for scope in scheme["x-scopes-declared-in-source"]}
    named = {scope for operation in operations().values() for rule in operation.scopes for scope in rule}
    return frozenset(declared | {_all(s) for s in declared}), frozenset(named | {_all(s) for s in named})


def _all(scope: str) -> str:
    return scope.rpartition(".")[0] + ".all"


def exists(scope: str, knobs: Knobs) -> bool:
    declared, named = _families()
    wanted = scope.lower()
    if wanted == "desk.contacts.all" and not knobs.contacts_all:
        return False
    return wanted in SIGN_IN or wanted in declared or (knobs.undeclared_scopes and wanted in named)


def split(text: str, spaces: bool) -> list[str]:
    parts = text.replace(" ", ",") if spaces else text
    return list(dict.fromkeys(part.strip() for part in parts.split(",") if part.strip()))


def for_desk(scopes: list[str]) -> bool:
    return any(scope.lower().startswith("desk.") for scope in scopes)


def in_words(scope: str) -> str:
    parts = scope.lower().split(".")
    if scope.lower() in SIGN_IN:
        return {"openid": "Know who you are", "email": "See your e-mail address", "phone": "See your phone number"}.get(
            parts[0], "See your name and profile"
        )
    if parts[-2] == "search":
        return "Search in Zoho Desk"
    return f"{VERBS.get(parts[-1], 'Use')} {AREAS.get(parts[-2], parts[-2])} in Zoho Desk"
