"""What a person deletes leaves a trace, and is never written a second time."""

from __future__ import annotations

import json
import re
from html import unescape
from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command
from django.db import connection
from django.test import Client

from interactions.models import Delivery, Interaction
from tests.interactions.deleting import DELETED, LIST, delete, text_of, told
from tests.interactions.source import CALL, Source
from tests.interactions.steps import make_crm, work

pytestmark = pytest.mark.django_db

CUSTOMER = {"customer_phone": "+33612345678", "customer_email": "marie@curie.example", "customer_name": "Marie Curie"}


@pytest.fixture
def source(client, crm):
    return Source(client)


def test_a_repeat_of_a_deleted_call_is_told_so_and_makes_no_second_record(source, maker, vendor):
    first = source.post(CALL | CUSTOMER)
    work()
    assert len(vendor.calls()) == 1
    delete(maker)
    repeat = source.post(CALL | CUSTOMER)
    assert (first.status_code, repeat.status_code) == (201, 200)
    receipt = repeat.json()
    assert (receipt["id"], receipt["created"], receipt["deleted"]) == (first.json()["id"], False, True)
    assert "an administrator deleted this interaction" in receipt["warnings"][0]
    assert "deleted" not in first.json()
    work()
    assert len(vendor.calls()) == 1
    assert not Interaction.objects.exists()
    assert not Delivery.objects.exists()


def test_in_a_list_what_was_deleted_is_told_so_and_the_others_are_kept(source, maker):
    source.post(CALL)
    delete(maker)
    answer = source.post([CALL, CALL | {"reference": "r2"}, CALL])
    assert answer.status_code == 201
    assert [one.get("deleted", False) for one in answer.json()] == [True, False, True]
    assert [one.reference for one in Interaction.objects.all()] == ["r2"]
    again = source.post([CALL])
    assert (again.status_code, again.json()[0]["deleted"]) == (200, True)


def test_the_same_reference_of_another_source_is_another_call(source, maker, client):
    source.post(CALL)
    delete(maker)
    other = Source(client, "other")
    assert other.post(CALL).status_code == 201


@pytest.mark.parametrize("ask", ["get", "patch"])
def test_a_deleted_call_is_gone_for_its_source_and_unknown_to_others(source, maker, client, ask):
    number = source.post(CALL).json()["id"]
    delete(maker)
    other = Source(client, "other")
    answers = {}
    for one in (source, other):
        answers[one] = one.get(number) if ask == "get" else one.patch(number, {"subject": "Late"})
    assert answers[source].status_code == 410
    assert told(answers[source])["field"] == "interaction_id"
    assert "An administrator deleted this interaction" in told(answers[source])["message"]
    assert answers[other].status_code == 404


def test_the_documentation_of_the_api_tells_what_becomes_of_a_deleted_call(client):
    spec = client.get("/api/v1/openapi.json").json()
    for method in ("get", "patch"):
        assert "410" in spec["paths"]["/api/v1/interactions/{interaction_id}"][method]["responses"]
    assert "deleted" in spec["components"]["schemas"]["AcceptedOut"]["properties"]
    assert "deleted" in spec["paths"]["/api/v1/interactions"]["post"]["description"]


def test_a_file_that_is_imported_again_brings_no_deleted_call_back(maker, crm, tmp_path):
    line = (
        '"","+33612345678","0123456789","from-pstn","""Marie"" <+33612345678>","PJSIP/t-1","PJSIP/201-2","Dial","",'
        '"2026-11-23 10:00:00","2026-11-23 10:00:12","2026-11-23 10:02:12",132,120,"ANSWERED","DOCUMENTATION","{}",""'
    )
    path = tmp_path / "Master.csv"
    path.write_text(f"{line.format('1.1')}\n{line.format('1.2')}\n")
    call_command("import_cdr", str(path), stdout=StringIO())
    delete(maker, Interaction.objects.get(reference="1.1"))
    out = StringIO()
    call_command("import_cdr", str(path), stdout=out)
    assert [one.reference for one in Interaction.objects.all()] == ["1.2"]
    assert "0 interactions new, 1 known already" in out.getvalue()
    assert "1 that an administrator deleted left out" in out.getvalue()


