from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest

from integrations.zoho_desk import datacentres, limits

DIGEST = json.loads((datacentres.BUILT_IN.parents[2] / "fakezoho" / "desk-digest.openapi.json").read_text())
EDITIONS = DIGEST["components"]["schemas"]["Organization"]["properties"]["edition"]["enum"]


@pytest.mark.parametrize(
    ("edition", "at_once"),
    [
        ("FREE", 5), ("FREE_2019", 5), ("NEW_FREE", 5), ("EXPRESS", 10), ("STANDARD", 10), ("PROFESSIONAL", 15),
        ("ENTERPRISE", 25), ("ULTIMATE", 25), ("ZOHOONE", 25), (" enterprise ", 25), ("TRIAL", 4), ("", 4),
    ],
)  # fmt: skip
def test_so_many_requests_at_once_are_allowed(edition, at_once):
    """docs/zoho-facts.md 4.3; a name that nobody wrote down gets less than the smallest."""
    assert limits.PortalLimits().budget("eu", edition).concurrency == at_once


def test_every_edition_of_the_digest_is_known():
    assert {edition for edition in EDITIONS if edition} <= set(limits.CONCURRENCY)


def test_every_data_centre_has_a_time_zone_that_exists():
    locations = json.loads(datacentres.BUILT_IN.read_text())["locations"]
    assert set(limits.ZONES) == set(locations)
    assert all(ZoneInfo(zone) for zone in limits.ZONES.values())
