"""How much a portal may ask: requests at once by edition, and where its day begins (docs/zoho-facts.md 4.3)."""

from __future__ import annotations

from integrations import base
from integrations.types import Budget

# [D] Free 5, Express and Standard 10, Professional 15, Enterprise (and Zoho One, Ultimate) 25.
CONCURRENCY = {
    "FREE": 5, "FREE_2019": 5, "NEW_FREE": 5,
    "EXPRESS": 10, "STANDARD": 10,
    "PROFESSIONAL": 15,
    "ENTERPRISE": 25, "ULTIMATE": 25, "ZOHOONE": 25,
}  # fmt: skip
CAUTIOUS = 4
"""For an edition whose name is not known."""

# Credits count from midnight to midnight of the data centre [D]; which zone that is, Zoho does not say [G].
ZONES = {
    "us": "America/Los_Angeles", "eu": "Europe/Amsterdam", "in": "Asia/Kolkata", "au": "Australia/Sydney",
    "jp": "Asia/Tokyo", "ca": "America/Toronto", "sa": "Asia/Riyadh", "uk": "Europe/London", "sg": "Asia/Singapore",
    "ae": "Asia/Dubai", "cn": "Asia/Shanghai",
}  # fmt: skip


class PortalLimits(base.Limits):
    def budget(self, location: str, edition: str) -> Budget:
        at_once = CONCURRENCY.get(edition.strip().upper(), CAUTIOUS)
        return Budget(concurrency=at_once, zone=ZONES.get(location, "UTC"))
