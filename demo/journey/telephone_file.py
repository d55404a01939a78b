"""A telephone system's own file, imported like any customer's, and read back from Zoho call by call."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from config.paths import BASE_DIR
from demo.journey import evidence
from demo.journey.browser import StepFailed
from demo.journey.evidence import Evidence
from demo.journey.traffic import Planned
from demo.journey.traveller import Traveller

PART = "telephony/telephonysystem"
NAME = SOURCE = "demo-pbx"
SECONDS_TO_WRITE = 90
ANSWERED, NO_ANSWER = "ANSWERED", "NO ANSWER"
QUEUE, DIAL = ("Queue", "600,tT,,,60"), "Dial"


class Row(NamedTuple):
    """`begins`, `answered` and `ended`: seconds after the file's first call began."""

    linked_id: str
    src: str
    dst: str
    context: str
    channel: str
    peer: str
    application: str
    data: str
    begins: int
    answered: int | None
    ended: int
    disposition: str
    unique_id: str


ROWS = (
    # A queue: 201 lets it ring, 202 answers after 25 s and talks for 90 s.
    Row("1", "+33142234140", "201", "from-queue", "Local/201@from-queue-00000001;2", "PJSIP/201-00000002", DIAL,
     "PJSIP/201", 5, None, 20, NO_ANSWER, "2"),
    Row("1", "+33142234140", "600", "ext-queues", "PJSIP/trunk-00000001", "Local/201@from-queue-00000001;1", *QUEUE,
     5, 5, 20, NO_ANSWER, "1"),
    Row("1", "+33142234140", "202", "from-queue", "Local/202@from-queue-00000002;2", "PJSIP/202-00000003", DIAL,
     "PJSIP/202", 22, 30, 120, ANSWERED, "3"),
    Row("1", "+33142234140", "600", "ext-queues", "PJSIP/trunk-00000001", "Local/202@from-queue-00000002;1", *QUEUE,
     22, 22, 120, ANSWERED, "1"),
    # Given up after 40 s in the queue.
    Row("4", "004930901820", "600", "ext-queues", "PJSIP/trunk-00000011", "", *QUEUE, 200, 200, 240, ANSWERED, "4"),
    # 201 talks for 60 s and transfers to 203, who talks for 120 s. The consultation before is no call of its own.
    Row("5", "201", "203", "from-internal", "PJSIP/201-00000022", "PJSIP/203-00000023", DIAL, "PJSIP/203", 360, 362,
     370, ANSWERED, "6"),
    Row("5", "+353 1 679 2233", "201", "from-did-direct", "PJSIP/trunk-00000020", "PJSIP/201-00000021", DIAL,
     "PJSIP/201", 295, 300, 370, ANSWERED, "5"),
    Row("5", "+353 1 679 2233", "201", "from-did-direct", "PJSIP/trunk-00000020", "PJSIP/203-00000023", DIAL,
     "PJSIP/201", 370, 370, 490, ANSWERED, "5"),
    # 202 dials 9 for an outside line.
    Row("7", "202", "90711223344", "from-internal", "PJSIP/202-00000030", "PJSIP/trunk-00000031", DIAL,
     "PJSIP/0711223344@trunk", 600, 610, 640, ANSWERED, "7"),
    # A message on the voicemail: nobody talked.
    Row("8", "+3545512345", "vmu201", "from-did-direct", "PJSIP/trunk-00000040", "", "VoiceMail", "201@default,u", 700,
     715, 730, ANSWERED, "8"),
    # Between two extensions: no interaction.
    Row("9", "201", "202", "from-internal", "PJSIP/201-00000050", "PJSIP/202-00000051", DIAL, "PJSIP/202", 800, 803,
     860, ANSWERED, "9"),
)  # fmt: skip
"""In the order in which Asterisk writes them: whoever hangs up first."""
RIGHT = (
    ("1", "inbound", "completed", 90, "Poulain"),
    ("4", "inbound", "missed", 0, "Müller"),
    ("5", "inbound", "completed", 180, "O'Brien"),
    ("7", "outbound", "completed", 30, "Bernard"),
    ("8", "inbound", "missed", 0, "Guðmundsdóttir"),
)
"""By hand, what each call was: direction, status, seconds of conversation, customer."""


def run(traveller: Traveller, run_name: str, say: Callable[[str], None]) -> Evidence:
    """Import it, and wait until its calls are in Zoho."""
    if not traveller.row(PART, NAME):
        traveller.add(PART, {"name": NAME, "source": SOURCE, "outside_prefix": "9"})
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    planned = _planned(run_name, begun)
    with TemporaryDirectory(prefix="deskline-demo-") as directory:
        path = Path(directory) / "Master.csv"
        path.write_text("".join(f"{line}\n" for line in _lines(run_name, begun)), encoding="utf-8")
        say(f"     Importing a telephone system's file: {len(ROWS)} rows, {len(RIGHT)} calls with customers ...")
        command = [sys.executable, "manage.py", "import_cdr", str(path), "--source", SOURCE]
        done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise StepFailed("The file was not imported.", said=done.stderr.strip())
    end = time.monotonic() + SECONDS_TO_WRITE
    while (found := evidence.gather(traveller.system, planned)).missing and time.monotonic() < end:
        time.sleep(1)
    return found


def _id(run_name: str, begun: datetime, number: str) -> str:
    return f"{run_name}-{int(begun.timestamp())}.{number}"


def _lines(run_name: str, begun: datetime) -> list[str]:
    lines = []
    for sequence, row in enumerate(ROWS):
        seconds = (row.begins, row.answered, row.ended)
        moments = (None if at is None else begun + timedelta(seconds=at) for at in seconds)
        columns = [
            "", row.src, row.dst, row.context, row.src, row.channel, row.peer, row.application, row.data,
            *(f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "" for moment in moments),
            str(row.ended - row.begins), str(0 if row.answered is None else row.ended - row.answered),
            row.disposition, "DOCUMENTATION", _id(run_name, begun, row.unique_id), "", "",
            _id(run_name, begun, row.linked_id), str(sequence),
        ]  # fmt: skip
        lines.append(",".join(f'"{column}"' for column in columns))
    return lines


def _planned(run_name: str, begun: datetime) -> Sequence[Planned]:
    return [
        Planned(
            {
                "reference": _id(run_name, begun, call), "direction": direction, "status": status,
                "processing_seconds": seconds, "started_at": begun.isoformat(),
            },
            customer,
            is_known=True,
        )
        for call, direction, status, seconds, customer in RIGHT
    ]  # fmt: skip
