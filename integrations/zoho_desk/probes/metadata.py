"""Fields, picklists and lengths of calls (docs/zoho-facts.md 4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.probe import HARMLESS, Finding, different, judged, probe, same, unclear
from integrations.zoho_desk.schema import CALLS, call_statuses

STATUS = "status"
SHOWN = 20


def _values(entry: Mapping[str, Any], name: str) -> list[str]:
    found = entry.get(name)
    values = [item.get("value") if isinstance(item, Mapping) else item for item in found or []]
    return [str(value) for value in values if value]


@probe("picklist-in-fields", "4.5", "/fields tells the values of a picklist (pickListValues).", HARMLESS)
def in_fields(account: Account) -> Finding:
    if STATUS not in account.call_fields:
        return unclear("/fields lists no status of calls.")
    count = len(_values(account.call_fields[STATUS], "pickListValues"))
    return judged(count > 0, f"{count} values")


@probe("picklist-in-layout", "4.5", "A layout tells the values of a picklist as plain texts (allowedValues).")
def in_layout(account: Account) -> Finding:
    if STATUS not in account.call_layout:
        return unclear("The default layout of calls has no status.")
    found = account.call_layout[STATUS].get("allowedValues")
    texts = bool(found) and isinstance(found, list) and all(isinstance(value, str) for value in found)
    return judged(texts, "plain texts" if texts else "objects" if found else "none")


@probe(
    "call-statuses",
    "4.5, 8",
    "The status of a call has the values of the spec, and those of further_call_statuses.",
    "Report it.",
)
def statuses(account: Account) -> Finding:
    shown = _values(account.call_layout.get(STATUS, {}), "allowedValues")
    told = shown or _values(account.call_fields.get(STATUS, {}), "pickListValues")
    if not told:
        return unclear("Neither /fields nor the layout tells them.")
    further = sorted(set(told) - set(call_statuses()))
    missing = sorted(set(call_statuses()) - set(told))
    if further:
        values = ", ".join(f'"{value[:60]}"' for value in further[:SHOWN])
        return different(f"Also {values}.", f"Set further_call_statuses to [{values}], to use them in rules.")
    if missing:
        return different(f"Without {', '.join(missing)}.", "Do not use these values in the rules of this portal.")
    return same(f"These {len(told)}.")


@probe(
    "subject-length",
    "4.5",
    f"The subject of a call holds {CALLS.lengths['subject']} characters.",
    "Report it: subjects are cut to this length, and the marker stands at their end.",
)
def subject_length(account: Account) -> Finding:
    told = str(account.call_fields.get("subject", {}).get("maxLength") or "")
    if not told.isdecimal():
        return unclear("/fields tells no length of it.")
    return judged(int(told) == CALLS.lengths["subject"], told[:9])


PROBES = (in_fields, in_layout, statuses, subject_length)
