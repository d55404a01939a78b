"""What a person deletes leaves a trace, is asked for by the right, and is never written a second time."""

from __future__ import annotations

import json
import threading
from copy import copy
from datetime import timedelta
from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import CRM, Assignment
from interactions.models import ApiKey, Delivery, DeliveryState, Interaction
from tests.interactions.source import CALL, Source
from tests.interactions.steps import make_crm, post, work
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/maker/interactions/interaction/"
DELETED = "/maker/interactions/deletedinteraction/"
CUSTOMER = {"customer_phone": "+33612345678", "customer_email": "marie@curie.example", "customer_name": "Marie Curie"}
NEEDS_THE_RIGHT = ("pending", "unknown", "waiting", "held", "dead")
NEEDS_NONE = ("delivered", "skipped", "discarded")


@pytest.fixture
def source(client, crm):
    return Source(client)


@pytest.fixture
def maker(ada):
    browser = Client()
    browser.force_login(ada)
    return browser


@pytest.fixture
def deleter(omar):
    """May delete interactions, but not discard deliveries."""
    assert omar.role
    omar.role.permissions.add(Permission.objects.get(codename="delete_interaction"))
    browser = Client()
    browser.force_login(omar)
    return browser


def delete(browser, interaction=None):
    """The deletion's page, sent."""
    interaction = interaction or Interaction.objects.get()
    return browser.post(f"{LIST}{interaction.pk}/delete/", {"post": "yes"}, follow=True)


def delete_selected(browser, *interactions):
    chosen = {"action": "delete_selected", "_selected_action": [one.pk for one in interactions], "post": "yes"}
    return browser.post(LIST, chosen, follow=True)


def told(answer):
    return answer.json()["detail"][0]


def text_of(answer):
    return " ".join(answer.content.decode().split())


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


@pytest.mark.parametrize("way", [delete, delete_selected])
@pytest.mark.parametrize("state", NEEDS_THE_RIGHT)
def test_what_is_not_written_is_deleted_by_those_alone_who_may_discard(source, maker, deleter, state, way):
    source.post(CALL)
    Delivery.objects.update(state=state)
    interaction = Interaction.objects.get()
    page = text_of(way(deleter, interaction))
    assert Interaction.objects.exists()
    assert Delivery.objects.get().state == state
    assert "Can discard deliveries" in page
    way(maker, interaction)
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("way", [delete, delete_selected])
@pytest.mark.parametrize("state", NEEDS_NONE)
def test_what_is_settled_is_deleted_by_whoever_may_delete(source, deleter, state, way):
    source.post(CALL)
    Delivery.objects.update(state=state)
    way(deleter, Interaction.objects.get())
    assert not Interaction.objects.exists()


def test_a_call_under_way_is_to_be_written_too(source, deleter, maker):
    """The trick: delete it while it rings, and its end makes no record."""
    source.post(CALL | {"status": "ringing", "ended_at": None})
    assert "Can discard deliveries" in text_of(delete(deleter))
    assert Interaction.objects.exists()
    delete(maker)
    assert source.post(CALL).json()["deleted"]
    assert not Delivery.objects.exists()


def test_of_a_selection_all_go_or_none(source, deleter):
    for reference in ("r1", "r2"):
        source.post(CALL | {"reference": reference})
    Delivery.objects.filter(interaction__reference="r1").update(state="delivered")
    page = text_of(delete_selected(deleter, *Interaction.objects.all()))
    assert Interaction.objects.count() == 2
    assert "r2" in page


@pytest.mark.parametrize("way", [delete, delete_selected])
def test_what_a_worker_sends_does_not_vanish_under_it(source, maker, vendor, way):
    source.post(CALL)
    pages = []

    def meanwhile(kind):
        if kind == "create":
            pages.append(text_of(way(maker, Interaction.objects.get())))

    vendor.before = meanwhile
    work()
    assert "is being sent" in pages[0]
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_what_a_worker_left_behind_can_be_deleted(source, maker):
    source.post(CALL)
    Delivery.objects.update(state="sending", lease_expires_at=timezone.now() - timedelta(seconds=1))
    delete(maker)
    assert not Interaction.objects.exists()


def test_the_page_tells_what_is_lost_and_what_a_repeat_does(source, maker):
    source.post(CALL)
    Delivery.objects.update(state="held")
    interaction = Interaction.objects.get()
    selected = {"action": "delete_selected", "_selected_action": [interaction.pk]}
    for page in (maker.get(f"{LIST}{interaction.pk}/delete/"), maker.post(LIST, selected)):
        text = text_of(page)
        assert "Calls of desk: Held" in text
        assert "never will be" in text
        assert "If its source sends it again" in text
    assert Interaction.objects.exists()


