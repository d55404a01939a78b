"""The authorize request and its answer: what is checked before anybody is asked (docs/zoho-facts.md 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from fakezoho.accounts import scopes
from fakezoho.hashing import hashed, new_token
from fakezoho.identities import Client, Code, Person
from fakezoho.portal import Portal
from fakezoho.world import World


class NotAuthorizable(Exception):
    """Shown to the person: a request this wrong must not lead back to the redirect URI."""

    def __init__(self, error: str, sentence: str) -> None:
        super().__init__(error)
        self.error = error
        self.sentence = sentence


@dataclass(frozen=True)
class Asked:
    client: Client
    redirect_uri: str
    scopes: list[str]
    state: str | None
    offline: bool
    consent: bool
    challenge: str
    challenge_method: str


def read(world: World, given: Mapping[str, str], dc: str = "") -> Asked:
    """Check an authorize request, of one data centre when it is named; raises NotAuthorizable."""
    client = world.clients.get(given.get("client_id", ""))
    if client is None or not (world.knobs.multi_dc or dc in {"", client.dc}):
        raise NotAuthorizable("invalid_client", "No client with this client ID is registered here.")
    redirect_uri = given.get("redirect_uri", "")
    if redirect_uri not in client.redirect_uris:
        raise NotAuthorizable(
            "invalid_redirect_uri",
            "The redirect URI is not, letter for letter, one of those registered for the client.",
        )
    if given.get("response_type") != "code":
        raise NotAuthorizable("unsupported_response_type", "response_type must be code.")
    method = given.get("code_challenge_method", "plain")
    if method not in {"plain", "S256"}:
        raise NotAuthorizable("invalid_request", "code_challenge_method must be plain or S256.")
    return Asked(
        client=client,
        redirect_uri=redirect_uri,
        scopes=_scopes(world, given.get("scope", "")),
        state=given.get("state"),
        offline=given.get("access_type") == "offline",
        consent="consent" in given.get("prompt", ""),
        challenge=given.get("code_challenge", ""),
        challenge_method=method,
    )


def _scopes(world: World, text: str) -> list[str]:
    asked = scopes.split(text, world.knobs.space_scopes)
    unknown = [scope for scope in asked if not scopes.exists(scope, world.knobs)]
    if unknown or not asked:
        name = unknown[0] if unknown else "(none)"
        raise NotAuthorizable("invalid_scope", f"The scope {name} does not exist. One unknown scope fails the request.")
    return asked


def approve(world: World, asked: Asked, person: Person, portal: Portal | None) -> str:
    """Make a code in the person's own data centre; return where the browser goes next."""
    now, home = world.clock.now(), world.centres[person.dc]
    _limit_codes(world, asked.client, now)
    secret = new_token()
    home.codes[hashed(secret)] = Code(
        client_id=asked.client.id,
        zuid=person.zuid,
        org_id=portal.id if portal else "",
        scopes=asked.scopes,
        redirect_uri=asked.redirect_uri,
        offline=asked.offline,
        consented=asked.consent,
        created_at=now,
        expires_at=now + world.knobs.code_life,
        challenge=asked.challenge,
        challenge_method=asked.challenge_method,
    )
    world.changed()
    answer = {"code": secret}
    if world.knobs.multi_dc:
        server = world.knobs.accounts_server or home.accounts_url
        answer |= {"location": person.dc, "accounts-server": server}
    return _back(world, asked, answer)


def _limit_codes(world: World, client: Client, now: float) -> None:
    """Forget the codes of earlier windows; refuse one too many in this one (2.4)."""
    recent = 0
    for centre in world.centres.values():
        centre.codes = {k: c for k, c in centre.codes.items() if c.created_at > now - world.knobs.token_window}
        recent += sum(code.client_id == client.id for code in centre.codes.values())
    if world.knobs.codes_per_window and recent >= world.knobs.codes_per_window:
        raise NotAuthorizable("Access Denied", "This client has made too many requests. Try again in some minutes.")


def refuse(world: World, asked: Asked) -> str:
    return _back(world, asked, {"error": "access_denied"})


def _back(world: World, asked: Asked, answer: dict[str, str]) -> str:
    if asked.state is not None:
        answer["state"] = asked.state
    joint = "&" if urlsplit(asked.redirect_uri).query else "?"
    pairs = "&".join(f"{name}={quote(value, safe='')}" for name, value in answer.items())
    return asked.redirect_uri + joint + pairs + ("&" if world.knobs.trailing_ampersand else "")
