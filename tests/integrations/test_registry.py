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
    assert vendor.secret_help
    assert vendor.reader.settle_seconds > 0


@pytest.mark.parametrize("key", registry.having("oauth"))
def test_every_consent_says_what_it_asks_for_and_where_a_client_is_registered(key):
    oauth = registry.get(key).oauth
    assert oauth
    assert oauth.client_type
    assert oauth.console_url.startswith("https://")
    assert all(scope.name and scope.why for scope in oauth.scopes)
    assert all(vars(oauth.setup).values())


@pytest.mark.parametrize("key", registry.having("oauth", "sign_in"))
def test_sign_in_never_asks_for_a_right_of_the_api(key):
    vendor = registry.get(key)
    assert vendor.oauth
    assert vendor.sign_in
    assert not {scope.name for scope in vendor.oauth.scopes} & set(vendor.sign_in.scope.split(","))


def test_a_vendor_that_is_not_registered_is_not_made_up():
    with pytest.raises(KeyError):
        registry.get("spaceships")
