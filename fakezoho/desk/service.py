"""A Desk request from arrival to answer: token, portal, limits, scopes, values, and then the work."""

from __future__ import annotations

import asyncio
import random
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from fakezoho import limits, sent
from fakezoho.desk import validation
from fakezoho.desk.operations import HANDLERS
from fakezoho.desk.problems import Refused
from fakezoho.desk.request import EMPTY_200, DeskRequest
from fakezoho.hashing import hashed
from fakezoho.identities import AccessToken
from fakezoho.journal import Entry
from fakezoho.knobs import Knobs, listed
from fakezoho.portal import Portal
from fakezoho.replies import Reply, json_reply
from fakezoho.spec import Operation, route
from fakezoho.world import DataCentre, World

Headers = dict[str, str]


async def serve(world: World, dc: DataCentre, path: str, headers: Headers, raw: bytes, entry: Entry) -> Reply:
    """Answer one request below a data centre's Desk host, and fill its ``entry`` in the journal."""
    try:
        operation, values = _routed(path, entry.method)
        entry.operation = operation.id
        token = _token(world, dc, headers, path)
        query, asked_org = _split_org(entry.query, world.knobs)
        portal = _portal(world, dc, token, operation, headers.get("orgid") or asked_org)
        request = DeskRequest(world, dc, token, operation, portal, values, {}, None)
        if portal is None:
            return await _admitted(request, headers, query, raw, entry)
        try:
            limits.enter(portal, world.knobs)
            return await _admitted(request, headers, query, raw, entry)
        finally:
            limits.leave(portal)
    except Refused as refusal:
        return _refused(refusal, world.knobs)


def _refused(refusal: Refused, knobs: Knobs) -> Reply:
    status, body = refusal.status, refusal.body
    if refusal.code == "EMPTY_PAYLOAD":
        status = knobs.empty_payload_status
    if knobs.error_messages and "errors" in body:
        told = [{**error, "errorMessage": f"The value is {error['errorType']}."} for error in body["errors"]]
        body = {**body, "errors": told}
    return json_reply(status, body, refusal.headers)


def _routed(path: str, method: str) -> tuple[Operation, dict[str, str]]:
    found = route(path)
    if found is None:
        raise Refused("URL_NOT_FOUND")
    methods, values = found
    if method not in methods:
        raise Refused("METHOD_NOT_ALLOWED")
    values = {name: unquote(value) for name, value in values.items()}
    validation.check_path(methods[method], values)
    return methods[method], values


def _token(world: World, dc: DataCentre, headers: Headers, path: str) -> AccessToken:
    kind, _, text = headers.get("authorization", "").partition(" ")
    if kind.lower() not in {"zoho-oauthtoken", "bearer"} or not text.strip():
        raise Refused("UNAUTHORIZED")
    key = hashed(text.strip())
    token = dc.tokens.get(key)
    if token is None and world.knobs.foreign_desk == "redirect":
        _lead_away(world, key, path)
    if token is None or token.expires_at <= world.clock.now():
        raise Refused("INVALID_OAUTH")
    return token


def _lead_away(world: World, key: str, path: str) -> None:
    """Raise Refused, as a redirect, for a token of another data centre (4.2)."""
    for centre in world.centres.values():
        if key in centre.tokens:
            refusal = Refused("INVALID_OAUTH")
            refusal.status, refusal.headers = 302, {"Location": centre.desk_url + path}
            raise refusal


def _split_org(query: str, knobs: Knobs) -> tuple[str, str]:
    """Take orgId out of the query: the spec models it there, the HTML reference as a header (4.1)."""
    if "orgId" not in query:
        return query, ""
    pairs = parse_qsl(query, keep_blank_values=True)
    given = [value for name, value in pairs if name == "orgId"]
    if not given:
        return query, ""
    if not knobs.org_in_query:
        raise Refused("UNPROCESSABLE_ENTITY", "Extra query parameter 'orgId' is present in the input.")
    return urlencode([pair for pair in pairs if pair[0] != "orgId"]), given[0]


def _portal(world: World, dc: DataCentre, token: AccessToken, operation: Operation, org_id: str) -> Portal | None:
    """Find the portal asked for; raises Refused when orgId is missing, not a number, or another's (4.1, 4.2)."""
    if not org_id:
        if operation.needs_org:
            raise Refused(world.knobs.missing_org, "The header orgId is missing.")
        return None
    if not (org_id.isascii() and org_id.isdigit()):
        raise Refused("INTERNAL_SERVER_ERROR")
    portal = dc.portals.get(org_id)
    if portal is None or not _reaches(world.knobs, token, portal):
        raise Refused("OAUTH_ORG_MISMATCH")
    return portal


def _reaches(knobs: Knobs, token: AccessToken, portal: Portal) -> bool:
    """Tell whether the grant leads to this portal, of which its person must still be an active agent."""
    if portal.sandbox and not knobs.sandbox_portals:
        return False
    if knobs.portal_binding == "picked" and token.org_id != portal.id:
        return False
    agent = portal.agent_of(token.zuid)
    return agent is not None and agent["status"] == "ACTIVE"


def _may(r: DeskRequest) -> bool:
    enough = all if r.knobs.scope_lists == "all" else any
    return enough(all(map(r.token.may, family)) for family in r.operation.scopes)


async def _admitted(r: DeskRequest, headers: Headers, query: str, raw: bytes, entry: Entry) -> Reply:
    knobs = r.knobs
    if knobs.latency or knobs.latency_jitter:
        await asyncio.sleep(knobs.latency + random.random() * knobs.latency_jitter)  # noqa: S311
    if not _may(r):
        raise Refused(knobs.scope_refusal)
    r.query = validation.query_of(r.operation, query)
    r.body = entry.body = sent.json_of(raw)
    if r.operation.body is not None:
        validation.check_kind(headers.get("content-type", ""), raw, r.body)
        validation.check_body(r.operation.body, r.body, listed(knobs.call_statuses))
    rate: Headers = {}
    if r.given_portal is not None:
        cost = limits.cost_of(r.operation.id, r.query, r.body, knobs.cost_steps)
        rate = limits.spend(r.given_portal, knobs, cost, r.now)
    try:
        answer = HANDLERS[r.operation.id](r)
    except Refused as refusal:
        refusal.headers = rate | refusal.headers
        raise
    if knobs.answer_latency:
        await asyncio.sleep(knobs.answer_latency)
    return _replied(r, answer, rate, entry)


def _replied(r: DeskRequest, answer: Any, rate: Headers, entry: Entry) -> Reply:
    """Check the answer against the digest: a violation is a fault of the stand-in, and told as one."""
    if answer is None:
        return Reply(204, headers=rate)
    if answer == EMPTY_200:
        return Reply(200, headers=rate)
    entry.note = validation.wrong_in_answer(r.operation, answer)
    if entry.note:
        return json_reply(500, {"errorCode": "INTERNAL_SERVER_ERROR", "message": f"Stand-in: {entry.note}"}, rate)
    hidden = listed(r.knobs.hidden_fields)
    return json_reply(200, _without(answer, hidden) if hidden else answer, rate)


def _without(answer: Any, hidden: list[str]) -> Any:
    if isinstance(answer, dict) and isinstance(answer.get("data"), list):
        return {**answer, "data": [_without(record, hidden) for record in answer["data"]]}
    return {name: value for name, value in answer.items() if name not in hidden}
