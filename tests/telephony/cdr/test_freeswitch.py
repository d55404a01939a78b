"""FreeSWITCH's call records, from their published forms: nobody has tried them on a real one."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from interactions.models import Interaction

pytestmark = pytest.mark.django_db
UUIDS = [f"6f1c1d1e-0000-4000-8000-00000000000{number}" for number in range(6)]


def row(name, caller, destination, context, answer, seconds, cause, own, other=""):
    return ",".join(
        f'"{value}"'
        for value in (
            name, caller, destination, context, "2026-11-20 17:30:00", answer, "2026-11-20 17:31:05", "65", seconds,
            cause, own, other, "", "PCMU", "PCMU",
        )
    )  # fmt: skip


ROWS = [
    row("Alba", "+33639980136", "201", "public", "2026-11-20 17:30:05", "60", "NORMAL_CLEARING", UUIDS[0], UUIDS[1]),
    row("Ada", "201", "0199000109", "default", "2026-11-20 17:30:05", "60", "NORMAL_CLEARING", UUIDS[2], UUIDS[3]),
    row("", "+33639980137", "0199000100", "public", "", "0", "USER_BUSY", UUIDS[4]),
    row("Eve", "203", "202", "default", "2026-11-20 17:30:05", "60", "NORMAL_CLEARING", UUIDS[5], UUIDS[1]),
]


def run(path, content, *options):
    path.write_text(content)
    out = StringIO()
    call_command("import_cdr", str(path), *options, stdout=out, stderr=out)
    return out.getvalue()


def calls():
    fields = ("direction", "status", "kind", "customer_phone", "customer_name", "processing_seconds")
    return sorted(Interaction.objects.values_list(*fields))


def test_its_csv_is_read_as_calls_with_customers(tmp_path):
    assert "3 interactions new, 0 known already, 1 calls between extensions left out" in run(
        tmp_path / "Master.csv", "\n".join(ROWS)
    )
    assert calls() == [
        ("inbound", "completed", "", "+33639980136", "Alba", 60),
        ("inbound", "missed", "busy", "+33639980137", "", 0),
        ("outbound", "completed", "", "0199000109", "", 60),
    ]
    assert Interaction.objects.get(direction="outbound").extra["extension"] == "201"


def as_json(direction="inbound", **changes):
    return {
        "variables": {
            "direction": direction, "uuid": UUIDS[0], "bridge_uuid": UUIDS[1], "start_epoch": "1795195800",
            "answer_epoch": "1795195805", "end_epoch": "1795195865", "duration": "65", "billsec": "60",
            "hangup_cause": "NORMAL_CLEARING", **changes,
        },
        "callflow": [
            {
                "caller_profile": {
                    "caller_id_name": "Alba%20Mar", "caller_id_number": "%2B33639980136", "destination_number": "201",
                    "context": "public",
                }
            }
        ],
    }  # fmt: skip


def test_its_json_is_read_with_the_called_leg_left_to_the_caller_s(tmp_path):
    content = f"{json.dumps(as_json(), indent=1)}\n{json.dumps(as_json('outbound', uuid=UUIDS[1]))}\n"
    assert "1 interactions new" in run(tmp_path / "a.cdr.json", content)
    assert calls() == [("inbound", "completed", "", "+33639980136", "Alba Mar", 60)]
    assert Interaction.objects.get().waiting_seconds == 5


def test_json_of_something_else_is_named(tmp_path):
    with pytest.raises(CommandError, match="1 lines or calls not read"):
        run(tmp_path / "a.json", '{"hello": 1}')


@pytest.mark.parametrize(
    "header", ["historyid,callid,duration,time-start,time-answered", "Call Date;From;To;Talk Time"]
)
def test_a_file_of_another_system_is_refused_in_one_sentence_that_says_what_it_is(tmp_path, header):
    with pytest.raises(CommandError) as refusal:
        run(tmp_path / "cdr.csv", f"{header}\n1,2,3,4,5\n")
    assert "its first line names the columns" in str(refusal.value)
    assert "Asterisk, FreePBX or FreeSWITCH" in str(refusal.value)
