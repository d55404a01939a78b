"""Telephone systems in the Maker: what is peculiar to a source of calls, and whose telephones it has."""

from __future__ import annotations

from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command
from django.test import Client

from interactions.models import Interaction
from telephony.models import Extension, TelephonySystem
from tests.permissions import Case, check, pair_id, pairs
from tests.telephony.cdr.test_cases import CASES

pytestmark = pytest.mark.django_db
LIST = "/maker/telephony/telephonysystem/"


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def form(**changes):
    return {
        "name": "Head office", "kind": "files", "source": "pbx", "zone": "Europe/Paris", "longest_extension": "5",
        "trunks": "", "inbound_contexts": "", "outbound_contexts": "", "closed_contexts": "", "outside_prefix": "9",
        "recordings": "https://pbx.example/rec", "recording_links": "direct", "recordings_days": "",
        "revoked_recordings": "", "extension_table": "", **changes,
    }  # fmt: skip


@pytest.fixture
def system(db):
    return TelephonySystem.objects.create(name="Head office", source="pbx", zone="Europe/Paris")


@pytest.fixture
def mapped(system, sid):
    return Extension.objects.create(system=system, number="201", user=sid)


TABLE = [
    Case("GET", "admin:telephony_telephonysystem_changelist", "ada omar vera"),
    Case("GET", "admin:telephony_telephonysystem_change", "ada omar vera", lambda world: [world["system"].pk]),
    Case("POST", "admin:telephony_telephonysystem_add", "ada omar", data=form(source="other")),
    Case("POST", "admin:telephony_telephonysystem_delete", "ada", lambda world: [world["system"].pk], {"post": "yes"}),
]


@pytest.mark.parametrize(("case", "person"), pairs(TABLE), ids=pair_id)
def test_who_may_open_and_change_telephone_systems(case, person, ada, omar, vera, sid, system, client):
    check(case, person, {"ada": ada, "omar": omar, "vera": vera, "sid": sid}, client, {"system": system})


def test_a_system_is_created_with_whose_telephones_it_has(omar, sid):
    table = f"201 {sid.username}\n\n202\t{omar.username.upper()}\n"
    answer = browser(omar).post(f"{LIST}add/", form(trunks="trunk\nvoip-*\n\ntrunk", extension_table=table))
    assert answer.status_code == 302, answer.context["errors"]
    system = TelephonySystem.objects.get()
    assert (system.trunks, system.agents()) == (["trunk", "voip-*"], {"201": sid.username, "202": omar.username})
    noted = [str(entry.changes) for entry in LogEntry.objects.get_for_object(system)]
    assert any(f"201 {sid.username}" in changes for changes in noted)


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"zone": "Mars/Olympus"}, "zone", "no time zone of this name"),
        ({"source": "a b"}, "source", "letters, digits"),
        ({"outside_prefix": "nine"}, "outside_prefix", "digits"),
        ({"recordings": "javascript:alert(1)"}, "recordings", "URL"),
        ({"recording_links": "permanent", "recordings": ""}, "recordings", "Say where the files lie"),
        ({"recordings_days": "0"}, "recordings_days", "greater than or equal to 1"),
        ({"longest_extension": "0"}, "longest_extension", "greater than or equal to 1"),
        ({"trunks": "x" * 300}, "trunks", "at most 255"),
        (
            {"extension_table": "201 omar@acme.example\n202 nobody@acme.example"},
            "extension_table",
            "Line 2: There is no",
        ),
        ({"extension_table": "201 omar@acme.example\n201 omar@acme.example"}, "extension_table", "201 is there twice"),
        ({"extension_table": "omar@acme.example"}, "extension_table", "Line 1: Write an extension and a user"),
        ({"extension_table": "2@1 omar@acme.example"}, "extension_table", "Line 1: Write it as in the name"),
        ({"extension_table": "201 omar@acme.example\n" * 1_001}, "extension_table", "at most 1000 lines"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(omar, changes, field, text):
    answer = browser(omar).post(f"{LIST}add/", form(**changes))
    assert text in str(answer.context["adminform"].form.errors[field])
    assert "Head office" in answer.content.decode()
    assert not TelephonySystem.objects.exists()


def test_recordings_are_revoked_by_the_names_of_their_files(omar, system):
    changes = {"recording_links": "permanent", "recordings_days": "30", "revoked_recordings": "a b.wav\nc.wav"}
    browser(omar).post(f"{LIST}{system.pk}/change/", form(**changes))
    system.refresh_from_db()
    assert (system.recordings_days, system.revoked_recordings) == (30, ["a b.wav", "c.wav"])
    noted = [str(entry.changes) for entry in LogEntry.objects.get_for_object(system)]
    assert any("c.wav" in changes for changes in noted)


def test_its_card_shows_the_command_that_reads_its_files(vera, system):
    page = browser(vera).get(f"{LIST}{system.pk}/change/").content.decode()
    assert "import_cdr /var/log/asterisk/cdr-csv/Master.csv --source pbx --follow" in page


def test_the_table_shows_what_is_there_and_is_changed_as_a_whole(omar, vera, ada, system, mapped):
    page = browser(vera).get(f"{LIST}{system.pk}/change/").content.decode()
    assert f"201 {mapped.user.username}" in page
    browser(omar).post(f"{LIST}{system.pk}/change/", form(extension_table=f"203 {ada.username}"))
    assert system.agents() == {"203": ada.username}


def test_a_copy_has_a_source_of_its_own_and_the_same_extensions(omar, system, mapped):
    browser(omar).post(f"{LIST}{system.pk}/duplicate/")
    copy = TelephonySystem.objects.exclude(pk=system.pk).get()
    assert (copy.source, copy.zone, copy.agents()) == ("pbx-copy", "Europe/Paris", system.agents())


def test_a_user_whose_telephone_it_is_depends_on_nothing_silently(ada, sid, mapped):
    page = browser(ada).get(f"/maker/users/user/{sid.pk}/dependencies/").content.decode()
    assert "201 (Head office)" in page


def run(*options):
    out = StringIO()
    path = str(CASES / "B24_outside_line_prefix.csv")
    call_command("import_cdr", path, "--source", "pbx", *options, stdout=out, stderr=out)
    return out.getvalue()


def test_an_import_reads_what_the_maker_says_of_its_source(system, mapped, sid):
    said = run()
    call = Interaction.objects.get()
    assert call.started_at.hour == 15  # 16:30 in Paris
    assert (call.agent, call.agent_email) == (sid, sid.username)
    assert "Nobody here" not in said


def test_an_option_overrides_what_the_maker_says(system, mapped):
    run("--timezone", "UTC")
    assert Interaction.objects.get().started_at.hour == 16


def test_whose_telephone_nobody_knows_is_listed(system):
    assert "Nobody here has extension 201, which talked in 1 calls." in run()