def test_whoever_deleted_a_call_is_back_in_its_list_as_it_was_filtered(source, maker):
    source.post(CALL)
    page = maker.get(LIST, {"status__exact": "completed"}).content.decode()
    bin_ = unescape(re.findall(r'href="([^"]+/delete/[^"]*)"', page)[0])
    answer = maker.post(bin_, {"post": "yes"})
    assert answer["Location"] == f"{LIST}?status__exact=completed"


def test_a_deletion_is_remembered_with_who_and_when_and_nothing_of_the_customer(source, maker):
    source.post(CALL | CUSTOMER)
    work()
    delete(maker)
    page = maker.get(DELETED).content.decode()
    for shown in ("r1", "pbx", "ada@acme.example", "Delivered"):
        assert shown in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM interactions_deletedinteraction")
        row = str(cursor.fetchall())
    assert "r1" in row
    assert "ada@acme.example" in row
    entry = LogEntry.objects.get(action=LogEntry.Action.DELETE, content_type__model="interaction")
    assert (str(entry.actor), entry.object_repr) == ("Ada Admin", "r1")
    for about_the_customer in CUSTOMER.values():
        assert about_the_customer not in page + row + json.dumps(list(LogEntry.objects.values()), default=str)


@pytest.mark.parametrize("term", ["r", "r1", "pbx", "ada@"])
def test_whoever_looks_for_a_deleted_call_finds_who_deleted_it(source, maker, term):
    source.post(CALL)
    delete(maker)
    assert "ada@acme.example" in str(maker.get(DELETED, {"q": term}).context["cl"].result_list[0].deleted_by)
    assert not maker.get(DELETED, {"q": "other"}).context["cl"].result_list


@pytest.mark.parametrize("model", ["interaction", "delivery"])
def test_the_search_of_the_other_lists_tells_what_was_deleted(source, maker, model):
    source.post(CALL)
    delete(maker)
    page = text_of(maker.get(f"/maker/interactions/{model}/", {"q": "r1"}))
    assert "“r1” of pbx was deleted by ada@acme.example" in page
    assert "was deleted by" not in text_of(maker.get(f"/maker/interactions/{model}/", {"q": "r2"}))


@pytest.mark.parametrize("model", ["interaction", "delivery"])
@pytest.mark.parametrize("term", ["_" * 30_000, "r" * 201, "r1 " * 21])
def test_a_search_that_the_list_does_not_take_looks_for_no_deleted_call_either(source, maker, model, term):
    """SQLite refuses the first, once there is anything to compare it with."""
    source.post(CALL)
    delete(maker)
    answer = maker.get(f"/maker/interactions/{model}/", {"q": term})
    assert answer.status_code == 200
    assert "was deleted by" not in text_of(answer)
    assert "the list is shown without it" in text_of(answer)


@pytest.mark.parametrize(("person", "sees"), [("ada", True), ("omar", True), ("vera", True), ("sid", False)])
def test_deleted_calls_are_read_by_those_who_may_see_calls_and_written_by_nobody(source, maker, request, person, sees):
    source.post(CALL)
    delete(maker)
    browser = Client()
    browser.force_login(request.getfixturevalue(person))
    assert (browser.get(DELETED).status_code == 200) is sees
    assert ("deletedinteraction" in browser.get("/maker/", follow=True).content.decode()) is sees
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM interactions_deletedinteraction")
        number = cursor.fetchone()[0]
    for address in (f"{DELETED}add/", f"{DELETED}{number}/delete/"):
        assert browser.post(address, {"post": "yes"}).status_code in (302, 403)
    browser.post(DELETED, {"action": "delete_selected", "_selected_action": [number], "post": "yes"})
    assert "r1" in maker.get(DELETED).content.decode()


def test_what_was_deleted_before_a_second_rule_came_is_not_written_by_it(source, maker, method, vendor):
    source.post(CALL)
    work()
    delete(maker)
    make_crm(method, "second")
    source.post(CALL)
    work()
    assert len(vendor.calls()) == 1
