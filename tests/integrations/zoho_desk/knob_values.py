"""Every knob of the local Zoho, with the values under which Zoho Desk must keep the contract (docs/zoho-facts.md 8).

Where a knob is a matter of choice, these are all its other answers. For a text or a quantity they are named here, so
telling that the contract would fail if the client minded: a new knob needs a line.
"""

from __future__ import annotations

from typing import Any

from fakezoho import knobs
from integrations.zoho_desk.scopes import OTHER_FAMILIES
from tests.integrations.conftest import ADA

TELLING: dict[str, tuple[Any, ...]] = {
    "code_life": (5.0,),
    "token_life": (120,),
    "live_tokens": (1,),
    "tokens_per_window": (3, 0),  # its exchange, a refresh and a renewal
    "token_window": (60.0,),
    "refresh_tokens": (1,),  # each consent ends the one before
    "codes_per_window": (2,),
    "grants_per_window": (2,),
    "accounts_server": ("https://accounts.zoho.eu.evil.example",),
    "profile_missing": ("First_Name,Last_Name,Display_Name",),
    "soid_service": ("Desk",),
    "auto_approve": (ADA,),
    "auto_portal": ("acmesandbox",),  # a sandbox, by a consent of its own
    "credits": (60,),
    "concurrency": (1, 0),
    "latency": (0.002,),
    "latency_jitter": (0.002,),
    "answer_latency": (0.002,),
    "search_lag": (86_400.0,),
    "list_lag": (299.0,),
    "hidden_fields": ("webUrl,modifiedTime,createdTime,isTrashed,isDeleted,cf,customFields",),
    "mandatory_fields": ("cf_reason,cf_recording_url",),
    "call_statuses": ("Answered,Voicemail",),
}

TOGETHER: dict[str, dict[str, Any]] = {
    "nobody is asked, a sandbox is picked": {"auto_approve": ADA, "auto_portal": "acmesandbox"},
    "no minus sign, lists from 0": {"minus_sort": False, "list_base": 0},
    "counts and booleans as text": {"count_as_text": True, "booleans_as_text": True},
    "lists and searches lag": {"list_lag": 299.0, "search_lag": 3600.0},
    "numbers as written, searched late": {"phone_search": "raw", "search_lag": 240.0},
}
"""What may go together, and is worse so."""


def other_values(knob: Any) -> tuple[Any, ...]:
    """What a knob is turned to; nothing for one that has no place in the run."""
    choices = tuple(answer for answer in knobs.answers(knob) if answer != knob.default)
    return choices or TELLING.get(knob.name, ())


TURNED: dict[str, dict[str, Any]] = {
    "as it is": {},
    **{f"{knob.name}={value}": {knob.name: value} for knob in knobs.names() for value in other_values(knob)},
    **TOGETHER,
}

CORRECTED: dict[str, dict[str, Any]] = {"scope_lists=all": {"further_scopes": OTHER_FAMILIES}}
"""What an operator then sets under "assumed" (docs/zoho-smoke.md), since no client could know it by itself."""
