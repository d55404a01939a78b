"""A file that grows, in pieces: what is kept in the end does not depend on when it was read."""

from __future__ import annotations

from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from interactions.actions.accept import accept
from interactions.api.schemas import InteractionIn
from interactions.models import Interaction
from telephony.cdr.importing import Import, Source
from tests.telephony.recordings import packed, recordings

pytestmark = pytest.mark.django_db
CUT = [
    pytest.param(one, id=str(one), marks=[] if one.installation == "22.10.1-freepbx" else pytest.mark.slow)
    for one in recordings(packed())
    if (one.installation, one.form) in (("16.28.0-plain", "Master.csv"), ("22.10.1-freepbx", "Master-new.csv"))
]
TOLD = (
    "direction", "status", "kind", "customer_phone", "customer_name", "queue", "started_at", "answered_at", "ended_at",
    "waiting_seconds", "processing_seconds", "extra",
)  # fmt: skip


def read(recording, lines, source="pbx"):
    def complain(lines, reason):
        raise AssertionError(f"line {lines}: {reason}")

    Import(Source(source, ZoneInfo(recording.zone)), complain).run(lines)


def kept(source="pbx"):
    return list(Interaction.objects.filter(source=source).order_by("started_at", "reference").values(*TOLD))


@pytest.mark.parametrize("recording", CUT)
def test_reading_in_pieces_ends_like_reading_at_once(recording):
    lines = recording.content.splitlines(keepends=True)
    read(recording, lines)
    at_once = kept()
    for cut in range(1, len(lines)):
        read(recording, lines[:cut], f"cut after {cut}")
        read(recording, lines, f"cut after {cut}")
        assert kept(f"cut after {cut}") == at_once, f"cut after line {cut}"


@pytest.mark.parametrize("recording", CUT[-10:])
def test_reading_again_changes_nothing(recording):
    lines = recording.content.splitlines(keepends=True)
    read(recording, lines)
    read(recording, lines)
    assert set(Interaction.objects.values_list("version", flat=True)) <= {1}


TRANSFERRED = next(one for one in recordings(packed()) if str(one) == "22.10.1-freepbx-blind-transfer-Master-new.csv")


@pytest.fixture
def former(tmp_path):
    """A call as the former importer kept it, and the file of which it was made."""
    path = tmp_path / "Master.csv"
    path.write_bytes(TRANSFERRED.content)
    reference = TRANSFERRED.content.decode().splitlines()[0].split(",")[-2].strip('"')
    told = {
        "reference": reference, "flow": "voice", "direction": "outbound", "status": "completed",
        "customer_phone": "202", "started_at": "2026-11-25T23:33:08Z", "extra": {"dcontext": "from-internal"},
    }  # fmt: skip
    made = accept("pbx", InteractionIn.model_validate(told))
    return path, made.interaction


def run(path, *options):
    out = StringIO()
    call_command("import_cdr", str(path), "--source", "pbx", "--timezone", "UTC", *options, stdout=out, stderr=out)
    return out.getvalue()


def test_an_upgrade_rewrites_no_history_and_doubles_nothing(former):
    path, interaction = former
    assert "0 interactions new, 1 known already" in run(path)
    there = Interaction.objects.get()
    assert (there.pk, there.direction, there.customer_phone, there.version) == (interaction.pk, "outbound", "202", 1)


def test_revising_shows_what_would_change_and_asks_first(former, monkeypatch):
    path, _ = former
    asked = []

    def no(question):
        asked.append(question)
        return "n"

    monkeypatch.setattr("builtins.input", no)
    shown = run(path, "--revise")
    assert "direction outbound → inbound" in shown
    assert "customer_phone 202 → +33199008801" in shown
    assert "Nothing was changed." in shown
    assert asked == ["Change these 1 interactions? [y/N] "]
    assert Interaction.objects.get().direction == "outbound"


def test_revising_replaces_what_the_former_importer_made(former):
    path, interaction = former
    run(path, "--revise", "--no-input")
    there = Interaction.objects.get()
    assert (there.pk, there.reference) == (interaction.pk, interaction.reference)
    assert (there.direction, there.customer_phone, there.extra["transferred_to"]) == ("inbound", "+33199008801", "202")
    assert "0 interactions new, 1 known already" in run(path)


def test_revising_leaves_what_people_wrote(former):
    path, interaction = former
    Interaction.objects.filter(pk=interaction.pk).update(subject="By hand", qualification="Sold")
    run(path, "--revise", "--no-input")
    there = Interaction.objects.get()
    assert (there.subject, there.qualification) == ("By hand", "Sold")
