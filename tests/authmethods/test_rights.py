from __future__ import annotations

import pytest

from authmethods import connection_test


@pytest.mark.django_db
def test_the_test_of_a_connection_takes_what_the_consent_took(zoho, ada):
    method = zoho.method(by=ada)
    areas = {scope.name.rpartition(".")[0] for scope in method.vendor.oauth.scopes}
    method.granted_scopes = [f"{area}.ALL" for area in areas]
    method.save()
    assert [step.name for step in connection_test.run(method) if not step.ok] == []
    method.granted_scopes.remove("Desk.calls.ALL")
    [failed] = [step for step in connection_test.run(method) if step.ok is False]
    assert "Missing: Desk.calls.READ, Desk.calls.CREATE, Desk.calls.UPDATE." in failed.message
