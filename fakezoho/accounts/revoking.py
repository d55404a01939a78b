"""Ending a token, in both of Zoho's forms (docs/zoho-facts.md 2.5)."""

from __future__ import annotations

from fakezoho.accounts.tokens import TokenRefused, client_of, end_grant
from fakezoho.hashing import hashed
from fakezoho.world import DataCentre, World


def revoke_of_client(world: World, dc: DataCentre, given: dict[str, str]) -> None:
    """Revoke by the Accounts page's form, which asks for the client too (2.5); raises TokenRefused."""
    client, key = client_of(world, dc, given), hashed(given.get("token", ""))
    owner = dc.grants.get(key) or dc.tokens.get(key)
    if owner is None or owner.client_id != client.id:
        raise TokenRefused("invalid_code")
    revoke(world, dc, given)


def revoke(world: World, dc: DataCentre, given: dict[str, str]) -> None:
    """Revoke either kind of token; raises TokenRefused for an unknown one."""
    key = hashed(given.get("token", ""))
    if key in dc.grants:
        end_grant(dc, key)
    elif dc.tokens.pop(key, None) is None:
        raise TokenRefused("invalid_code")
    world.changed()
