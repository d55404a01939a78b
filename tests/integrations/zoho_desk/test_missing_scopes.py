from __future__ import annotations

import pytest

from integrations.zoho_desk import scopes

NEEDED = ["Desk.calls.READ", "Desk.calls.CREATE", "Desk.search.READ"]


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        (NEEDED, []),
        (["desk.calls.read", "DESK.CALLS.CREATE", "Desk.search.READ"], []),
        (["Desk.calls.ALL", "Desk.search.READ"], []),
        (["Desk.calls.READ"], ["Desk.calls.CREATE", "Desk.search.READ"]),
        (["Desk.ALL"], NEEDED),
        ([], []),
    ],
    ids=["all by name", "in any case", "all of an area", "some", "no such area", "not told"],
)
def test_a_right_is_granted_by_its_name_or_by_its_whole_area(granted, missing):
    assert scopes.missing(NEEDED, granted) == missing
