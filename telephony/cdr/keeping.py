from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from interactions.models import DeletedInteraction, Interaction
from telephony.calls.joining import Call
from telephony.calls.rows import Rows
from telephony.cdr.rows import reference


class Kept(NamedTuple):
    """What is known of a reference. An administrator deleted it: `id` is 0; another importer made it: `rows` is 0."""

    id: int
    rows: int
    reference: str


def kept_of(source: str, calls: Iterable[Call]) -> list[tuple[Call, list[Kept]]]:
    """Each call with what is kept of any of its rows: a former importer, or too early an import, did not join them."""
    names = [(call, list(dict.fromkeys(map(reference, call.records)))) for call in calls]
    wanted = {name for _, some in names for name in some}
    there = Interaction.objects.filter(source=source, reference__in=wanted).order_by()
    known = {name: Kept(pk, rows or 0, name) for pk, rows, name in there.values_list("pk", "extra__rows", "reference")}
    if others := wanted - known.keys():
        gone = DeletedInteraction.objects.filter(source=source, reference__in=others).order_by()
        known |= {name: Kept(0, 0, name) for name in gone.values_list("reference", flat=True)}
    return [(call, [known[name] for name in some if name in known]) for call, some in names]


def is_deleted(kept: list[Kept]) -> bool:
    return bool(kept) and not any(one.id for one in kept)


def is_complete(call: Call, kept: list[Kept]) -> bool:
    """Whether nothing more is known of the call than when it was kept; what another importer made is left as it is."""
    return bool(kept) and not any(len(call.records) > one.rows > 0 for one in kept)


def main_of(rows: Rows, kept: list[Kept]) -> Kept | None:
    """What is kept of the call: under the reference of the customer's first row, if it is there."""
    own = reference(rows.first)
    return min((one for one in kept if one.id), key=lambda one: one.reference != own, default=None)


def parts_of(kept: list[Kept], main: Kept | None) -> list[int]:
    """Interactions (ids) that this importer took for calls of their own before more was known."""
    return [one.id for one in kept if one.id and one.rows and one != main]
