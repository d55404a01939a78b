"""A database that is away or busy while a file is imported."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError

from interactions.actions.accept import accept_each
from interactions.models import Interaction
from telephony.cdr.importing import Import, Source
from tests.interactions.promise import post
from tests.interactions.workers import ROOT, environment
from tests.telephony.recordings import packed, recordings

QUEUE = next(one for one in recordings(packed()) if str(one) == "22.10.1-plain-queue-first-member-Master-new.csv")
SECONDS_OF_A_CALL = 3


def complain(lines, reason):
    raise AssertionError(f"line {lines}: {reason}")


@pytest.mark.django_db
def test_what_was_gathered_is_kept_when_the_database_is_back(monkeypatch):
    run = Import(Source("pbx", ZoneInfo("UTC")), complain)
    times = iter([OperationalError("away")])

    def sometimes(*args):
        for problem in times:
            raise problem
        return accept_each(*args)

    monkeypatch.setattr("telephony.cdr.importing.accept_each", sometimes)
    with pytest.raises(OperationalError):
        run.run(QUEUE.content.splitlines(keepends=True))
    assert run.tally.new == 0
    run.keep_quiet(0, 0)
    assert run.tally.new == Interaction.objects.count() == 1


def calls(count, trunk):
    """A file of as many calls, one after another."""
    begin = datetime(2026, 11, 20, 8, tzinfo=UTC)
    for number in range(count):
        start = begin + timedelta(seconds=10 * number)
        answer, end = start + timedelta(seconds=2), start + timedelta(seconds=2 + SECONDS_OF_A_CALL)
        stamps = ",".join(f'"{moment:%Y-%m-%d %H:%M:%S}"' for moment in (start, answer, end))
        yield (
            f'"","+3361299{number:05}","201","from-trunk","","PJSIP/{trunk}-{2 * number:08x}",'
            f'"PJSIP/201-{2 * number + 1:08x}","Dial","PJSIP/201",{stamps},5,{SECONDS_OF_A_CALL},"ANSWERED",'
            f'"DOCUMENTATION","{int(start.timestamp())}.{number}",""\n'
        )


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_imports_beside_a_busy_writer_end_whole_and_without_tracebacks(tmp_path):
    known = environment(tmp_path)
    del known["ZOHO_DATA_CENTRES"]  # nobody asks Zoho
    processes = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.csv"
        path.write_text("".join(calls(1_500, name)))
        command = [sys.executable, "manage.py", "import_cdr", str(path), "--source", name, "--timezone", "UTC"]
        processes.append(
            subprocess.Popen(command, cwd=ROOT, env=known, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        )
    posted = 0
    while any(process.poll() is None for process in processes):
        post(10, start=posted)
        posted += 10
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert all("1500 interactions new" in text and "Traceback" not in text for text in said), said
    assert Interaction.objects.count() == 3_000 + posted
