"""Where records are written: one organisation at a vendor. Methods and CRMs may lead elsewhere later."""

from __future__ import annotations

from authmethods.models import AuthenticationMethod


def of(method: AuthenticationMethod | None) -> str:
    """The organisation that the method opens now; "" for what is kept here."""
    return f"{method.location}:{method.organisation_id}" if method else ""
