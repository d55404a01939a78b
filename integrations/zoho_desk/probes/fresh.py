"""How fresh lists, searches and filters are after a write (zoho-facts 1.5, 4.5, 8): judged by what `Trial` observed."""

from __future__ import annotations

import math

from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.probe import Finding, Probe, different, judged, probe, unclear
from integrations.zoho_desk.probes.sightings import Sighting

ONE_ROUND_SECONDS = 2.0
"""Seconds within which two sightings count as one: a round of looks takes a moment."""
SEARCHED = (
    "Nothing to set: what Deskline wrote it finds by its own memory and by the lists. Contacts that people make in "
    "Zoho Desk are shown to agents only after this time."
)


def _list(module: str) -> Probe:
    @probe(f"fresh-list-{module}", "4.5, 8", f"GET /{module} shows a new record within settle_seconds.")
    def ask(account: Account) -> Finding | None:
        sighting = account.observed.seen.get(f"list-{module}")
        return _soon(sighting, account.patience, _settling(sighting.seconds)) if sighting else None

    return ask


def _search(module: str, how: str) -> Probe:
    @probe(f"fresh-search-{module}", "1.5, 4.5", f"A search finds a new record by its {how} within settle_seconds.")
    def ask(account: Account) -> Finding | None:
        sighting = account.observed.seen.get(f"search-{module}")
        return _soon(sighting, account.patience, SEARCHED) if sighting else None

    return ask


def _soon(sighting: Sighting, patience: float, change: str) -> Finding:
    if not sighting.ok:
        return unclear(sighting.said)
    limit = f"settle_seconds is {assumed.settle_seconds:g}"
    if sighting.seconds is not None:
        answered = f"seen after {sighting.seconds:.1f} s; {limit}"
        return different(answered, change) if sighting.seconds > assumed.settle_seconds else judged(True, answered)
    if patience < assumed.settle_seconds:
        return unclear(f"not seen within {patience:g} s; {limit}: wait longer (--patience)")
    return different(f"not seen within {patience:g} s; {limit}", change)


def _settling(seconds: float | None) -> str:
    if seconds is None:
        return "Measure again with a longer --patience, then set settle_seconds to twice what it says."
    return f"Set settle_seconds to {math.ceil(seconds * 2)}."


@probe(
    "fresh-filter-calls",
    "4.5, 8",
    "`filters` of GET /calls reads the records, not the search index.",
    "Nothing here: the client does not use filters. Report it.",
)
def filters(account: Account) -> Finding | None:
    listed, filtered = account.observed.seen.get("list-calls"), account.observed.seen.get("filter-calls")
    if listed is None or filtered is None:
        return None
    if not filtered.ok or listed.seconds is None:
        return unclear(filtered.said if not filtered.ok else f"the list did not show it either ({listed.said})")
    if filtered.seconds is None:
        return different(f"the list after {listed.seconds:.1f} s, the filter not within {account.patience:g} s")
    answered = f"the list after {listed.seconds:.1f} s, the filter after {filtered.seconds:.1f} s"
    return judged(filtered.seconds <= listed.seconds + ONE_ROUND_SECONDS, answered)


PROBES = (
    _list("calls"),
    _list("contacts"),
    filters,
    _search("contacts", "e-mail address"),
    _search("calls", "marker, anywhere in the subject (*…*)"),
)
