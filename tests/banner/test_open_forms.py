"""While an agent has the form of an unknown caller's card open, no worker makes that card."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from crm.models import CRM, Kind, LocalCard, OnNone, ProfileAccess
from crm.stores.opening import open_store
from interactions.models import Attempt, Delivery, Interaction, OpenForm
from tests.banner.conftest import Arrive
from tests.banner.steps import end, new_form, part, send, show, work
from tests.banner.test_workspace import news
from tests.interactions.steps import make_crm, pass_time
from users.models import Profile, User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(sales: Profile) -> CRM:
    """A CRM whose cards are kept here, with a rule that writes every call."""
    crm = make_crm(None, kind=Kind.LOCAL)
    ProfileAccess.objects.create(profile=sales, crm=crm)
    return crm


@pytest.fixture
def call(arrive: Arrive) -> Interaction:
    return arrive(customer_name="")


def hold(page: Client, crm: CRM, call: Interaction, token: str = "t", **more: str) -> int:
    """What the open form does every few seconds."""
    return page.post(f"{part(call, crm)}form/", {"token": token, **more}).status_code


def people() -> list[str]:
    return [card.values.get("lastName", "") for card in LocalCard.objects.filter(object__is_card=True)]


def calls() -> int:
    return LocalCard.objects.filter(object__is_card=False).count()


def time_passes(seconds: float) -> None:
    """For the form and for the deliveries alike."""
    back = timedelta(seconds=seconds)
    OpenForm.objects.update(opened_at=F("opened_at") - back, expires_at=F("expires_at") - back)
    pass_time(seconds)


def test_no_card_is_made_while_the_agent_has_the_form_open(page: Client, here: CRM, call: Interaction) -> None:
    hold(page, here, call)
    end(call)
    work()
    delivery = Delivery.objects.get()
    assert (people(), calls()) == ([], 0)
    assert (delivery.state, delivery.attempts_made) == ("pending", 0)
    assert "form" in delivery.reason
    assert not Attempt.objects.exists()


def test_a_delivery_that_waits_for_a_form_is_due_again_soon_and_never_overdue(
    page: Client, here: CRM, call: Interaction
) -> None:
    hold(page, here, call)
    end(call)
    work()
    for _ in range(3):
        due = Delivery.objects.get().next_attempt_at
        assert due is not None
        assert timezone.now() < due < timezone.now() + timedelta(seconds=30)
        hold(page, here, call)
        pass_time(31)
        work()
    assert people() == []


def test_what_was_typed_is_the_card_on_which_the_call_is_written(page: Client, here: CRM, call: Interaction) -> None:
    path, sent = new_form(page, here, call)
    hold(page, here, call, sent["token"])
    end(call)
    work()
    assert "Saved in" in send(page, path, **sent | {"lastName": "Newman"})
    work()
    assert people() == ["Newman"]
    assert (calls(), Delivery.objects.get().state) == (1, "delivered")


def test_a_form_that_is_left_lets_the_worker_go_on_at_once(page: Client, here: CRM, call: Interaction) -> None:
    hold(page, here, call)
    end(call)
    work()
    hold(page, here, call, leave="1")
    work()
    assert (len(people()), calls()) == (1, 1)


def test_a_page_that_is_gone_without_a_word_holds_nobody_up_for_long(
    page: Client, here: CRM, call: Interaction
) -> None:
    hold(page, here, call)
    end(call)
    work()
    time_passes(60)
    work()
    assert people() == [], "a page in the background speaks once a minute"
    time_passes(60)
    work()
    assert len(people()) == 1


def test_a_form_that_stays_open_holds_the_card_for_ten_minutes_and_no_longer(
    page: Client, here: CRM, call: Interaction
) -> None:
    end(call)
    for _ in range(10):
        hold(page, here, call)
        time_passes(59)
        work()
        assert people() == []
    hold(page, here, call)
    time_passes(15)
    hold(page, here, call)
    work()
    assert len(people()) == 1


def test_a_form_that_is_opened_anew_holds_the_card_anew(page: Client, here: CRM, call: Interaction) -> None:
    end(call)
    hold(page, here, call, "first")
    time_passes(601)
    hold(page, here, call, "second")
    work()
    assert people() == []


def test_a_second_tab_goes_on_holding_what_the_first_one_leaves(page: Client, here: CRM, call: Interaction) -> None:
    hold(page, here, call, "first")
    hold(page, here, call, "second")
    hold(page, here, call, "first", leave="1")
    end(call)
    work()
    assert people() == []


def test_a_customer_who_has_a_card_is_not_held_up(page: Client, here: CRM, call: Interaction) -> None:
    open_store(here).create(here.crm_objects.get(is_card=True), {"lastName": "Known", "phone": call.customer_phone})
    hold(page, here, call)
    end(call)
    work()
    assert Delivery.objects.get().state == "delivered"


@pytest.mark.parametrize("choice", [OnNone.SKIP, OnNone.AGENT])
def test_a_call_is_not_given_up_as_one_without_a_card_while_the_agent_types_it(
    page: Client, here: CRM, call: Interaction, choice: str
) -> None:
    CRM.objects.update(on_none=choice)
    path, sent = new_form(page, here, call)
    hold(page, here, call, sent["token"])
    end(call)
    work()
    assert Delivery.objects.get().state == "pending"
    send(page, path, **sent | {"lastName": "Newman"})
    work()
    assert Delivery.objects.get().state == "delivered"


def test_another_interaction_of_the_same_customer_is_not_held_up_by_the_form_of_this_one(
    page: Client, here: CRM, call: Interaction, arrive: Arrive
) -> None:
    """What the agent types is then added to the card that the other one made."""
    path, sent = new_form(page, here, call)
    hold(page, here, call, sent["token"])
    end(arrive("other", customer_name=""))
    work()
    assert len(people()) == 1
    assert "Saved in" in send(page, path, **sent | {"lastName": "Newman"})
    assert people() == ["Newman"]


def test_redis_has_no_part_in_it(page: Client, here: CRM, call: Interaction, without_redis: None) -> None:
    hold(page, here, call)
    end(call)
    work()
    assert people() == []
    hold(page, here, call, leave="1")
    work()
    assert len(people()) == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no clock but this machine's.")
def test_whether_a_form_still_holds_says_the_databases_clock(
    page: Client, here: CRM, call: Interaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(page, here, call)
    end(call)
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(hours=1))
    work()
    assert people() == []


def test_the_agent_is_told_that_the_call_waits_for_his_form(page: Client, here: CRM, call: Interaction) -> None:
    hold(page, here, call)
    end(call)
    work()
    status, html = news(page, "", call.pk)
    assert status == 200
    assert "Waits for your form" in html
    assert "On its way" not in html


def test_the_page_says_where_its_form_is_held(page: Client, here: CRM, call: Interaction) -> None:
    html = show(page, part(call, here))
    assert f'data-held="{part(call, here)}form/"' in html


def test_nobody_holds_what_is_not_his(
    page: Client, here: CRM, call: Interaction, colleague: User, arrive: Arrive
) -> None:
    assert hold(page, here, arrive("theirs", agent=colleague)) == 404
    assert page.get(f"{part(call, here)}form/").status_code == 405
    ProfileAccess.objects.update(may_create=False)
    assert hold(page, here, call) == 403
    assert not OpenForm.objects.exists()


def test_a_page_elsewhere_holds_no_form_in_the_agents_name(agent: User, here: CRM, call: Interaction) -> None:
    lured = Client(enforce_csrf_checks=True)
    lured.force_login(agent)
    assert hold(lured, here, call) == 403


def test_a_thousand_tokens_are_one_row(page: Client, here: CRM, call: Interaction) -> None:
    for number in range(5):
        assert hold(page, here, call, f"token-{number}" * 50) == 200
    assert OpenForm.objects.count() == 1


def test_forms_that_nobody_left_are_forgotten_after_a_day(
    page: Client, here: CRM, call: Interaction, arrive: Arrive
) -> None:
    hold(page, here, call)
    time_passes(25 * 3600)
    hold(page, here, arrive("next"))
    assert OpenForm.objects.count() == 1


def test_a_form_goes_with_its_interaction(page: Client, here: CRM, call: Interaction) -> None:
    hold(page, here, call)
    call.delete()
    assert not OpenForm.objects.exists()
    assert hold(page, here, call) == 404
