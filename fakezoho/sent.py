"""What a request carries, for the journal: as it was sent, whatever becomes of it, secrets unreadable."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fakezoho.journal import Entry, fingerprint
from fakezoho.spec import route
from fakezoho.world import DataCentre

DESK_API = "/api/"
DEEPEST = 20
SECRETS = frozenset({"client_secret", "code", "refresh_token", "token", "code_verifier", "access_token"})


class NoJson(str):
    __slots__ = ()


def headers_of(entry: Entry, centre: DataCentre, headers: Mapping[str, str]) -> None:
    kind, _, token = headers.get("authorization", "").partition(" ")
    if token.strip() and kind.lower() != "basic":
        entry.token = fingerprint(token.strip())
    if at_desk(entry):
        org_id = headers.get("orgid") or dict(parse_qsl(entry.query)).get("orgId", "")
        portal = centre.portals.get(org_id)
        entry.portal = portal.name if portal else org_id


def at_desk(entry: Entry) -> bool:
    return entry.path.startswith(DESK_API)


def query_of(path: str, query: str) -> str:
    if path.startswith(DESK_API):
        return query
    return urlencode(list(_shown(parse_qsl(query, keep_blank_values=True)).items()))


def form_of(entry: Entry, values: Mapping[str, str]) -> None:
    entry.body = _shown(values.items())
    entry.operation = values.get("grant_type", entry.operation)
    entry.token = entry.body.get("refresh_token") or entry.body.get("token") or ""


def unworked(entry: Entry, raw: bytes) -> None:
    """Note the body of a request that is not carried out."""
    if not at_desk(entry):
        form_of(entry, dict(parse_qsl(raw.decode(errors="replace"))))
        return
    methods, _ = route(entry.path) or ({}, {})
    if entry.method in methods:
        entry.operation = methods[entry.method].id
    entry.body = json_of(raw)


def json_of(raw: bytes) -> Any:
    """Parse a body: None if empty, :class:`NoJson` if it cannot be read, shown or kept."""
    try:
        text = raw.decode()
        value = json.loads(text) if text.strip() else None
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # fails for half a character
        return value if _is_flat(value) else NoJson(text)
    except (ValueError, RecursionError):
        return NoJson(raw.decode(errors="replace"))


def _is_flat(value: Any) -> bool:
    """Limit the depth: what copies and shows the journal goes no further than Python's stack."""
    level = [value]
    for _ in range(DEEPEST):
        level = [part for whole in level for part in _parts(whole)]
    return not level


def _parts(whole: Any) -> Iterable[Any]:
    return whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()


def _shown(pairs: Any) -> dict[str, str]:
    return {name: fingerprint(value) if name in SECRETS else value for name, value in pairs}
