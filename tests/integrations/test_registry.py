from __future__ import annotations

import pytest

from integrations import registry
from integrations.base import Integration


@pytest.mark.parametrize("key", registry.INTEGRATIONS)
def test_every_registered_vendor_can_be_had_and_says_what_it_is(key):
    vendor = registry.get(key)
    assert isinstance(vendor, Integration)
    assert vendor is registry.get(key)
    assert (vendor.key, vendor.label) == (key, dict(registry.choices())[key])
    assert vendor.environment_label
    assert vendor.environment_help
    assert vendor.client_type
    assert vendor.console_url.startswith("https://")
    assert all(scope.name and scope.why for scope in vendor.scopes)
    assert vendor.marker_settle_seconds > 0


def test_sign_in_never_asks_for_a_right_of_the_api():
    for key in registry.INTEGRATIONS:
        vendor = registry.get(key)
        assert not {scope.name for scope in vendor.scopes} & set(vendor.sign_in_scopes)


def test_a_vendor_that_is_not_registered_is_not_made_up():
    with pytest.raises(KeyError):
        registry.get("spaceships")
