"""Whether one family of scopes is enough where Zoho's files list several for a request (docs/zoho-facts.md 4.4, 8)."""

from __future__ import annotations

import json

from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.probe import NOTHING, Finding, different, probe, same, unclear
from integrations.zoho_desk.scopes import OTHER_FAMILIES, missing

BASIC, SETTINGS = "Desk.basic.READ", "Desk.settings.READ"
LISTED: tuple[tuple[str, dict[str, str], tuple[str, ...]], ...] = (
    ("/organizations", {}, (BASIC, "Desk.organization.READ", SETTINGS)),
    ("/departments", {"limit": "1"}, (BASIC, "Desk.departments.READ", SETTINGS)),
    ("/fields", {"module": "calls"}, (BASIC, "Desk.fields.READ")),
    ("/layouts", {"module": "calls"}, (BASIC, "Desk.layouts.READ")),
    ("/calls", {"limit": "1"}, ("Desk.calls.READ", "Desk.activities.calls.READ")),
    ("/webhooks", {}, ("Desk.events.READ", SETTINGS, "Desk.webhooks.READ")),
)
"""Readings, each with the families that the files list for it, here of one scope each. Of the last one, nobody is asked
for all: it tells even where further_scopes names what the others lack."""
LACKING = {"SCOPE_MISMATCH", "INVALID_OAUTH"}


@probe("scope-lists", "4.4, 8", "Where several families of scopes are listed for a request, any one of them serves.")
def scope_lists(account: Account) -> Finding:
    granted = account.refreshed.scopes
    served, refused = [], []
    for path, params, families in LISTED:
        if not 0 < len(missing(families, granted)) < len(families):
            continue  # with all of them, or with none, either rule gives the same answer
        heard = account.wire.get(path, params)
        if heard.code in LACKING:
            refused.append(f"{path} {heard.said}")
        elif heard.ok:
            served.append(path)
    if refused:
        return different(f"Refused though one was granted: {', '.join(refused)}.", _cure(granted))
    if served:
        return same(f"{len(served)} of {len(served)} readings with one of several")
    return unclear("Zoho does not say what was granted." if not granted else "Nothing that was granted could tell.")


def _cure(granted: tuple[str, ...]) -> str:
    lacking = missing(OTHER_FAMILIES, granted)
    if not lacking:
        return f"{NOTHING}here: further_scopes names what Deskline needs. Report it."
    return f"Add these to further_scopes (docs/zoho-smoke.md), restart, reconnect, and report it: {json.dumps(lacking)}"


PROBES = (scope_lists,)
