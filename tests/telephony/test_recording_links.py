"""Addresses of recordings that are written into Zoho: they go on working, and end only where somebody wished it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.utils import timezone

from interactions.models import Installation, Interaction
from telephony.models import TelephonySystem
from telephony.recordings import by_us, where_it_lies

pytestmark = pytest.mark.django_db
ENDED = datetime(2026, 11, 20, 8, tzinfo=UTC)
FILE = "/var/spool/asterisk/monitor/2026/out 201-1795.7.wav"
RECORDED = b"""calldate,src,dst,dcontext,channel,dstchannel,lastapp,duration,billsec,disposition,uniqueid,recordingfile
2026-11-20 08:00:00,0612345678,201,from-trunk,PJSIP/trunk-1,PJSIP/201-2,Dial,20,15,ANSWERED,17.1,in-17.1.wav
"""


@pytest.fixture
def system(db):
    return TelephonySystem.objects.create(
        name="Head office", source="pbx", recordings="https://pbx.example/rec/", recording_links="permanent"
    )


def link_of(system, text=FILE, ended=ENDED):
    return by_us(system.pk, Installation.load().marker_key)(text, ended)


def path_of(link, settings):
    assert link.startswith(settings.PUBLIC_URL)
    return link.removeprefix(settings.PUBLIC_URL)


@pytest.fixture
def path(system, settings):
    return path_of(link_of(system), settings)


def change(system, **fields):
    TelephonySystem.objects.filter(pk=system.pk).update(**fields)


def test_a_stranger_who_holds_the_address_is_led_to_the_file(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, "https://pbx.example/rec/out%20201-1795.7.wav")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_the_address_leads_to_where_the_files_moved(client, path, system):
    change(system, recordings="https://new.example/files")
    assert client.get(path)["Location"] == "https://new.example/files/out%20201-1795.7.wav"


def test_reading_the_call_again_makes_the_same_address(system):
    assert link_of(system) == link_of(system)


def test_it_works_for_ever_where_no_days_are_set(client, system, settings):
    years_ago = path_of(link_of(system, ended=timezone.now() - timedelta(days=3_000)), settings)
    assert client.get(years_ago).status_code == 302


@pytest.mark.parametrize(("days_ago", "status"), [(29, 302), (30, 302), (32, 410)])
def test_it_ends_after_the_days_that_are_set(client, system, settings, days_ago, status):
    change(system, recordings_days=30)
    path = path_of(link_of(system, ended=timezone.now() - timedelta(days=days_ago)), settings)
    assert client.get(path).status_code == status


@pytest.mark.parametrize("fields", [{"revoked_recordings": ["out 201-1795.7.wav"]}, {"recordings": ""}])
def test_a_revoked_one_says_so_and_leads_nowhere(client, path, system, fields):
    change(system, **fields)
    answer = client.get(path)
    assert answer.status_code == 410
    assert b"no longer available" in answer.content
    assert b"pbx.example" not in answer.content


@pytest.mark.parametrize("pattern", ["*", "OUT *", "*-1795.7.wav"])
def test_many_are_revoked_at_once(client, path, system, pattern):
    change(system, revoked_recordings=[pattern])
    assert client.get(path).status_code == 410


def test_a_name_that_looks_like_a_pattern_is_revoked_too(client, system, settings):
    path = path_of(link_of(system, "call[1].wav"), settings)
    assert client.get(path).status_code == 302
    change(system, revoked_recordings=["call[1].wav"])
    assert client.get(path).status_code == 410


def test_an_address_that_was_made_up_leaves_nothing_behind(client):
    assert client.get(f"/recordings/1/20261120/{'0' * 32}/a.wav").status_code == 404
    assert not Installation.objects.exists()


@pytest.mark.parametrize("name", ["über 50%?#&.wav", "a;b=c+d.wav", "通話.wav", "%2e%2e.wav", "x" * 251 + ".wav"])
def test_every_name_of_a_file_comes_back_as_it_was(client, system, settings, name):
    location = client.get(path_of(link_of(system, f"/monitor/{name}"), settings))["Location"]
    assert unquote(location) == f"https://pbx.example/rec/{name}"


def test_what_no_file_can_be_called_costs_no_call_its_place(system, tmp_path):
    file = tmp_path / "cdr.csv"
    file.write_bytes(RECORDED.replace(b"in-17.1.wav", b"x" * 300 + b".wav"))
    call_command("import_cdr", str(file), "--source", "pbx", stdout=StringIO())
    assert Interaction.objects.get().recording_url == ""


def test_to_revoke_one_leaves_the_others(client, system, settings):
    change(system, revoked_recordings=["another.wav"])
    assert client.get(path_of(link_of(system), settings)).status_code == 302


@pytest.mark.parametrize(
    "forged",
    [
        lambda path: path.replace("1795.7", "1795.8"),
        lambda path: path.replace("20261120", "20991120"),
        lambda path: path.replace("/recordings/", "/recordings/9"),
        lambda path: path.replace("out%20", "..%2Fout%20"),
        lambda path: path.replace("out%20", "https:%2F%2Fevil.example%2F"),
        lambda path: path[: path.index("/out")][:-1] + "0" + path[path.index("/out") :],
    ],
)
def test_another_address_cannot_be_guessed_from_one(client, path, forged):
    changed = forged(path)
    if changed == path:  # the last digit was a nought
        changed = path[: path.index("/out")][:-1] + "1" + path[path.index("/out") :]
    assert client.get(changed).status_code == 404


def test_a_copy_of_the_telephone_system_gets_addresses_of_its_own(system):
    other = TelephonySystem.objects.create(name="Branch", source="branch", recordings=system.recordings)
    assert link_of(other).split("/")[-2] != link_of(system).split("/")[-2]


@pytest.mark.parametrize("text", ["https://recorder.example/7", "http://recorder.example/7.wav"])
def test_what_is_a_link_already_stays_as_it_is(system, text):
    assert link_of(system, text) == where_it_lies("https://pbx.example")(text, ENDED) == text


@pytest.mark.parametrize("text", ["", "queue 600", "/var/spool/", "1795-7"])
def test_what_names_no_file_has_no_link(system, text):
    assert link_of(system, text) == where_it_lies("https://pbx.example")(text, ENDED) == ""


def test_an_import_writes_the_address_that_then_works(client, system, settings, tmp_path):
    file = tmp_path / "cdr.csv"
    file.write_bytes(RECORDED)
    call_command("import_cdr", str(file), "--source", "pbx", stdout=StringIO())
    link = Interaction.objects.get().recording_url
    assert client.get(path_of(link, settings))["Location"] == "https://pbx.example/rec/in-17.1.wav"


def test_an_address_on_the_command_line_is_taken_as_it_is(system, tmp_path):
    file = tmp_path / "cdr.csv"
    file.write_bytes(RECORDED)
    call_command("import_cdr", str(file), "--source", "pbx", "--recordings", "https://x.example", stdout=StringIO())
    assert Interaction.objects.get().recording_url == "https://x.example/in-17.1.wav"
