"""The records that a check with --write makes: clearly named, remembered, and moved to trash at the end."""

from __future__ import annotations

import time
from collections.abc import Mapping

from integrations.errors import IntegrationError, OutcomeUnknown
from integrations.zoho_desk.client import ID
from integrations.zoho_desk.probes.wire import Heard, Wire

NAME = "Deskline zoho_check"
TRASH = {"calls": "entityIds", "contacts": "contactIds"}
"""In the order of trashing, and what each calls the ids (docs/zoho-facts.md 4.1)."""
RIGHTS = ("Desk.calls.DELETE", "Desk.contacts.DELETE")
ATTEMPTS, WAIT = 3, 2.0


class OwnRecords:
    """What was made, and not yet trashed. `left` describes what could not be trashed, with how to find it."""

    def __init__(self, wire: Wire, mark: str) -> None:
        self._wire = wire
        self._kept: dict[str, list[str]] = {module: [] for module in TRASH}
        self.mark = mark
        self.name = f"{NAME} {mark}"
        self.left: list[str] = []

    def create(self, module: str, body: Mapping[str, object]) -> Heard:
        """Make a record, refused or not. Raises OutcomeUnknown when it may have been made."""
        try:
            heard = self._wire.post(f"/{module}", body)
        except OutcomeUnknown:
            self._may_be_left(module)
            raise
        record = str(heard.body.get("id") or "")
        if heard.ok and ID.fullmatch(record):
            self._kept[module].append(record)
        elif heard.ok or heard.status >= 500:
            self._may_be_left(module)
        return heard

    def trash(self, module: str) -> Heard | None:
        """Move what was made in a module to trash; None when there was nothing."""
        ids = self._kept[module]
        if not ids:
            return None
        heard = self._wire.post(f"/{module}/moveToTrash", {TRASH[module]: list(ids)})
        if heard.ok:
            ids.clear()
        return heard

    def trash_all(self) -> Heard | None:
        """Move all to trash, with patience: what Zoho said first that was not yes, else what it said last."""
        told = [heard for module in TRASH if (heard := self._insist(module))]
        self.left += [f"{module}, id {record}" for module, ids in self._kept.items() for record in ids]
        return next((heard for heard in told if not heard.ok), told[-1] if told else None)

    def _insist(self, module: str) -> Heard | None:
        for attempt in range(ATTEMPTS):
            try:
                heard = self.trash(module)
            except IntegrationError:  # even if it was done: asking again does no harm
                heard = None
            if not self._kept[module] or (heard and heard.status < 500):
                return heard
            if attempt < ATTEMPTS - 1:
                time.sleep(WAIT)
        return None

    def _may_be_left(self, module: str) -> None:
        self.left.append(f"{module}, perhaps one named “{self.name}” (its answer was lost)")