def test_whatever_code_deletes_calls_they_are_not_made_anew(source):
    source.post([CALL, CALL | {"reference": "r2"}])
    Interaction.objects.filter(source="pbx").delete()
    assert [one["deleted"] for one in source.post([CALL, CALL | {"reference": "r2"}]).json()] == [True, True]
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("what", ["rule", "crm", "user", "key", "method"])
def test_no_other_deletion_takes_a_call_along(source, maker, method, ada, what):
    agent = User.objects.create_user("grace@acme.example")
    source.post(CALL | {"agent": agent.username})
    work()
    rule, crm = Assignment.objects.get(), CRM.objects.get()
    addresses = {
        "rule": f"crm/assignment/{rule.pk}",
        "crm": f"crm/crm/{crm.pk}",
        "user": f"users/user/{agent.pk}",
        "key": f"interactions/apikey/{ApiKey.objects.get().pk}",
        "method": f"authmethods/authenticationmethod/{method.pk}",
    }
    if what == "method":
        CRM.objects.update(method=None)
    assert maker.post(f"/maker/{addresses[what]}/delete/", {"post": "yes"}).status_code == 302
    assert Interaction.objects.count() == Delivery.objects.count() == 1
    assert Delivery.objects.get().remote_id


def test_a_card_chosen_for_a_call_that_is_deleted_meanwhile_is_refused_in_words(source, maker, vendor, ada):
    contacts = CRM.objects.get().crm_objects.get(api_name="contacts")
    vendor.records["contacts"] = {key: {"phone": CALL["customer_phone"], "marker": ""} for key in ("1001", "1002")}
    source.post(CALL)
    work()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.WAITING
    vendor.before = lambda kind: Interaction.objects.all().delete()
    address = reverse("admin:interactions_delivery_card", args=[delivery.pk])
    page = maker.post(address, {"card": f"{contacts.pk}:1001", "look_for": ""})
    assert page.status_code == 200
    assert "was deleted meanwhile" in text_of(page)


def test_a_change_that_waited_for_the_deletion_is_told_so(source, maker):
    number = source.post(CALL).json()["id"]
    answers = at_once(source, lambda: Interaction.objects.get().delete(), lambda one: one.patch(number, {"queue": "a"}))
    assert [answer.status_code for answer in answers] == [410, 410]


def test_a_repeat_that_waited_for_the_deletion_is_told_so(source, maker):
    source.post(CALL)
    answers = at_once(source, lambda: Interaction.objects.get().delete(), lambda one: one.post(CALL))
    assert [answer.json()["deleted"] for answer in answers] == [True, True]
    assert not Interaction.objects.exists()


def elsewhere(source):
    """The same source with a connection of its own."""
    one = copy(source)
    one.client = Client()
    return one


def at_once(source, deletion, ask):
    """What two requests are answered that begin before `deletion` is committed."""
    answers = []

    def asked():
        one = elsewhere(source)
        answers.append(ask(one))
        connection.close()

    threads = [threading.Thread(target=asked) for _ in range(2)]
    with transaction.atomic():
        deletion()
        for thread in threads:
            thread.start()
        threads[0].join(0.3)
    for thread in threads:
        thread.join(30)
    return answers


def test_posts_and_deletions_of_one_call_in_any_order_leave_no_call_that_was_deleted(source, ada):
    """Whoever was told that it is kept, before or after; once it was deleted, it stays so."""
    vera = User.objects.create_superuser("second@acme.example", "correct horse")
    start = threading.Barrier(4, timeout=30)
    failed: list[object] = []

    def posts():
        one = elsewhere(source)
        start.wait()
        failed.extend(answer for answer in (one.post(CALL) for _ in range(8)) if answer.status_code >= 300)
        connection.close()

    def deletes(person):
        browser = Client()
        browser.force_login(person)
        start.wait()
        for _ in range(8):
            if number := Interaction.objects.values_list("pk", flat=True).first():
                answer = browser.post(f"{LIST}{number}/delete/", {"post": "yes"})
                failed.extend([answer] if answer.status_code >= 500 else [])
        connection.close()

    threads = [threading.Thread(target=work) for work in (posts, posts)]
    threads += [threading.Thread(target=deletes, args=[person]) for person in (ada, vera)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    source.post(CALL)
    for number in Interaction.objects.values_list("pk", flat=True):  # when no deletion came in time
        Interaction.objects.filter(pk=number).delete()
    assert source.post(CALL).json()["deleted"]
    assert not Interaction.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM interactions_deletedinteraction")
        assert cursor.fetchone() == (1,)


def test_what_was_deleted_before_a_second_rule_came_is_not_written_by_it(source, maker, method, vendor):
    source.post(CALL)
    work()
    delete(maker)
    make_crm(method, "second")
    source.post(CALL)
    work()
    assert len(vendor.calls()) == 1


def test_a_call_can_be_deleted_though_nothing_was_to_be_written(source, deleter):
    Assignment.objects.all().delete()
    post()
    delete(deleter)
    assert not Interaction.objects.exists()
