"""Files that people's public bug reports describe, with the right values, written by hand."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from interactions.models import Interaction

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parents[1] / "cases"


def run(name, *options):
    out = StringIO()
    call_command("import_cdr", str(CASES / name), "--timezone", "Europe/Paris", *options, stdout=out, stderr=out)
    return out.getvalue()


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def paris(text, day="2026-11-20"):
    return at(f"{day}T{text}+01:00")


RIGHT = {
    "B01_abandoned_queue": [
        {"direction": "inbound", "customer_phone": "+33639980101", "status": "missed", "kind": "abandoned",
         "waiting_seconds": 95, "duration": 0, "queue": "600"}
    ],
    "B03_voicemail": [
        {"direction": "inbound", "customer_phone": "+33639980104", "status": "missed", "kind": "voicemail",
         "waiting_seconds": 60, "duration": 0}
    ],
    "B04a_queue_callerfirst_21": [
        {"direction": "inbound", "customer_phone": "+33639980105", "status": "completed", "queue": "600",
         "extension": "201", "waiting_seconds": 25, "duration": 120}
    ],
    "B06a_growing_1": [{"status": "missed", "kind": "abandoned", "waiting_seconds": 20}],
    "B06b_growing_2": [
        {"status": "completed", "answered_at": paris("11:00:25"), "ended_at": paris("11:03:25"), "duration": 180}
    ],
    "B07_outbound_dst_s": [
        {"direction": "outbound", "customer_phone": "0199000109", "extension": "201", "duration": 60},
        {"direction": "outbound", "customer_phone": "0199000110", "extension": "201", "duration": 60},
    ],
    "B08_feature_codes": [],
    "B09_withheld": [{"direction": "inbound", "customer_phone": "", "status": "completed", "customer_name": ""}] * 8,
    "B10_short_numbers": [
        {"direction": "outbound", "customer_phone": "3939", "extension": "201"},
        {"direction": "inbound", "customer_phone": "36105", "extension": "201"},
    ],
    "B11_dst_fold": [
        {"started_at": at("2026-10-25T00:50:00Z"), "ended_at": at("2026-10-25T02:10:10Z"), "duration": 4800},
        {"started_at": at("2026-10-25T00:55:00Z"), "ended_at": at("2026-10-25T01:05:10Z"), "duration": 600},
        {"started_at": at("2026-10-25T01:30:00Z"), "duration": 120},
    ],
    "B12_newcdr_20cols": [{"direction": "inbound", "duration": 60}],
    "B13_latin1": [{"customer_name": "Jérôme Müller"}],
    "B14_quoting_crlf_bom": [{"customer_name": 'Smith, "Bob" Jr'}, {"customer_name": "Плотникова"}],
    "B15_newline_in_field": [{"customer_name": "Two Lines"}, {"customer_name": ""}],
    "B16_freepbx_export": [
        {"direction": "inbound", "queue": "600", "waiting_seconds": 10, "duration": 80, "customer_name": "Alba",
         "recording_url": "https://pbx.example/rec/q-600-1795356000.1601.wav"}
    ],
    "B17_float_seconds": [{"direction": "inbound", "duration": 60}],
    "B18_number_forms": [
        {"direction": "inbound", "customer_phone": number}
        for number in (
            "0033639980123", "sip:+33639980123@10.0.0.1", "33639980123", "0639980123", "00 33 6 39 98 01 23",
            "+33639980123;ext=2",
        )
    ],
    "B19_clock_step": [
        {"duration": 60, "started_at": paris("15:00:10")},
        {"duration": 0, "started_at": paris("15:10:10")},
        {"duration": 60, "started_at": paris("15:21:00")},
    ],
    "B20_blind_transfer": [
        {"direction": "inbound", "customer_phone": "+33639980127", "extension": "201", "duration": 320,
         "transferred_to": "0639980199"}
    ],
    "B21_attended_consult_first": [{"direction": "inbound", "customer_phone": "+33639980128", "extension": "201"}],
    "B22_dispositions": [
        {"direction": "inbound", "status": "missed", "kind": kind}
        for kind in ("failed", "busy", "failed", *["unanswered"] * 4)
    ],
    "B23_click_to_call": [{"direction": "outbound", "customer_phone": "0639980130", "extension": "201"}],
    "B24_outside_line_prefix": [{"direction": "outbound", "customer_phone": "0199000131"}],
    "B25_outbound_src_trunkcid": [{"direction": "outbound", "customer_phone": "0639980132", "extension": "201"}],
    "B27_ring_group": [{"direction": "inbound", "extension": "202", "waiting_seconds": 8, "duration": 120}],
    "B28_contexts": [{"direction": "inbound", "customer_phone": "+33639980135", "extension": "201"}] * 8,
    "B29_freeswitch": [{"customer_phone": "+33639980136", "customer_name": "Alba", "direction": "inbound"}],
    "B40_null_words": [{"customer_phone": "+33639980121"}, {"customer_phone": "+33639980143"}],
}  # fmt: skip
RIGHT |= {
    "B04b_queue_agentfirst_21": RIGHT["B04a_queue_callerfirst_21"],
    "B05_queue_18cols": RIGHT["B04a_queue_callerfirst_21"],
    "B16b_excel_semicolon": RIGHT["B16_freepbx_export"],
    "B16c_excel_semicolon_bom": RIGHT["B16_freepbx_export"],
}
NOT_WHOLE = {"B26_truncated_last"}


def test_every_case_has_its_right_values():
    assert RIGHT.keys() | NOT_WHOLE == {path.stem for path in CASES.glob("*.csv")}


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_a_case_comes_out_right(name):
    run(f"{name}.csv", "--recordings", "https://pbx.example/rec/")
    calls = list(Interaction.objects.order_by("started_at"))
    assert len(calls) == len(RIGHT[name])
    for call, right in zip(calls, RIGHT[name], strict=True):
        for field, value in right.items():
            there = call.extra.get(field, "") if field in ("extension", "transferred_to") else getattr(call, field)
            assert there == value, field


def test_a_consultation_is_a_leg_of_the_call():
    run("B21_attended_consult_first.csv")
    legs = Interaction.objects.get().extra["legs"]
    assert [(leg["who"], leg.get("consulted", False)) for leg in legs] == [("201", False), ("202", True)]


def test_a_call_that_has_grown_is_the_same_call_now_complete():
    run("B06a_growing_1.csv")
    before = Interaction.objects.get()
    summary = run("B06b_growing_2.csv")
    after = Interaction.objects.get()
    assert (before.pk, before.reference, before.status) == (after.pk, after.reference, "missed")
    assert (after.status, after.duration, after.kind) == ("completed", 180, "")
    assert "1 completed by what came later" in summary


def test_half_a_line_is_named_and_read_when_it_is_whole(tmp_path):
    with pytest.raises(CommandError, match="1 lines or calls not read"):
        run("B26_truncated_last.csv")
    assert Interaction.objects.get().customer_phone == "+33639980133"
    shutil.copy(CASES / "B26_truncated_last.csv", tmp_path / "whole.csv")
    lines = (tmp_path / "whole.csv").read_text().splitlines()
    whole = lines[0].replace("1795366200.2601", "1795366201.2602").replace("0000023", "0000033")
    (tmp_path / "whole.csv").write_text(f"{lines[0]}\n{whole}\n")
    run(tmp_path / "whole.csv")
    assert Interaction.objects.count() == 2


def test_latin_letters_that_are_not_utf_8_are_read_and_it_is_said():
    assert "1 lines are not UTF-8 and were read as Windows-1252" in run("B13_latin1.csv")
