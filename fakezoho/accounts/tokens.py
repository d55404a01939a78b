"""Codes into tokens, tokens into new ones, and their end (docs/zoho-facts.md 2.3 to 2.6)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from fakezoho.accounts import oidc, scopes
from fakezoho.hashing import hashed, new_token
from fakezoho.identities import AccessToken, Client, Code, Grant
from fakezoho.world import DataCentre, World

# From so many on, expired access tokens are forgotten before another is made.
MANY = 500
TOO_MANY = {
    "error": "Access Denied",
    "error_description": "You have made too many requests continuously. Please try again after some time.",
    "status": "failure",
}


class TokenRefused(Exception):
    """The token endpoint refuses; ``status`` None means the knob's usual one."""

    def __init__(self, error: str, status: int | None = None, body: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.body = body or {"error": error}


def secret_for(world: World, client: Client, dc: str) -> str:
    """Return the client's secret in a data centre: the same everywhere, or one for each (2.3)."""
    if world.knobs.same_credentials or dc == client.dc:
        return client.secret
    return hashlib.sha256(f"{dc}:{client.secret}".encode()).hexdigest()[:42]


def answer(world: World, dc: DataCentre, given: dict[str, str]) -> dict[str, Any]:
    """Serve the token endpoint; raises TokenRefused."""
    kind = given.get("grant_type", "")
    serve = {
        "authorization_code": _exchange,
        "refresh_token": _refresh,
        "client_credentials": _client_credentials,
    }.get(kind)
    if serve is None:
        raise TokenRefused("invalid_request" if not kind else "unsupported_grant_type", 400)
    result = serve(world, dc, client_of(world, dc, given), given)
    world.changed()
    return result


def client_of(world: World, dc: DataCentre, given: dict[str, str]) -> Client:
    """Return who asks; raises TokenRefused. Without Multi-DC a client serves its own data centre only (2.3)."""
    client = world.clients.get(given.get("client_id", ""))
    if client is None:
        raise TokenRefused("invalid_client")
    if not (world.knobs.multi_dc or client.dc == dc.code):
        raise TokenRefused(world.knobs.foreign_code)
    secret = secret_for(world, client, dc.code)
    if not hmac.compare_digest(secret.encode(), given.get("client_secret", "").encode()):
        raise TokenRefused("invalid_client_secret")
    return client


def _exchange(world: World, dc: DataCentre, client: Client, given: dict[str, str]) -> dict[str, Any]:
    code_hash = hashed(given.get("code", ""))
    code = dc.codes.get(code_hash)
    if code is None and any(code_hash in other.codes for other in world.centres.values()):
        raise TokenRefused(world.knobs.foreign_code)
    if code is None or code.used or code.expires_at <= world.clock.now() or code.client_id != client.id:
        raise TokenRefused("invalid_code")
    if given.get("redirect_uri") != code.redirect_uri:
        raise TokenRefused("invalid_redirect_uri")
    if not _proven(code, given.get("code_verifier", "")):
        raise TokenRefused("invalid_code")
    code.used = True
    refresh = _new_grant(world, dc, code) if code.offline else ""
    access = _new_access(world, dc, code, hashed(refresh) if refresh else "")
    result = _token_answer(world, dc, access, code.scopes)
    if refresh:
        result["refresh_token"] = refresh
    if {scope.lower() for scope in code.scopes} & {"openid", "email", "profile"}:
        result["id_token"] = oidc.id_token(world, dc, client.id, dc.people[code.zuid], access)
    return result


def _proven(code: Code, verifier: str) -> bool:
    if not code.challenge:
        return True
    if code.challenge_method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(verifier.encode(), code.challenge.encode())


def _new_grant(world: World, dc: DataCentre, code: Code) -> str:
    """Make a refresh token, or return "": a repeated consent without prompt=consent gives none (2.2, 2.4)."""
    own = [key for key, g in dc.grants.items() if (g.client_id, g.zuid) == (code.client_id, code.zuid)]
    if own and not code.consented:
        return ""
    start = world.clock.now() - world.knobs.token_window
    if 0 < world.knobs.grants_per_window <= sum(dc.grants[key].created_at > start for key in own):
        raise TokenRefused("Access Denied", world.knobs.throttle_status, TOO_MANY)
    for key in own[: max(0, len(own) - world.knobs.refresh_tokens + 1)]:
        end_grant(dc, key)
    secret = new_token()
    now = world.clock.now()
    dc.grants[hashed(secret)] = Grant(code.client_id, code.zuid, code.org_id, code.scopes, now, window_start=now)
    return secret


def _new_access(world: World, dc: DataCentre, source: Code | Grant, grant_hash: str) -> str:
    """Make an access token; a refresh token has only so many alive, and the oldest dies early (2.4)."""
    now, secret = world.clock.now(), new_token()
    if len(dc.tokens) >= MANY:
        dc.tokens = {key: token for key, token in dc.tokens.items() if token.expires_at > now}
    expires = now + world.knobs.token_life
    dc.tokens[hashed(secret)] = AccessToken(
        source.client_id, source.zuid, source.org_id, source.scopes, expires, grant_hash
    )
    grant = dc.grants.get(grant_hash)
    if grant is not None:
        grant.window_count += 1
        grant.live.append(hashed(secret))
        for old in grant.live[: -world.knobs.live_tokens]:
            dc.tokens.pop(old, None)
        grant.live = grant.live[-world.knobs.live_tokens :]
    return secret


def _refresh(world: World, dc: DataCentre, client: Client, given: dict[str, str]) -> dict[str, Any]:
    key = hashed(given.get("refresh_token", ""))
    grant = dc.grants.get(key)
    if grant is None and any(key in other.grants for other in world.centres.values()):
        raise TokenRefused(world.knobs.foreign_code)
    if grant is None or grant.client_id != client.id:
        raise TokenRefused("invalid_code")
    _throttle(world, grant)
    return _token_answer(world, dc, _new_access(world, dc, grant, key), grant.scopes)


def _throttle(world: World, grant: Grant) -> None:
    now = world.clock.now()
    if now - grant.window_start >= world.knobs.token_window:
        grant.window_start, grant.window_count = now, 0
    if world.knobs.tokens_per_window and grant.window_count >= world.knobs.tokens_per_window:
        raise TokenRefused("Access Denied", world.knobs.throttle_status, TOO_MANY)


def _client_credentials(world: World, dc: DataCentre, client: Client, given: dict[str, str]) -> dict[str, Any]:
    """Give a token for an organization, as its first administrator, without a refresh token (2.6)."""
    service, _, org_id = given.get("soid", "").partition(".")
    portal = dc.portals.get(org_id)
    if portal is None or service != world.knobs.soid_service:
        raise TokenRefused("missing_org_info")
    asked = scopes.split(given.get("scope", ""), world.knobs.space_scopes)
    if not asked or not all(scopes.exists(scope, world.knobs) for scope in asked):
        raise TokenRefused("invalid_scope")
    admin = portal.modules["agents"].first(lambda agent: agent["rolePermissionType"] == "Admin")
    zuid = admin["zuid"] if admin else ""
    source = Grant(client.id, zuid, org_id, asked, world.clock.now())
    return _token_answer(world, dc, _new_access(world, dc, source, ""), asked)


def _token_answer(world: World, dc: DataCentre, access: str, granted: list[str]) -> dict[str, Any]:
    life = world.knobs.token_life
    lives: dict[str, dict[str, Any]] = {
        "seconds": {"expires_in": life},
        "seconds_and_ms": {"expires_in_sec": life, "expires_in": life * 1000},
        "ms": {"expires_in": life * 1000},
    }
    fixed = {"access_token": access, "scope": " ".join(granted), "api_domain": dc.api_domain, "token_type": "Bearer"}
    return fixed | lives[world.knobs.expires_style]


def end_grant(dc: DataCentre, key: str) -> None:
    """End a refresh token together with its access tokens (2.4, 2.5)."""
    dc.grants.pop(key, None)
    for token in [token for token, access in dc.tokens.items() if access.grant == key]:
        del dc.tokens[token]
