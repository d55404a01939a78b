"""Extensions that talked and that nobody has are listed in the Maker until somebody gets them."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from telephony.extensions import replace
from telephony.models import TelephonySystem

pytestmark = pytest.mark.django_db
HEAD = "calldate,src,dst,dcontext,channel,dstchannel,lastapp,duration,billsec,disposition,uniqueid"
ROW = "2026-11-20 08:00:{0:02},061234560{0},{1},from-trunk,PJSIP/trunk-{0},PJSIP/{1}-{0},Dial,20,15,{2},17.{0}"


@pytest.fixture
def system(db):
    return TelephonySystem.objects.create(name="Head office", source="pbx")


@pytest.fixture
def read(tmp_path):
    def read(*calls, options=()):
        file = tmp_path / "cdr.csv"
        file.write_text("\n".join([HEAD, *(ROW.format(n, *call) for n, call in enumerate(calls, 1))]) + "\n")
        call_command("import_cdr", str(file), "--source", "pbx", *options, stdout=StringIO())

    return read


def shown(system, user):
    client = Client()
    client.force_login(user)
    return client.get(f"/maker/telephony/telephonysystem/{system.pk}/change/").content.decode()


def test_those_that_talked_are_shown_with_their_last_time(system, read, ada):
    read(("201", "ANSWERED"), ("201", "ANSWERED"), ("202", "ANSWERED"), ("203", "NO ANSWER"))
    assert "201 (11/20/2026), 202 (11/20/2026)" in shown(system, ada)
    assert not system.unknown_extensions.filter(number="203").exists()


def last_times(system):
    return dict(system.unknown_extensions.values_list("number", "talked_at"))


@pytest.mark.parametrize("again", [[], ["--revise", "--no-input"]])
def test_reading_a_file_again_changes_nothing(system, read, again):
    read(("201", "ANSWERED"))
    before = last_times(system)
    read(("201", "ANSWERED"), options=again)
    assert last_times(system) == before


def test_a_later_call_moves_the_last_time(system, read):
    read(("201", "ANSWERED"))
    before = last_times(system)
    read(("201", "ANSWERED"), ("201", "ANSWERED"))
    assert last_times(system)["201"] - before["201"] == timedelta(seconds=1)


def test_a_file_of_somebody_else_does_not_fill_the_list(system, read, monkeypatch):
    monkeypatch.setattr("telephony.extensions.MOST", 2)
    read(*((str(number), "ANSWERED") for number in range(201, 206)))
    read(*((str(number), "ANSWERED") for number in range(206, 209)))
    assert system.unknown_extensions.count() == 2


def test_it_leaves_the_list_when_somebody_gets_it(system, read, sid, ada):
    read(("201", "ANSWERED"), ("202", "ANSWERED"))
    replace(system, {"201": sid})
    page = shown(system, ada)
    assert "202 (11/20/2026)" in page
    assert "201 (11/20/2026)" not in page


def test_an_empty_list_says_so(system, ada):
    assert "None in the files that were read." in shown(system, ada)
