"""Guesses that no request with an API token can settle: what we assume, and how an owner may see it."""

from __future__ import annotations

from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.probe import Finding, Probe, unclear


def _by_hand(name: str, section: str, assumed: str, instead: str) -> Probe:
    def ask(account: Account) -> Finding:
        return unclear(f"Not asked. {instead}")

    return Probe(name, section, assumed, "Report it.", ask)


PROBES = (
    _by_hand(
        "id-token-key", "2.7, 8", "The header of Zoho's id_token names its key as key_id, perhaps not as kid, and its "
        "sub is the ZUID.",
        "Deskline uses no id_token. To see it, sign in anywhere with scope openid and read the token.",
    ),
    _by_hand(
        "profile-names", "2.7", "The profile may lack names, but never ZUID and Email.",
        "To see it, sign in to Deskline with an account that has no last name.",
    ),
    _by_hand(
        "shared-values", "9", "GET /groupContacts shows contacts that share a value, perhaps only those.",
        "To see it: GET /groupContacts?fieldName=phone&fieldValues=… with the number of one contact.",
    ),
    _by_hand(
        "code-life", "2.2", "The code of a consent lives at least 60 seconds.",
        "Deskline redeems it at once.",
    ),
    _by_hand(
        "callback-parameters", "2.2", "A consent comes back with location and accounts-server where the client is "
        "Multi-DC, perhaps with a stray & at the end.",
        "To see it, read the address that a consent comes back to, in the browser's network log.",
    ),
    _by_hand(
        "foreign-code", "2.3, 5", "A code of another data centre is refused with invalid_code or invalid_client.",
        "Deskline redeems a code only where Zoho says that it belongs.",
    ),
    _by_hand(
        "foreign-token", "4.2", "A token of another data centre is refused by Desk with 401, or led away with 3xx.",
        "Deskline asks with a token only where it comes from, and follows no redirect.",
    ),
    _by_hand(
        "secret-per-data-centre", "2.3", "One client secret serves all data centres when the client is set so.",
        "To see it, sign in with an agent of another data centre.",
    ),
    _by_hand(
        "scope-names", "2.2, 4.4", "Scopes are separated by commas; names that the spec does not declare may fail.",
        "Deskline asks for declared ones, with commas: the consent that succeeded has shown that this works.",
    ),
    _by_hand(
        "token-limits", "2.4", "10 access tokens in 10 minutes and 10 live ones for each refresh token, 20 refresh "
        "tokens for each person and client, perhaps limits on codes; beyond, “Access Denied” with 400 or 200.",
        "Overstepping them would stop your deliveries; Deskline stays below.",
    ),
    _by_hand(
        "subject-search", "4.5", "A search by subject finds the text anywhere in it, with * at either end.",
        "Deskline reads the newest calls first; the search can only confirm what that list does not show.",
    ),
    _by_hand(
        "fresh-list-tickets", "4.7, 8", "GET /tickets and the calls of a ticket show a new record within "
        "settle_seconds.",
        "A ticket would notify people. What fresh-list-calls measures is taken for both.",
    ),
    _by_hand(
        "concurrency", "4.3", "As many requests run at once as the edition allows: 5, 10, 15 or 25.",
        "Overstepping it would disturb your other integrations. A 429 in Deliveries would show that it is less.",
    ),
    _by_hand(
        "day-of-credits", "4.3", "The day's credits come back at midnight of the data centre.",
        "To see it, run this around midnight and watch the remaining credits rise.",
    ),
    _by_hand(
        "sandbox-addressing", "4.9, 8", "A sandbox is a portal of its own on the same host, with its own consent.",
        "To see it, enable a method as Sandbox, then run this on it.",
    ),
)  # fmt: skip
