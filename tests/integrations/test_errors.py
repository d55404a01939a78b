from __future__ import annotations

import pytest

from integrations.errors import IntegrationError, Refused, Throttled


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (IntegrationError("It broke."), "It broke."),
        (Refused("No.", code="INVALID_DATA", status=422), "No. (INVALID_DATA, HTTP 422)"),
        (Throttled("Wait.", status=429), "Wait. (HTTP 429)"),
        (IntegrationError("Hm.", code="Access Denied"), "Hm. (Access Denied)"),
    ],
)
def test_an_error_as_text_has_the_vendors_code_beside_the_message(error, text):
    assert str(error) == text
    assert error.message == text.partition(" (")[0]
