"""Organisations and agents (docs/zoho-facts.md 2.7, 4.7, 4.9)."""

from __future__ import annotations

from integrations.zoho_desk.limits import CONCURRENCY
from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.probe import REPORT, Finding, different, judged, probe, same, unclear

SIGN_IN = "Report it: the first sign-in of an agent asks Zoho Desk for them by their ZUID, and would refuse them."


@probe(
    "organisations-reached",
    "4.9",
    "A token reaches the one portal that was picked at the consent.",
    "Nothing here: with several, the environment URL or the administrator chooses. Report it.",
)
def organisations(account: Account) -> Finding:
    heard = account.organisations
    ids = {str(entry.get("id")) for entry in heard.entries}
    own = account.connection.organisation_id in ids
    answered = f"{len(ids)} {'organisation' if len(ids) == 1 else 'organisations'}, {'' if own else 'not '}with ours"
    return judged(own and len(ids) == 1, answered)


@probe("sandbox-flag", "4.7", "isSandboxPortal of an organisation is true or false, not text.")
def sandbox_flag(account: Account) -> Finding:
    kinds = {type(entry.get("isSandboxPortal")) for entry in account.organisations.entries}
    if kinds == {bool}:
        return same("true or false")
    told = "text" if str in kinds else "absent" if kinds == {type(None)} else "something else"
    change = "Report it: sandbox portals cannot be told from others." if told != "text" else ""
    return different(told, change)


@probe(
    "edition-name",
    "4.3",
    "The portal's edition has a name that our table of limits knows.",
    "Until it is known, 4 requests run at once instead of what the edition allows. Report the name.",
)
def edition(account: Account) -> Finding:
    own = account.connection.organisation_id
    names = [str(entry.get("edition") or "") for entry in account.organisations.entries if str(entry.get("id")) == own]
    if not names:
        return unclear("Our portal is not among the organisations.")
    return judged(names[0].strip().upper() in CONCURRENCY, names[0][:40] or "none")


@probe("agent-zuid", "2.7", "The token's agent carries the ZUID that the accounts server knows them by.", SIGN_IN)
def own_zuid(account: Account) -> Finding:
    zuid = str(account.me.body.get("zuid") or "")
    return judged(zuid.isdecimal(), "A number." if zuid.isdecimal() else f"{account.me.said}, without a number")


@probe("agent-by-zuid", "2.7", "GET /agents/zuid/{zuid} gives the same agent as /myinfo.", SIGN_IN)
def by_zuid(account: Account) -> Finding:
    zuid = str(account.me.body.get("zuid") or "")
    if not zuid.isdecimal():
        return unclear("The agent has no ZUID.")
    heard = account.wire.get(f"/agents/zuid/{zuid}")
    found = bool(heard.body.get("id")) and heard.body.get("id") == account.me.body.get("id")
    return judged(found, f"{heard.said}, {'the same' if found else 'not the same'} agent")


@probe("agent-unknown-zuid", "2.7", "GET /agents/zuid/{zuid} of nobody is answered with 204.", REPORT)
def nobodys_zuid(account: Account) -> Finding:
    heard = account.wire.get("/agents/zuid/1")
    if heard.status == 404:
        return different(heard.said, "Nothing here: both mean that there is no such agent. Report it.")
    return judged(heard.status == 204, heard.said)


PROBES = (organisations, sandbox_flag, edition, own_zuid, by_zuid, nobodys_zuid)
