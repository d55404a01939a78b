"""CDR files as Asterisk and FreePBX write them."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from interactions.models import Interaction
from tests.cpu import grows_no_faster_than_its_input

pytestmark = pytest.mark.django_db

INBOUND = (
    '"","+33612345678","0123456789","from-pstn","""Marie Curie"" <+33612345678>","PJSIP/trunk-00000001",'
    '"PJSIP/201-00000002","Dial","PJSIP/201,30","2026-11-23 10:00:00","2026-11-23 10:00:12","2026-11-23 10:02:12",'
    '132,120,"ANSWERED","DOCUMENTATION","1763888400.101",""'
)
OUTBOUND = (
    '"","201","0698765432","from-internal","""Ada"" <201>","PJSIP/201-00000003","PJSIP/trunk-00000004","Dial",'
    '"PJSIP/trunk/0698765432","2026-11-23 10:05:00","","2026-11-23 10:05:30",30,0,"NO ANSWER","DOCUMENTATION",'
    '"1763888700.103",""'
)
INTERNAL = (
    '"","201","202","from-internal","201","PJSIP/201-5","PJSIP/202-6","Dial","","2026-11-23 10:06:00",'
    '"2026-11-23 10:06:02","2026-11-23 10:07:00",60,58,"ANSWERED","DOCUMENTATION","1763888760.105",""'
)


