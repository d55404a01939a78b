"""Answers that no page of Zoho's describes: nothing is concluded from them, and only our own errors come out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from integrations.errors import IntegrationError, NotSent, OutcomeUnknown, RecordGone
from integrations.types import Search, Sought
from outbound.http import Answer
from tests.integrations.conftest import REDIRECT
from tests.outbound.listener import answer, listening

PHONE = "+33142234140"
CALL = {"departmentId": "1", "ticketId": "2", "subject": "A call"}
MARKER = "DL-8F3K2M9Q"


def look(module, values):
    return lambda c, link: c.vendor.look_up.look_for(link, Sought(module, MARKER, datetime.now(UTC), values))


LISTS = {
    "organisations": lambda c, link: c.vendor.directory.organisations(link),
    "departments": lambda c, link: c.vendor.directory.departments(link),
    "fields": lambda c, link: c.vendor.schema.fields(link, "calls"),
    "find": lambda c, link: c.vendor.reader.find(link, "contacts", Search(phone=PHONE)),
    "look for a call": look("calls", CALL),
    "look for a contact": look("contacts", {"phone": PHONE}),
}
OPERATIONS = LISTS | {
    "agent": lambda c, link: c.vendor.directory.agent(link, "1"),
    "preset": lambda c, link: c.vendor.schema.preset(link),
    "read": lambda c, link: c.vendor.reader.read(link, "contacts", "1"),
    "create": lambda c, link: c.vendor.writer.create(link, "calls", CALL, marker=MARKER),
    "update": lambda c, link: c.vendor.writer.update(link, "calls", "1", {"subject": "B"}),
    "redeem": lambda c, _: c.vendor.oauth.redeem(c.app, "eu", code="c", redirect_uri=REDIRECT, code_verifier="v"),
    "refresh": lambda c, _: c.vendor.oauth.refresh(c.app, "eu", "r"),
    "revoke": lambda c, _: c.vendor.oauth.revoke(c.app, "eu", "r"),
}
NO_LISTS = [b"{}", b'{"data": null}', b'{"data": {}}', b'{"data": [null]}', b'{"message": "hello"}', b'{"id": "1"}']
ODD = [
    *NO_LISTS, b"", b"null", b"1", b'"x"', b"[]", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"data": [{}]}',
    b'{"data": [{"id": {}}]}', b'{"data": [{"id": "1", "apiName": {}, "maxLength": [], "pickListValues": [[1], {}]}]}',
    b'{"data": [{"id": "1", "createdTime": {}, "modifiedTime": 5, "subject": [], "cf": [], "phone": ["+33"]}]}',
    b'{"id": "1", "data": [{"id": "1"}], "sections": [null, {"fields": 7}, {"fields": [null]}]}',
    b'{"id": "1", "data": [{"id": "1"}], "sections": {"fields": []}, "webUrl": 5, "cf": [1]}',
    b'{"errorCode": {}, "errors": 5}', b'{"errorCode": "INVALID_DATA", "errors": [1, {"fieldName": {}}]}',
    b'{"error": {}}', b'{"access_token": {}}', b'{"access_token": "1000.a", "expires_in": {}, "scope": [1]}',
]  # fmt: skip


@pytest.fixture
def zoho_says(customer, connection, outbound):
    """Have each request of the operation answered alike, by Desk and by Accounts."""

    def says(operation, body, status="200 OK"):
        with listening(answer(body, status=status)) as server:
            outbound.trust(server.url)
            row = customer.centres.get("eu")
            customer.centres.rows["eu"] = replace(row, desk=server.url, accounts=server.url)
            return OPERATIONS[operation](customer, connection)

    return says


@pytest.mark.parametrize("body", NO_LISTS, ids=bytes.decode)
@pytest.mark.parametrize("operation", LISTS)
def test_an_answer_that_is_no_list_is_never_taken_for_an_empty_one(zoho_says, operation, body):
    with pytest.raises(NotSent):
        zoho_says(operation, body)


@pytest.mark.parametrize("operation", ["read", "agent"])
@pytest.mark.parametrize("body", [b"{}", b'{"data": []}', b'{"id": ""}', b'{"id": null, "lastName": "Poulain"}'])
def test_an_answer_that_names_no_record_is_neither_a_record_nor_its_absence(zoho_says, operation, body):
    with pytest.raises(NotSent):
        zoho_says(operation, body)


NO_IDS = [b'""', b"null", b"{}", b'"12a"', b'"1\\u0000"', b'"' + b"1" * 41 + b'"', b"1.5", b"true"]


@pytest.mark.parametrize("identity", NO_IDS, ids=bytes.decode)
def test_what_was_written_under_an_id_that_is_none_is_looked_for(zoho_says, identity):
    """Kept as it is, the id would lead nowhere, or stop the database after the write."""
    with pytest.raises(OutcomeUnknown, match="looked up before"):
        zoho_says("create", b'{"id": %s, "subject": "A call"}' % identity)


@pytest.mark.parametrize("identity", NO_IDS, ids=bytes.decode)
@pytest.mark.parametrize("operation", ["read", "find", "look for a call", "look for a contact"])
def test_a_record_whose_id_is_none_is_neither_found_nor_absent(zoho_says, operation, identity):
    record = b'{"id": %s, "phone": "+33142234140", "subject": "A call [DL-8F3K2M9Q]"}' % identity
    with pytest.raises(NotSent):
        zoho_says(operation, record if operation == "read" else b'{"data": [%s]}' % record)


@pytest.mark.parametrize("link", [b"javascript:alert(1)", b"https://desk.zoho.eu/\\u0000", b"https://x/\\ud800"])
def test_a_link_that_nobody_could_keep_or_follow_is_left_out(zoho_says, link):
    assert zoho_says("create", b'{"id": "1", "webUrl": "%s"}' % link).url == ""


@pytest.mark.parametrize("identity", NO_IDS, ids=bytes.decode)
def test_a_portal_without_an_id_cannot_be_chosen(zoho_says, identity):
    (portal,) = zoho_says(
        "organisations", b'{"data": [{"id": %s}, {"id": "7", "companyName": "A\\u0000B"}]}' % identity
    )
    assert (portal.id, portal.name) == ("7", "AB")


def test_nothing_found_where_a_record_was_named_means_that_it_is_gone(zoho_says):
    with pytest.raises(RecordGone) as caught:
        zoho_says("read", b"", "204 No Content")
    assert caught.value.status == 204


@pytest.mark.parametrize("flag", [b'"isTrashed": true', b'"isDeleted": "true"'])
def test_a_record_that_is_shown_out_of_the_bin_is_gone(zoho_says, flag):
    with pytest.raises(RecordGone):
        zoho_says("read", b'{"id": "1", "lastName": "Poulain", %s}' % flag)


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "404 Not Found", "500 Internal Server Error"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_zoho_sends_nothing_but_our_own_errors_comes_out(zoho_says, operation, status):
    for body in ODD:
        try:
            zoho_says(operation, body, status)
        except IntegrationError as error:
            assert error.message  # noqa: PT017 - most of them raise, and each may


def test_json_nested_beyond_all_sense_is_no_json():
    with pytest.raises(ValueError, match="nested"):
        Answer(200, {}, b"[" * 100_000).json()


@pytest.mark.parametrize("newer", [b"null", b'""', b"{}", b'{"a": 1}', b"[1]", b"7", b"true"])
def test_a_refresh_never_replaces_the_refresh_token_by_something_that_is_none(zoho_says, newer):
    grant = zoho_says("refresh", b'{"access_token": "1000.a", "refresh_token": %s}' % newer)
    assert grant.refresh_token == "r"


@pytest.mark.parametrize(
    "scope",
    [b'"Desk.calls.READ Desk.basic.READ"', b'"Desk.calls.READ,Desk.basic.READ"',
     b'["Desk.calls.READ", "Desk.basic.READ"]', b'"Desk.calls.READ\\u0000 Desk.basic.READ\\n"'],
)  # fmt: skip
def test_the_rights_that_were_granted_are_read_however_they_are_told(zoho_says, scope):
    grant = zoho_says("refresh", b'{"access_token": "1000.a", "scope": %s}' % scope)
    assert grant.scopes == ("Desk.calls.READ", "Desk.basic.READ")


@pytest.mark.parametrize("scope", [b"null", b'""', b"{}", b"[]", b"7"])
def test_rights_that_nobody_told_are_not_taken_for_refused(zoho_says, scope):
    assert zoho_says("refresh", b'{"access_token": "1000.a", "scope": %s}' % scope).scopes == ()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"status": "failure"}', b'{"error": {}}', b'{"error": "invalid_client"}']
)
def test_a_token_counts_as_ended_only_when_zoho_says_so(zoho_says, body):
    with pytest.raises(IntegrationError):
        zoho_says("revoke", body)


@pytest.mark.parametrize(
    "body",
    [b'{"status": "success"}', b'{"message": "ok"}', b'{"error": "invalid_code"}', b'{"error": "invalid_token"}'],
)
def test_a_token_that_zoho_ended_or_does_not_know_has_ended(zoho_says, body):
    zoho_says("revoke", body)


def test_a_revocation_that_is_not_understood_is_asked_in_the_other_way_that_zoho_describes(customer, outbound):
    refused = answer(b'{"error": "invalid_request"}', status="400 Bad Request", head="Connection: close\r\n")
    with listening(refused, answer(b'{"status": "success"}')) as server:
        outbound.trust(server.url)
        row = customer.centres.get("eu")
        customer.centres.rows["eu"] = replace(row, accounts=server.url)
        customer.vendor.oauth.revoke(replace(customer.app, client_id="id", client_secret="se:cret"), "eu", "r")
    assert b"POST /oauth/v2/token/revoke HTTP/1.1" in server.received
    assert b"POST /oauth/v2/revoke/token HTTP/1.1" in server.received
    assert b"Authorization: Basic aWQ6c2U6Y3JldA==" in server.received
    assert b"?" not in server.received.partition(b"\r\n")[0]


def test_a_revocation_that_got_lost_is_not_asked_twice(customer, outbound):
    with listening(answer(b"<html>", status="502 Bad Gateway")) as server:
        outbound.trust(server.url)
        row = customer.centres.get("eu")
        customer.centres.rows["eu"] = replace(row, accounts=server.url)
        with pytest.raises(NotSent):
            customer.vendor.oauth.revoke(customer.app, "eu", "r")
    assert server.received.count(b"POST ") == 1
