from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations import base
from integrations.errors import Misconfigured, NotSent, RecordGone
from integrations.types import Agent, Choice, Connection, Organisation
from integrations.zoho_desk import errors, reasons
from integrations.zoho_desk.client import Desk, digits, id_of
from integrations.zoho_desk.serialization import is_no, is_yes, line

DEPARTMENTS_PER_PAGE, MOST_DEPARTMENTS = 200, 500


class Directory(base.Directory):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def organisations(self, connection: Connection) -> list[Organisation]:
        """The portals that the token reaches. Asked without orgId, which is not known yet (docs/zoho-facts.md 4.1)."""
        page = self._desk.page(connection, "/organizations", in_organisation=False)
        return [_organisation(entry) for entry in page if id_of(entry.get("id"))]

    def agent(self, connection: Connection, subject: str) -> Agent | None:
        """The agent with this ZUID; 204 when there is none (docs/zoho-facts.md 2.7)."""
        try:
            found = self._desk.read(connection, f"/agents/zuid/{digits(subject, of='user')}")
        except RecordGone:
            return None
        if not found:
            return None
        if not found.get("id"):  # neither an agent nor the 204 that says that there is none
            raise NotSent(errors.NOT_READ.reason)
        return Agent(
            id=str(found["id"]),
            subject=str(found.get("zuid") or ""),
            email=str(found.get("emailId") or ""),
            active=found.get("status") == "ACTIVE" and not is_no(found.get("isConfirmed")),
        )

    def departments(self, connection: Connection) -> list[Choice]:
        """The enabled departments, by name. Raises Misconfigured when there are more than anybody chooses among."""
        found: dict[str, Choice] = {}
        while True:
            params = {"isEnabled": "true", "limit": str(DEPARTMENTS_PER_PAGE)}
            if found:  # whether lists count from 0 or 1 is not known (4.7): this overlaps by one at worst
                params["from"] = str(len(found))
            page = self._desk.page(connection, "/departments", params)
            known = len(found)
            for entry in page:
                if identity := id_of(entry.get("id")):
                    found[identity] = Choice(identity, line(entry.get("name")) or identity)
            if len(found) > MOST_DEPARTMENTS:
                raise Misconfigured(reasons.MANY_DEPARTMENTS(most=str(MOST_DEPARTMENTS)))
            if len(page) < DEPARTMENTS_PER_PAGE or len(found) == known:
                return sorted(found.values(), key=lambda choice: choice.label.lower())


def _organisation(entry: Mapping[str, Any]) -> Organisation:
    return Organisation(
        id=id_of(entry["id"]),
        name=line(entry.get("companyName")) or line(entry.get("portalName")),
        portal=line(entry.get("portalName")),
        is_sandbox=is_yes(entry.get("isSandboxPortal")),
        edition=line(entry.get("edition")),
        url=line(entry.get("portalURL")),
    )
