"""How the accounts server answers (zoho-facts 2.3, 2.6): one refresh, and two requests that it should refuse or not."""

from __future__ import annotations

from integrations.zoho_desk.oauth import LONGEST_LIFE_SECONDS
from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.probe import Finding, Probe, different, judged, probe, same, unclear

MADE_UP = f"1000.{'0' * 32}.{'0' * 32}"
HOUR = 3600


@probe("token-life", "2.3", "An access token lives 3600 seconds.")
def life(account: Account) -> Finding:
    shape = account.refreshed
    seconds = shape.expires_in_sec or _in_seconds(shape.expires_in)
    return judged(seconds == HOUR, f"{seconds} s" if seconds else "The answer tells no life.")


@probe("token-expiry-style", "2.3", "expires_in is in seconds, and there is no expires_in_sec.")
def expiry_style(account: Account) -> Finding:
    shape = account.refreshed
    told = {"expires_in": shape.expires_in, "expires_in_sec": shape.expires_in_sec}
    answered = ", ".join(f"{name} {value}" for name, value in told.items() if value is not None) or "neither"
    as_assumed = shape.expires_in_sec is None and shape.expires_in == _in_seconds(shape.expires_in)
    return judged(as_assumed and shape.expires_in is not None, answered)


@probe("token-scope-separator", "2.3", "The granted scopes of a token answer are separated by spaces.")
def scope_separator(account: Account) -> Finding:
    found = account.refreshed.separator
    return unclear("The answer names one scope, or none.") if found == "none" else judged(found == "space", found)


@probe("token-refresh-keeps", "2.3", "The answer to a refresh holds no new refresh token: the old one stays.")
def refresh_keeps(account: Account) -> Finding:
    came = account.refreshed.has_refresh_token
    return judged(not came, "A new refresh token came." if came else "None came.")


@probe(
    "token-api-domain",
    "1, 2.1",
    "The token's api_domain is the one of our table, and is not where Desk lives.",
    "Correct the row of this data centre in the file of ZOHO_DATA_CENTRES, and report it.",
)
def api_domain(account: Account) -> Finding:
    told, known = account.refreshed.api_domain, account.centre.api_domain
    if not told or not known:
        return unclear(f"Told: {told or 'none'}; known: {known or 'none'}.")
    return judged(told == known, told[:100])


def _refusal(name: str, what: str, error: str, wrong: dict[str, str]) -> Probe:
    @probe(name, "2.3, 8", f"{what} is answered with {error} and HTTP 200.")
    def ask(account: Account) -> Finding:
        shape = account.asked_for_token({"grant_type": "refresh_token", "refresh_token": MADE_UP, **wrong})
        return judged((shape.status, shape.error) == (200, error), shape.said)

    return ask


@probe(
    "data-centres",
    "2.1",
    "Zoho's registry (/oauth/serverinfo) names the accounts servers that our table has.",
    "Correct the rows of these data centres in the file of ZOHO_DATA_CENTRES, and report it.",
)
def registry(account: Account) -> Finding:
    if not account.registry:
        return unclear("It tells none.")
    rows = account.centres.rows
    differing = {code for code, url in account.registry.items() if code not in rows or rows[code].accounts != url}
    return judged(
        not differing, f"{len(account.registry)}" + "".join(f", not {code[:10]}" for code in sorted(differing))
    )


@probe(
    "client-credentials-service",
    "2.6, 8",
    "In client credentials, the soid of Zoho Desk is ZohoDesk.<organisation id>.",
    "Nothing here: Deskline does not use client credentials. Report what Zoho answers.",
)
def service_name(account: Account) -> Finding:
    # A token that came of it is thrown away unread; it is the client's own and ends within the hour.
    soid = f"ZohoDesk.{account.connection.organisation_id}"
    form = {"grant_type": "client_credentials", "scope": "Desk.basic.READ", "soid": soid}
    shape = account.asked_for_token(form)
    if not shape.error and shape.expires_in:
        return same("A token came.")
    if shape.error == "missing_org_info":
        return different(shape.said)
    return unclear(f"{shape.said}: this type of client may not use client credentials.")


def _in_seconds(told: int | None) -> int | None:
    """A life from `expires_in`, which may be in milliseconds: no token lives longer than a day."""
    return told // 1000 if told and told > LONGEST_LIFE_SECONDS else told


PROBES = (
    life,
    expiry_style,
    scope_separator,
    refresh_keeps,
    api_domain,
    registry,
    _refusal("token-refusal", "A wrong refresh token", "invalid_code", {}),
    _refusal("token-refusal-client", "A client ID that nobody has", "invalid_client", {"client_id": "1000.ZOHOCHECK"}),
    _refusal("token-refusal-secret", "A wrong client secret", "invalid_client_secret", {"client_secret": "zoho_check"}),
    service_name,
)