@pytest.fixture
def cdr(tmp_path):
    def write(*lines, name="Master.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return str(path)

    return write


def run(path, *options):
    out = StringIO()
    call_command("import_cdr", path, *options, stdout=out, stderr=out)
    return out.getvalue()


def fail(path, *options):
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("import_cdr", path, *options, stdout=out, stderr=out)
    return f"{out.getvalue()}\n{refusal.value}"


def test_an_answered_call_from_outside_is_a_completed_interaction(cdr):
    summary = run(cdr(INBOUND), "--timezone", "Europe/Paris")
    call = Interaction.objects.get()
    assert (call.source, call.reference) == ("asterisk", "1763888400.101")
    assert (call.flow, call.direction, call.status) == ("voice", "inbound", "completed")
    assert (call.customer_phone, call.customer_name) == ("+33612345678", "Marie Curie")
    assert call.started_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert (call.waiting_seconds, call.duration) == (12, 120)
    assert call.extra["extension"] == "201"
    assert summary.startswith("1 interactions new, 0 known")


def test_an_unanswered_call_to_outside_is_missed_and_its_customer_the_number_dialled(cdr):
    run(cdr(OUTBOUND))
    call = Interaction.objects.get()
    assert (call.direction, call.status, call.duration) == ("outbound", "missed", 0)
    assert (call.customer_phone, call.customer_name) == ("0698765432", "")


def test_calls_between_extensions_are_left_out(cdr):
    assert "1 calls between extensions left out" in run(cdr(INTERNAL))
    assert not Interaction.objects.exists()


def test_the_same_file_twice_changes_nothing(cdr):
    path = cdr(INBOUND, OUTBOUND)
    run(path)
    assert "0 interactions new, 2 known already" in run(path)
    assert Interaction.objects.count() == 2
    assert set(Interaction.objects.values_list("version", flat=True)) == {1}


def test_a_file_that_has_grown_adds_what_is_new(cdr):
    run(cdr(INBOUND))
    assert "1 interactions new, 1 known already" in run(cdr(INBOUND, OUTBOUND))


def test_times_are_utc_with_usegmtime(cdr):
    run(cdr(INBOUND), "--timezone", "UTC")
    assert Interaction.objects.get().started_at.hour == 10


def test_a_file_without_uniqueid_is_repeatable_too(cdr):
    line = INBOUND.rsplit(",", 2)[0]
    assert line.count('","') > 10
    run(cdr(line))
    run(cdr(line))
    assert Interaction.objects.get().reference.startswith("cdr-")


@pytest.mark.parametrize(("last", "reference"), [('"1763888400.101"', "1763888400.101"), ('"hello"', "cdr-")])
def test_seventeen_columns_end_with_either_uniqueid_or_userfield(cdr, last, reference):
    run(cdr(INBOUND.rsplit(",", 2)[0] + "," + last))
    assert Interaction.objects.get().reference.startswith(reference)


def test_newcdrcolumns_join_legs_by_their_linkedid(cdr):
    first = INBOUND + ',"","1763888400.101","1"'
    second = INBOUND.replace("1763888400.101", "1763888400.109") + ',"","1763888400.101","2"'
    run(cdr(first, second))
    assert Interaction.objects.get().reference == "1763888400.101"


def test_rows_of_one_queue_call_are_one_interaction(cdr):
    ring = INBOUND.replace('"ANSWERED"', '"NO ANSWER"').replace('"Dial","PJSIP/201,30"', '"Queue","sales,t"')
    ring = ring.replace('"2026-11-23 10:00:12"', '""').replace("132,120", "12,0")
    run(cdr(ring, OUTBOUND, INBOUND))
    call = Interaction.objects.get(reference="1763888400.101")
    assert (call.status, call.queue, call.duration) == ("completed", "sales", 120)


def test_channels_without_a_number_tell_no_calls_from_each_other(cdr):
    lines = [
        INBOUND.replace("trunk-00000001", "trunk").replace("201-00000002", "201").replace(".101", f".{own}")
        for own in (1, 2)
    ]
    assert "2 interactions new" in run(cdr(*lines))


def test_a_header_names_the_columns_in_any_order(cdr):
    header = "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,uniqueid"
    line = (
        '2026-11-23 10:00:00,"""Marie"" <0612345678>",0612345678,200,ext-queues,SIP/t-1,SIP/201-2,Queue,sales,60,50,'
        "ANSWERED,1763888400.7"
    )
    run(cdr("\ufeff" + header, line))
    call = Interaction.objects.get()
    assert (call.reference, call.queue, call.duration) == ("1763888400.7", "sales", 50)
    assert call.ended_at == datetime(2026, 11, 23, 10, 1, tzinfo=UTC)


def test_the_contexts_can_be_named(cdr):
    path = cdr(INBOUND.replace("from-pstn", "telco-in").replace("PJSIP/trunk", "SIP/100"))
    assert "1 calls between extensions left out" in run(path)
    assert "1 interactions new" in run(path, "--inbound-context", "telco-*")


def test_a_pattern_can_tell_the_direction(cdr):
    path = cdr(INBOUND.replace("from-pstn", "x"), OUTBOUND.replace("from-internal", "x"))
    run(path, "--outbound-pattern", "channel=^PJSIP/2[0-9]{2}-")
    assert sorted(Interaction.objects.values_list("direction", flat=True)) == ["inbound", "outbound"]


def test_a_bare_pattern_is_of_the_number_dialled(cdr):
    run(cdr(OUTBOUND), "--outbound-pattern", "^06")
    assert Interaction.objects.get().direction == "outbound"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a,b,c", "it has 3 columns"),
        (INBOUND.replace("2026-11-23 10:00:00", "yesterday"), "start is not a time"),
        (INBOUND.replace("2026-11-23 10:00:00", ""), "it has no start"),
        (INBOUND.replace("132,120", "132,x"), "billsec is not a number of seconds"),
        (INBOUND.replace("132,120", "132," + "9" * 5_000), "billsec is not a number of seconds"),
        (INBOUND.replace('"2026-11-23 10:02:12",132', '"",' + "9" * 15), "duration is not a number of seconds"),
        (INBOUND.replace("ANSWERED", "PERHAPS"), "disposition 'PERHAPS'"),
        ('"never closed' + INBOUND[2:], "line 2: it "),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_in(cdr, line, reason):
    said = fail(cdr(INBOUND.replace(".101", ".1"), line, OUTBOUND))
    assert "line 2: " in said
    assert reason in said
    assert "1 lines or calls not read" in said
    assert Interaction.objects.count() == 2


def test_a_zero_byte_in_a_name_loses_nothing(cdr):
    run(cdr(INBOUND.replace("Marie Curie", "Marie\0Curie")))
    assert Interaction.objects.get().customer_name == "Marie Curie"


@pytest.mark.parametrize("run_of", ["<", " ", '""', "\\"])
def test_a_name_without_end_is_read_in_time_that_grows_with_its_length(cdr, run_of):
    def importing(size):
        name = "Marie " + run_of * (size // len(run_of)) + "> x"
        path = cdr(INBOUND.replace("Marie Curie", name), name=f"{size}.csv")
        return lambda: run(path)

    assert grows_no_faster_than_its_input(importing, 10_000)


@pytest.mark.parametrize(
    ("clid", "name"),
    [
        ('""Marie Curie"" <+33612345678>', "Marie Curie"), ("Marie <+33612345678>", "Marie"), ("+33612345678", ""),
        ("<+33612345678>", ""), ('""12"" <12>', ""), ("Marie Curie", ""), ('""<Marie>"" <12>', "<Marie>"),
        ("Marie <12", ""),
    ],
)  # fmt: skip
def test_a_caller_id_tells_a_name_before_a_number_in_angle_brackets(cdr, clid, name):
    run(cdr(INBOUND.replace('""Marie Curie"" <+33612345678>', clid)))
    assert Interaction.objects.get().customer_name == name


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--timezone", "Mars/Olympus"], "time zone"),
        (["--outbound-pattern", "("], "regular expression"),
    ],
)
def test_a_wrong_option_is_explained(cdr, options, reason):
    assert reason in fail(cdr(INBOUND), *options)


def test_a_missing_file_is_named():
    assert "/nowhere/Master.csv cannot be read" in fail("/nowhere/Master.csv")


def test_a_long_file_says_how_far_it_was_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("telephony.management.commands.import_cdr.PROGRESS_SECONDS", 0)
    file = tmp_path / "long.csv"
    file.write_bytes(b"\n" * 2_500)
    call_command("import_cdr", str(file))
    assert capsys.readouterr().err == "1,000 lines read so far.\n2,000 lines read so far.\n"
