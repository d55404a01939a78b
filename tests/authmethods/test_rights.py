from __future__ import annotations

import pytest

from authmethods import check, rights

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
    assert rights.missing(NEEDED, granted) == missing


@pytest.mark.django_db
def test_the_test_of_a_connection_takes_what_the_consent_took(zoho, ada):
    method = zoho.method(by=ada)
    areas = {scope.name.rpartition(".")[0] for scope in method.vendor.scopes}
    method.granted_scopes = [f"{area}.ALL" for area in areas]
    method.save()
    assert [step.name for step in check.run(method) if not step.ok] == []
    method.granted_scopes.remove("Desk.calls.ALL")
    [failed] = [step for step in check.run(method) if step.ok is False]
    assert "Missing: Desk.calls.READ, Desk.calls.CREATE, Desk.calls.UPDATE." in failed.message
