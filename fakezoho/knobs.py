"""All about Zoho that is a guess, a choice or a fault; each knob names its section of docs/zoho-facts.md."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any


def _knob(default: Any, doc: str, *choices: Any) -> Any:
    return field(default=default, metadata={"doc": doc, "choices": choices})


@dataclass
class Knobs:
    # Accounts
    token_error_status: int = _knob(
        200, "Status of the token endpoint's errors (2.3: 200 seen, 400 possible).", 200, 400
    )
    throttle_status: int = _knob(
        400, "Status of the token endpoint's throttle (2.3: 400 lately, 200 before).", 200, 400
    )
    code_life: float = _knob(60.0, "Seconds that a code lives (2.2: 60 s to 3 min, pages conflict).")
    token_life: int = _knob(3600, "Seconds that an access token lives (2.3).")
    expires_style: str = _knob(
        "seconds",
        "How a token answer tells its life (2.3): expires_in in seconds; expires_in_sec with expires_in in ms; "
        "expires_in in ms alone.",
        "seconds", "seconds_and_ms", "ms",
    )  # fmt: skip
    live_tokens: int = _knob(10, "Live access tokens per refresh token; the oldest dies early (2.4: 10, 15 or 30).")
    tokens_per_window: int = _knob(10, "Access tokens per refresh token and window, 0 = no throttle (2.4).")
    token_window: float = _knob(600.0, "Seconds of the throttle's window (2.4: 10 minutes).")
    refresh_tokens: int = _knob(20, "Refresh tokens per person and client; one more deletes the oldest (2.4).")
    codes_per_window: int = _knob(0, "Codes per client and window, 0 = no limit (2.4: 10, said of CRM only).")
    grants_per_window: int = _knob(0, "Refresh tokens per person, client and window, 0 = no limit (2.4: 10 or 5).")
    multi_dc: bool = _knob(
        True, "A client serves all data centres, and the callback carries location and accounts-server (2.2)."
    )
    trailing_ampersand: bool = _knob(False, "The callback ends with a stray & (2.2, sometimes seen).")
    accounts_server: str = _knob("", "A crafted accounts-server put into the callback, as an attacker would (2.2).")
    foreign_code: str = _knob(
        "invalid_code", "Error for a code or refresh token of another data centre (5, 2.3).",
        "invalid_code", "invalid_client",
    )  # fmt: skip
    same_credentials: bool = _knob(True, "One client secret for all data centres (2.3); off: one for each.")
    space_scopes: bool = _knob(True, "Scopes may be separated by spaces on the authorize URL (2.2, in the wild).")
    undeclared_scopes: bool = _knob(True, "Accept scopes that operations name but the spec does not declare (4.4).")
    contacts_all: bool = _knob(True, "The scope Desk.contacts.ALL exists (4.4: not by one source).")
    profile_missing: str = _knob("", "Names left out of user/info, comma separated (section 5).")
    id_token_key: str = _knob(
        "key_id", "How an id_token's header names its key (2.7, section 8).", "key_id", "kid", "both"
    )  # fmt: skip
    soid_service: str = _knob("ZohoDesk", "Service name of soid in client_credentials (section 8: unknown).")
    auto_approve: str = _knob("", "E-mail of the person who approves each consent without a page (section 5).")
    auto_portal: str = _knob("", "Portal name or id picked when auto_approve answers; empty = the first.")
    portal_binding: str = _knob(
        "picked", "What a grant reaches (4.9, inferred): the portal picked at consent, or all of the person's.",
        "picked", "all",
    )  # fmt: skip

    # Desk: limits and time
    edition: str = _knob("", "Edition of every portal; empty = each its own (4.3).",
                         "", "FREE", "EXPRESS", "STANDARD", "PROFESSIONAL", "ENTERPRISE", "ZOHOONE")  # fmt: skip
    credits: int = _knob(-1, "Credits per portal and day; -1 = by edition (4.3).")
    concurrency: int = _knob(-1, "Requests of one portal at once; -1 = by edition, 0 = no limit (4.3).")
    cost_steps: str = _knob("low", "Cost of lists beyond 2,000 records (4.3: two digests disagree).", "low", "high")
    latency: float = _knob(0.0, "Seconds that each Desk request takes.")
    latency_jitter: float = _knob(0.0, "Up to so many seconds more, at random.")
    answer_latency: float = _knob(0.0, "Seconds between the work of each Desk request and its answer.")
    search_lag: float = _knob(0.0, "Seconds until a write is seen by searches (section 1.5).")
    list_lag: float = _knob(0.0, "Seconds until a write is seen by lists (section 8: freshness of GET /calls).")

    # Desk: requests
    missing_org: str = _knob("UNPROCESSABLE_ENTITY", "Answer when orgId is missing where required (4.1).",
                             "UNPROCESSABLE_ENTITY", "BAD_REQUEST", "FORBIDDEN")  # fmt: skip
    org_in_query: bool = _knob(True, "Accept orgId as a query parameter too (4.1: reports differ).")
    scope_refusal: str = _knob("SCOPE_MISMATCH", "Answer when a scope is missing (4.2: INVALID_OAUTH also reported).",
                               "SCOPE_MISMATCH", "INVALID_OAUTH")  # fmt: skip
    scope_lists: str = _knob(
        "any", "Of the families of scopes listed for a request (4.4, section 8), any one serves, or all are needed.",
        "any", "all",
    )  # fmt: skip
    foreign_desk: str = _knob(
        "INVALID_OAUTH", "Answer of Desk to a token of another data centre (4.2: 401, or 3xx to its own).",
        "INVALID_OAUTH", "redirect",
    )  # fmt: skip
    empty_payload_status: int = _knob(422, "Status of EMPTY_PAYLOAD (4.2, inferred).", 422, 400)
    list_base: int = _knob(1, "First `from` of calls, contacts, departments and agents (4.7, section 8).", 0, 1)
    search_from_max: int = _knob(4999, "Highest `from` of searches (4.7: 999 in the spec, 4999 live).", 999, 4999)
    minus_sort: bool = _knob(True, "GET /calls and GET /contacts take sortBy=-createdTime (section 8).")
    contact_tickets: str = _knob("index", "What the tickets of a contact read (4.7: reports differ).", "index", "live")
    call_filters: str = _knob("live", "What `filters` of GET /calls reads (section 8).", "live", "index", "refuse")
    phone_search: str = _knob(
        "digits", "How a phone search compares (our guess): digits only, or the text as stored.", "digits", "raw"
    )  # fmt: skip
    subject_search: str = _knob(
        "anywhere", "How a subject is searched (our guess): the text anywhere, with * at either end; or whole words.",
        "anywhere", "words",
    )  # fmt: skip
    email_search: str = _knob(
        "first", "Which addresses of a contact `email=` of a search covers (9, 10: not told).", "first", "both"
    )  # fmt: skip
    duplicate_email: str = _knob("allow", "A second contact with the same e-mail (4.6, section 8).", "allow", "refuse")
    merged_contact: str = _knob(
        "404", "Answer to a call on an unknown or merged contact (4.2, section 5).", "404", "422"
    )

    # Desk: answers
    hidden_fields: str = _knob("", "Fields that the agent's profile hides from answers, comma separated (4.1).")
    error_messages: bool = _knob(False, "Fields at fault come with an errorMessage (4.2: it may be absent).")
    count_as_text: bool = _knob(False, "`count` of searches as text (4.1: the spec allows both).")
    booleans_as_text: bool = _knob(False, "Booleans of organizations as text (4.7).")
    listed_cf: str = _knob(
        "nested", "Where `fields=cf_…` puts the value in a list (our guess).", "nested", "flat", "both"
    )
    html_descriptions: bool = _knob(False, "Descriptions of calls come back as HTML (section 8).")
    picklists_in_fields: bool = _knob(True, "/fields carries pickListValues (4.5: one form has none).")

    # Desk: the portals' settings
    custom_fields: bool = _knob(
        True, "Portal acme has the calls' custom fields cf_deskline_marker and cf_recording_url."
    )
    recording_field: str = _knob(
        "cf_recording_url", "API name of the custom field for recordings, labelled RecordingUrl (9).",
        "cf_recording_url", "cf_recordingurl", "cf_link",
    )  # fmt: skip
    recording_url: bool = _knob(True, "Calls take the standard field recordingUrl (4.5: newest spec only).")
    mandatory_fields: str = _knob("", "Custom fields of calls that a create must carry, comma separated (section 5).")
    call_statuses: str = _knob("", "Further values of a call's status, comma separated (section 8).")
    sandbox_portals: bool = _knob(True, "Sandbox portals exist (4.9).")


def names() -> list[dataclasses.Field[Any]]:
    return list(dataclasses.fields(Knobs))


def answers(knob: dataclasses.Field[Any]) -> tuple[Any, ...]:
    """Return all that a knob can be set to; nothing for texts and quantities."""
    return (True, False) if type(knob.default) is bool else tuple(knob.metadata["choices"])


def read(knob: dataclasses.Field[Any], value: Any) -> Any:
    """Turn a flag's or a JSON value into the knob's own type; raises ValueError."""
    kind: type[Any] = type(knob.default)
    try:
        result = _boolean(value) if kind is bool else kind(str(value)) if kind is int else kind(value)
    except (TypeError, ValueError):
        raise ValueError(f"Knob {knob.name} takes a value like {knob.default!r}, not {value!r}.") from None
    least = -1 if knob.default == -1 else 0
    if kind in {int, float} and not least <= result < math.inf:
        raise ValueError(f"Knob {knob.name} takes {least} or more, not {value!r}.")
    choices = knob.metadata["choices"]
    if choices and result not in choices:
        raise ValueError(f"Knob {knob.name} takes one of {', '.join(map(repr, choices))}, not {value!r}.")
    return result


def _boolean(value: Any) -> bool:
    text = str(value).lower()
    if text not in {"true", "false", "on", "off", "1", "0", "yes", "no"}:
        raise ValueError(value)
    return text in {"true", "on", "1", "yes"}


def change(knobs: Knobs, values: dict[str, Any]) -> None:
    """Set several knobs, all or none; raises ValueError naming the first that is unknown or wrong."""
    known = {knob.name: knob for knob in names()}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ValueError(f"There is no knob {unknown[0]!r}. GET /_standin/knobs lists them.")
    ready = {name: read(known[name], value) for name, value in values.items()}
    for name, value in ready.items():
        setattr(knobs, name, value)


# The headings of the page: each stands before the knob named.
GROUPS = {
    "token_error_status": "Accounts",
    "edition": "Desk: limits and time",
    "missing_org": "Desk: requests",
    "hidden_fields": "Desk: answers",
    "custom_fields": "Desk: settings of the portals",
}


def described(knobs: Knobs) -> list[dict[str, Any]]:
    return [{"name": k.name, "value": getattr(knobs, k.name), "default": k.default, **k.metadata} for k in names()]


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
