"""Secrets with known values pass through everything; afterwards they are looked for everywhere."""

from __future__ import annotations

import io
import logging

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command
from django.db import connection

from authmethods import consent, tokens
from authmethods.fields import SecretUnreadable
from authmethods.models import AuthenticationMethod, StoredGrant
from integrations.errors import IntegrationError

pytestmark = pytest.mark.django_db
LIST = "/maker/authmethods/authenticationmethod/"
PAGES = ("change", "delete", "enable", "disable", "reconnect", "test", "duplicate", "dependencies", "history")


@pytest.fixture
def canaries(zoho, ada):
    method = zoho.method(by=ada)
    grant = StoredGrant.objects.get(method=method)
    return method, [
        method.client_secret.open(),
        grant.access_token.open(grant.owner),
        grant.refresh_token.open(grant.owner),
    ]


def test_no_page_shows_a_secret(client, ada, canaries):
    method, secrets = canaries
    client.force_login(ada)
    said = [client.get(LIST), client.get("/maker/"), client.post(f"{LIST}{method.pk}/test/")]
    said += [client.get(f"{LIST}{method.pk}/{page}/") for page in PAGES]
    bad = {"name": "", "integration": "zoho_desk", "client_id": "x", "client_secret": secrets[0]}
    said.append(client.post(f"{LIST}{method.pk}/change/", bad))
    assert "This field is required" in said[-1].content.decode()
    for response in said:
        assert response.status_code == 200
        for secret in secrets:
            assert secret not in response.content.decode()


def test_neither_dump_nor_history_nor_table_holds_a_secret(canaries):
    _, secrets = canaries
    AuthenticationMethod.objects.get().delete()
    out = io.StringIO()
    call_command("dumpdata", stdout=out)
    everything = out.getvalue() + str(list(LogEntry.objects.values()))
    for secret in secrets:
        assert secret not in everything


def test_a_dump_of_secret_tables_holds_none_of_them(canaries):
    _, secrets = canaries
    out = io.StringIO()
    call_command("dumpdata", "authmethods", stdout=out)
    assert "authmethods.storedgrant" in out.getvalue()
    for secret in secrets:
        assert secret not in out.getvalue()


def test_the_tables_hold_ciphertext(canaries):
    _, secrets = canaries
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM authmethods_storedgrant")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
        cursor.execute("SELECT sealed FROM authmethods_clientsecret")
        stored += bytes(cursor.fetchone()[0])
    for secret in secrets:
        assert secret.encode() not in stored


def test_no_log_line_and_no_error_holds_a_secret(zoho, canaries, caplog):
    method, secrets = canaries
    caplog.set_level(logging.DEBUG)
    link = tokens.connect(method)
    secrets.append(link.renew(link.token()))
    zoho.stand_in.fault("invalid_code", path="/oauth/v2/token")
    with pytest.raises(IntegrationError) as refused:
        link.renew(link.token())
    said = caplog.text + repr(refused.value) + repr(link) + repr(method.app()) + repr(method.client_secret.sealed)
    for secret in secrets:
        assert secret not in said


def test_what_a_consent_brought_back_shows_nothing_of_it(ada):
    back = consent.Return(ada, session_key="0a1b", state="2c3d", code="1000.4e5f", error="", accounts_server="")
    for secret in (back.session_key, back.state, back.code):
        assert secret not in repr(back)


def test_a_ciphertext_copied_to_another_row_opens_nothing(zoho, canaries):
    method, _ = canaries
    other = zoho.disabled_method(name="Other")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE authmethods_clientsecret SET sealed = (SELECT sealed FROM authmethods_clientsecret "
            "WHERE method_id = %s) WHERE method_id = %s",
            [method.pk, other.pk],
        )
    with pytest.raises(SecretUnreadable):
        AuthenticationMethod.objects.get(pk=other.pk).client_secret.open()


def test_one_unreadable_row_breaks_nothing_but_its_own_use(client, ada, canaries):
    method, _ = canaries
    with connection.cursor() as cursor:
        cursor.execute("UPDATE authmethods_clientsecret SET sealed = %s", [b"gAAAAA-of-a-lost-key"])
    client.force_login(ada)
    assert client.get(LIST).status_code == 200
    page = client.post(f"{LIST}{method.pk}/test/").content.decode()
    assert "None of FERNET_KEYS opens this secret" in page
