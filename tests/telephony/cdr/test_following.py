"""A file that grows and is rotated while `import_cdr --follow` reads it, in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from interactions.models import Interaction
from telephony.calls.joining import Joiner
from tests.interactions.workers import ROOT, environment, until
from tests.telephony.comparison import read_rows
from tests.telephony.recordings import packed, recordings

QUEUE, TRANSFER, MISSED = (
    next(one for one in recordings(packed()) if str(one) == f"22.10.1-plain-{name}-Master-new.csv")
    for name in ("queue-first-member", "blind-transfer", "missed")
)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_call_is_held_back_until_no_row_of_it_came_for_a_while():
    clock = Clock()
    joiner = Joiner(clock=clock)
    for row in read_rows(TRANSFER):
        assert list(joiner.add(row)) == []
    clock.now = 29
    assert list(joiner.quiet(30, 600)) == []
    clock.now = 30
    assert [len(call.records) for call in joiner.quiet(30, 600)] == [2]
    assert list(joiner.rest()) == []


def test_a_call_of_which_a_row_is_missing_is_held_back_longer():
    clock = Clock()
    joiner = Joiner(clock=clock)
    agents, callers = read_rows(QUEUE)
    assert (agents.channel.half, callers.peer.half) == ("2", "1")
    list(joiner.add(agents))
    clock.now = 599
    assert list(joiner.quiet(30, 600)) == []
    clock.now = 600
    assert len(list(joiner.quiet(30, 600))) == 1


@pytest.fixture
def following(tmp_path):
    path = tmp_path / "Master.csv"
    path.touch()
    command = [
        sys.executable, "manage.py", "import_cdr", str(path), "--source", "pbx", "--timezone", "UTC", "--follow",
        "--quiet-seconds", "1",
    ]  # fmt: skip
    known = environment(tmp_path)
    del known["ZOHO_DATA_CENTRES"]  # nobody asks Zoho
    process = subprocess.Popen(
        command, cwd=ROOT, env=known, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    yield path, process
    process.kill()
    process.communicate()


def append(path, content):
    with path.open("ab") as file:
        file.write(content)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_rows_are_read_as_they_are_written_through_a_rotation_and_half_a_line(following):
    path, process = following
    first, second = QUEUE.content.splitlines(keepends=True)
    append(path, first)
    append(path, second[:50])
    append(path, second[50:])
    until(lambda: Interaction.objects.filter(queue="600", status="completed").exists(), 30)
    path.rename(path.with_suffix(".1"))
    append(path.with_suffix(".1"), MISSED.content)  # the telephone system has it open still
    path.write_bytes(TRANSFER.content)
    until(lambda: Interaction.objects.filter(status="missed").exists(), 30)
    until(lambda: Interaction.objects.filter(extra__transferred_to="202").exists(), 30)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "3 interactions new" in said
    assert "Traceback" not in said


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_what_is_held_back_is_kept_when_it_is_ended(following):
    path, process = following
    append(path, QUEUE.content + TRANSFER.content.splitlines(keepends=True)[0])
    until(lambda: Interaction.objects.exists(), 30)  # it reads
    append(path, MISSED.content)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "3 interactions new" in said
    assert Interaction.objects.filter(status="missed").exists()
