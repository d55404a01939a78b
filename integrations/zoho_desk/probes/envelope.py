"""Headers, refusals and emptiness (zoho-facts 2.8, 4.1, 4.2): requests that are right in one way, or wrong in one."""

from __future__ import annotations

from collections.abc import Callable

from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.probe import HARMLESS, REPORT, Finding, Probe, judged, probe, unclear
from integrations.zoho_desk.probes.tokens import MADE_UP
from integrations.zoho_desk.probes.wire import Heard, Wire

DEPARTMENTS, ONE = "/departments", {"limit": "1"}
NOT_ALLOWED = (401, 403)
READ: tuple[tuple[str, dict[str, str]], ...] = (
    ("/myinfo", {}), ("/agents/zuid/1", {}), (DEPARTMENTS, ONE), ("/contacts", ONE), ("/calls", ONE), ("/tickets", ONE),
    ("/contacts/search", {"phone": "*0000000", **ONE}), ("/calls/search", {"subject": "zoho_check", **ONE}),
    ("/fields", {"module": "calls"}), ("/layouts", {"module": "calls"}),
)  # fmt: skip
"""One request of each kind that the client sends."""
NOBODY = {"email": "nobody-of-zoho-check@deskline.invalid"}


def _answers(
    name: str, section: str, assumed: str, expected: str, ask: Callable[[Wire], Heard], change: str = HARMLESS
) -> Probe:
    def asked(account: Account) -> Finding:
        heard = ask(account.wire)
        return judged(heard.said == expected, heard.said)

    return Probe(name, section, assumed, change, asked)


@probe("missing-scope", "4.2, 4.4", "A right that the consent lacks is answered with 403 SCOPE_MISMATCH.")
def missing_scope(account: Account) -> Finding:
    # Activities need the rights to read tasks and events too, which nobody asks for (4.4).
    tickets = account.wire.get("/tickets", ONE).entries
    ticket = str(tickets[0].get("id")) if tickets else "1"
    heard = account.wire.get(f"/tickets/{ticket}/activities", ONE)
    if heard.ok or heard.status == 404:
        return unclear(f"{heard.said}: the rights of this consent were enough.")
    return judged(heard.said == "403 SCOPE_MISMATCH", heard.said)


@probe(
    "rights-enough",
    "4.4",
    "The rights that the consent asks for are enough for each thing that Deskline reads.",
    "Name what is missing under further_scopes and reconnect (docs/zoho-smoke.md), and report it.",
)
def rights_enough(account: Account) -> Finding:
    said = {path: account.wire.get(path, params) for path, params in READ}
    refused = [f"{path} {heard.said}" for path, heard in said.items() if heard.status in NOT_ALLOWED]
    return judged(not refused, f"Refused: {', '.join(refused)}." if refused else f"{len(said)} of {len(said)}")


@probe(
    "credit-headers",
    "4.3",
    "Each answer tells its cost and the day's remaining credits (X-Rate-Limit-…-v3).",
    "Nothing here, but the day's credits are then not watched, only the 429 at their end. Report it.",
)
def credit_headers(account: Account) -> Finding:
    told = {"cost": account.me.weight, "remaining": account.me.remaining}
    missing = [name for name, value in told.items() if value is None]
    return judged(not missing, f"Missing: {', '.join(missing)}." if missing else "Both are there.")


PROBES = (
    _answers(
        "bearer-header", "2.8", "Authorization: Bearer is accepted as well as Zoho-oauthtoken.", "200",
        lambda wire: wire.get("/myinfo", scheme="Bearer"),
    ),
    _answers(
        "no-token", "4.2", "A request without a token is answered with 401 UNAUTHORIZED.", "401 UNAUTHORIZED",
        lambda wire: wire.get("/myinfo", token=""),
    ),
    _answers(
        "wrong-token", "4.2", "A token that is not valid is answered with 401 INVALID_OAUTH.", "401 INVALID_OAUTH",
        lambda wire: wire.get("/myinfo", token=MADE_UP),
    ),
    _answers(
        "orgid-header", "4.1", "The portal is named by the header orgId.", "200",
        lambda wire: wire.get(DEPARTMENTS, ONE), REPORT,
    ),
    _answers(
        "orgid-in-query", "4.1", "The portal may be named by the query parameter orgId instead.", "200",
        lambda wire: wire.get(DEPARTMENTS, {**ONE, "orgId": wire.connection.organisation_id}, organisation=""),
    ),
    _answers(
        "orgid-missing", "4.1", "Without orgId the answer is 422 UNPROCESSABLE_ENTITY.", "422 UNPROCESSABLE_ENTITY",
        lambda wire: wire.get(DEPARTMENTS, ONE, organisation=""),
    ),
    _answers(
        "orgid-not-a-number", "4.2", "An orgId that is not a number gives 500 INTERNAL_SERVER_ERROR.",
        "500 INTERNAL_SERVER_ERROR", lambda wire: wire.get(DEPARTMENTS, ONE, organisation="portal"),
    ),
    _answers(
        "orgid-of-another", "4.2", "The orgId of a portal that the token does not reach gives 403 OAUTH_ORG_MISMATCH.",
        "403 OAUTH_ORG_MISMATCH", lambda wire: wire.get(DEPARTMENTS, ONE, organisation="1"),
    ),
    _answers(
        "unknown-parameter", "4.1", "A query parameter that Zoho does not know is refused with 422.",
        "422 UNPROCESSABLE_ENTITY", lambda wire: wire.get("/contacts", {**ONE, "zohoCheck": "1"}),
    ),
    _answers(
        "nothing-found", "4.1", "A search that finds nothing is answered with 204 and no body.", "204",
        lambda wire: wire.get("/contacts/search", NOBODY),
    ),
    _answers(
        "unknown-record", "4.2", "An id that is no record's is answered with 404 URL_NOT_FOUND.", "404 URL_NOT_FOUND",
        lambda wire: wire.get("/contacts/1"), REPORT,
    ),
    missing_scope,
    rights_enough,
    credit_headers,
)  # fmt: skip
