from __future__ import annotations

import re
from urllib.parse import urlsplit

from integrations.errors import Misconfigured
from integrations.types import Environment
from integrations.zoho_desk import reasons
from integrations.zoho_desk.datacentres import DataCentre, DataCentres, normal

PORTAL = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
LEADS_TO_PORTAL = ("agent", "support", "portal")
"""The first step of a path under Desk's host that is followed by the portal's name (agent page, help centre)."""


def read(url: str, centres: DataCentres) -> Environment:
    """Data centre and portal of a company URL; "" is the default data centre. Raises Misconfigured."""
    url = url.strip()
    if not url:
        return Environment(centres.with_desk(centres.default).location)
    if "://" not in url:
        url = f"https://{url}"
    address = _address(url)
    for row in sorted(centres.rows.values(), key=lambda row: -len(row.desk or row.accounts)):
        for base in _bases(row):
            if address == base or address.startswith(f"{base}/"):
                return Environment(centres.with_desk(row.location).location, _portal(address[len(base) :]))
        if (portal := _subdomain(address, row)) is not None:
            return Environment(row.location, portal)
    raise Misconfigured(reasons.NO_COMPANY_URL)


def _address(url: str) -> str:
    if not url.isprintable():  # a line break in the middle would be read over, and kept
        raise Misconfigured(reasons.BROKEN_URL)
    try:
        return normal(url.split("#", 1)[0].split("?", 1)[0])
    except Misconfigured:
        raise Misconfigured(reasons.UNREADABLE_URL) from None


def _bases(row: DataCentre) -> list[str]:
    """Addresses that mean this data centre. People also paste the accounts server, or type http for https."""
    desk = row.desk or re.sub(r"^(https?://)accounts\.", r"\1desk.", row.accounts)
    bases = [desk, row.accounts]
    return bases + [base.replace("https://", "http://", 1) for base in bases if base.startswith("https://")]


def _portal(path: str) -> str:
    steps = [step for step in path.lower().split("/") if step]
    if len(steps) > 1 and steps[0] in LEADS_TO_PORTAL and PORTAL.fullmatch(steps[1]):
        return steps[1]
    return ""


def _subdomain(address: str, row: DataCentre) -> str | None:
    """The portal of https://acme.zohodesk.eu, where desk.zoho.eu is this row's host; None when it is not one."""
    desk = re.fullmatch(r"https://desk\.(?:zoho|zohocloud)\.([a-z.]+)", row.desk)
    host = urlsplit(address).hostname or ""
    suffix = f".zohodesk.{desk[1]}" if desk else ""
    if not suffix or not host.endswith(suffix):
        return None
    portal = host[: -len(suffix)]
    return portal if PORTAL.fullmatch(portal) else ""
