from __future__ import annotations

import json
from base64 import urlsafe_b64decode

import jwt
import pytest
import requests

from tests.fakezoho.conftest import granted


def unpacked(part: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(urlsafe_b64decode(part + "=="))
    return found


@pytest.mark.parametrize(("style", "names"), [("key_id", {"key_id"}), ("kid", {"kid"}), ("both", {"key_id", "kid"})])
def test_the_id_token_is_signed_with_the_published_key(zoho, client, style, names):
    zoho.set_knobs(id_token_key=style)
    answer = granted(zoho, client, scope="openid,email,profile")
    header, payload, _ = answer["id_token"].split(".")
    assert set(unpacked(header)) == names | {"typ", "alg"}
    assert unpacked(payload)["sub"] == "20071000001"
    keys = requests.get(f"{zoho.url}/eu/accounts/oauth/v2/keys", timeout=5).json()["keys"]
    signed, _, signature = answer["id_token"].rpartition(".")
    key = jwt.PyJWK(keys[0])
    assert key.Algorithm.verify(signed.encode(), key.key, urlsafe_b64decode(signature + "=="))


def test_discovery_names_the_issuer_of_its_own_data_centre(zoho, client):
    for dc in ("eu", "us"):
        url = f"{zoho.url}/{dc}/accounts"
        told = requests.get(f"{url}/.well-known/openid-configuration", timeout=5).json()
        assert told["issuer"] == url
        assert told["code_challenge_methods_supported"] == ["plain", "S256"]


def test_userinfo_tells_the_same_person(zoho, client):
    token = granted(zoho, client, scope="openid email profile")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    told = requests.get(f"{zoho.url}/eu/accounts/oauth/v2/userinfo", headers=headers, timeout=5).json()
    assert (told["sub"], told["email"]) == ("20071000001", "ada@acme.example")
