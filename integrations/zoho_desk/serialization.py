from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from integrations.errors import NotSent
from integrations.types import Record
from integrations.zoho_desk import errors
from integrations.zoho_desk.client import id_of
from integrations.zoho_desk.schema import Module, call_statuses

CUSTOM = "cf_"

LONGEST_LINE = 200
"""Characters of a name."""
LONGEST_TITLE, LONGEST_LINK = 300, 500
"""Characters: more than Zoho's own (first and last name have 240), and what fits beside a delivery."""

DIRECTIONS = {"inbound": "inbound", "incoming": "inbound", "outbound": "outbound", "outgoing": "outbound"}
"""The seed writes Inbound/Outbound, INO Incoming/Outgoing; Zoho takes lower case only (docs/zoho-facts.md 4.5)."""

NOT_IN_PHONE = re.compile(r"[^0-9a-zA-Z_+\-.$@?,;:'/!\s\u0080-\uFFFF]+")
"""What the pattern of `phone` and `mobile` refuses: parentheses above all (docs/zoho-facts.md 4.6)."""


def to_zoho(module: Module, values: Mapping[str, object], *, clearing: bool = False) -> dict[str, object]:
    """The request body. Empty values are left out, unless `clearing`; custom fields move under `cf`."""
    body: dict[str, object] = {}
    custom: dict[str, object] = {}
    for name, value in values.items():
        value = _spoken(module, name, value)
        if value == "" and not clearing:
            continue
        (custom if name.startswith(CUSTOM) else body)[name] = value
    return {**body, "cf": custom} if custom else body


def _spoken(module: Module, name: str, value: object) -> object:
    """One value as Zoho wants it; what cannot be mapped is left as it is, for `validation_errors` to name."""
    if isinstance(value, datetime):
        return timestamp(value)
    if value is None:
        return ""
    if isinstance(value, str):
        value = value.strip()
    if name == "direction":
        return DIRECTIONS.get(str(value).lower(), value)
    if name == "status" and module.name == "calls":
        return next((status for status in call_statuses() if status.lower() == str(value).lower()), value)
    if name == "duration":
        return seconds(value)
    if name in module.phones:
        return " ".join(NOT_IN_PHONE.sub(" ", str(value)).split())
    return str(value) if name in module.ids or name in module.lengths else value


def seconds(value: object) -> str:
    """A duration as text of whole seconds; what is no number of seconds stays as it is written."""
    try:
        number = float(str(value))
        return str(round(number)) if number >= 0 else str(value)
    except (ValueError, OverflowError):
        return str(value)


def timestamp(moment: datetime) -> str:
    """`yyyy-MM-ddTHH:mm:ss.SSSZ`, UTC; a moment without a zone is taken as UTC."""
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def moment_of(value: object) -> datetime | None:
    """One of Zoho's timestamps (UTC, literal Z), None when it is not one."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def from_zoho(module: Module, body: Mapping[str, object]) -> Record:
    """Its id is "" where Zoho told none. Fields that the agent's profile hides are not there (zoho-facts.md 4.1)."""
    values = {name: value for name, value in body.items() if name not in ("cf", "customFields")}
    custom = body.get("cf")
    if isinstance(custom, Mapping):
        values.update(custom)
    title = " ".join(str(body.get(part) or "") for part in module.title).strip()
    return Record(
        module=module.name,
        id=id_of(body.get("id")),
        values=values,
        url=_link(body.get("webUrl")),
        title=(title or str(body.get("email") or body.get("phone") or ""))[:LONGEST_TITLE],
        modified_at=moment_of(body.get("modifiedTime")),
    )


def shown(module: Module, body: Mapping[str, object]) -> Record:
    """A record that Zoho showed us. Raises NotSent where it has no id: it is neither found nor absent."""
    record = from_zoho(module, body)
    if not record.id:
        raise NotSent(errors.NOT_READ.reason)
    return record


def _link(value: object) -> str:
    """`webUrl` as a link that a page may carry: Zoho's own, never built (custom domains), never a script."""
    text = str(value or "")
    sound = text.isprintable() and "\ufffd" not in text and len(text) <= LONGEST_LINK
    return text if sound and text.startswith(("https://", "http://")) else ""


def is_yes(value: object) -> bool:
    """Zoho sends some booleans as text (docs/zoho-facts.md 4.7)."""
    return value is True or str(value).lower() == "true"


def is_no(value: object) -> bool:
    """False said by Zoho, not merely absent: a profile may hide the field."""
    return value is False or str(value).lower() == "false"


def line(value: object) -> str:
    """A text of Zoho's without the characters that no database keeps, or that would turn a line around."""
    return "".join(filter(str.isprintable, str(value or "")[:LONGEST_LINE])).strip()
