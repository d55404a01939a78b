"""Deletions beside posts, changes, choices and other deletions of the same call."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from crm.models import CRM
from interactions.models import Delivery, DeliveryState, Interaction
from tests.interactions.deleting import LIST, elsewhere, text_of
from tests.interactions.source import CALL, Source
from tests.interactions.steps import work
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source(client, crm):
    return Source(client)


def test_whatever_code_deletes_calls_they_are_not_made_anew(source):
    source.post([CALL, CALL | {"reference": "r2"}])
    Interaction.objects.filter(source="pbx").delete()
    assert [one["deleted"] for one in source.post([CALL, CALL | {"reference": "r2"}]).json()] == [True, True]
    assert not Interaction.objects.exists()


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
