"""OpenID Connect as Zoho does it, with the id_token's odd header (docs/zoho-facts.md 2.7)."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from fakezoho.identities import Person
from fakezoho.world import DataCentre, World

LIFE_SECONDS = 3600


@cache
def _key(dc: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def _packed(data: bytes) -> str:
    """Keep base64's padding: Zoho's own sample has it, and strict readers trip over it."""
    return base64.urlsafe_b64encode(data).decode()


def _number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


def key_name(dc: str) -> str:
    return f"{dc}-1"


def id_token(world: World, dc: DataCentre, audience: str, person: Person, access: str) -> str:
    names = {"key_id": ["key_id"], "kid": ["kid"], "both": ["key_id", "kid"]}[world.knobs.id_token_key]
    header = {**{name: key_name(dc.code) for name in names}, "typ": "JWS", "alg": "RS256"}
    now = int(world.clock.now())
    half = hashlib.sha256(access.encode()).digest()[:16]
    payload: dict[str, Any] = {
        "iss": dc.accounts_url,
        "sub": person.zuid,
        "aud": audience,
        "iat": now,
        "exp": now + LIFE_SECONDS,
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
    } | claims(person)
    signed = f"{_packed(json.dumps(header).encode())}.{_packed(json.dumps(payload).encode())}"
    signature = _key(dc.code).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_packed(signature)}"


def claims(person: Person) -> dict[str, Any]:
    return {
        "email": person.email,
        "email_verified": True,
        "name": person.name,
        "first_name": person.first_name,
        "last_name": person.last_name,
    }


def keys(dc: DataCentre) -> dict[str, Any]:
    numbers = _key(dc.code).public_key().public_numbers()
    key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": key_name(dc.code)}
    return {"keys": [{**key, "n": _number(numbers.n), "e": _number(numbers.e)}]}


def discovery(dc: DataCentre) -> dict[str, Any]:
    url = dc.accounts_url
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/oauth/v2/auth",
        "token_endpoint": f"{url}/oauth/v2/token",
        "userinfo_endpoint": f"{url}/oauth/v2/userinfo",
        "revocation_endpoint": f"{url}/oauth/v2/token/revoke",
        "jwks_uri": f"{url}/oauth/v2/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["email", "profile", "openid", "phone"],
        "id_token_signing_alg_values_supported": ["RS256", "RS384"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    }
