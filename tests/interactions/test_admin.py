"""The Maker's pages of this room: who may open what, and what they show."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from integrations.errors import NotSent, Refused
from interactions.api import keys
from interactions.models import ApiKey, Delivery, DeliveryState, Interaction
from tests.interactions.steps import PHONE, pass_time, post, work
from tests.permissions import Case, check, pair_id, pairs

pytestmark = pytest.mark.django_db

KEY = {"name": "New", "source": "new"}


def delivery(world):
    return [world["delivery"].pk]


def interaction(world):
    return [world["delivery"].interaction_id]


def key(world):
    return [world["key"].pk]


TABLE = [
    Case("GET", "admin:interactions_interaction_changelist", allowed="ada omar vera"),
    Case("GET", "admin:interactions_interaction_change", args=interaction, allowed="ada omar vera"),
    Case("POST", "admin:interactions_interaction_change", args=interaction, allowed=""),
    Case("GET", "admin:interactions_interaction_add", allowed=""),
    Case("POST", "admin:interactions_interaction_delete", args=interaction, data={"post": "yes"}, allowed="ada"),
    Case("GET", "admin:interactions_delivery_changelist", allowed="ada omar vera"),
    Case("GET", "admin:interactions_delivery_change", args=delivery, allowed="ada omar vera"),
    Case("POST", "admin:interactions_delivery_change", args=delivery, allowed=""),
    Case("GET", "admin:interactions_delivery_add", allowed=""),
    Case("POST", "admin:interactions_delivery_delete", args=delivery, data={"post": "yes"}, allowed=""),
    Case("GET", "admin:interactions_delivery_replay", args=delivery, allowed="ada omar"),
    Case("POST", "admin:interactions_delivery_replay", args=delivery, allowed="ada omar"),
    Case("GET", "admin:interactions_apikey_changelist", allowed="ada omar vera"),
    Case("GET", "admin:interactions_apikey_add", allowed="ada omar"),
    Case("POST", "admin:interactions_apikey_add", data=KEY, allowed="ada omar"),
    Case("POST", "admin:interactions_apikey_change", args=key, data={"name": "x"}, allowed="ada omar"),
    Case("POST", "admin:interactions_apikey_delete", args=key, data={"post": "yes"}, allowed="ada"),
]


@pytest.fixture
def world(crm, vendor):
    post()
    vendor.fail("create", None, Refused("Zoho Desk refused the subject.", fields={"subject": "Too long."}))
    work()
    return {"delivery": Delivery.objects.get(), "key": keys.create("PBX", "pbx")[0]}


@pytest.fixture
def people(ada, omar, vera, sid):
    return {"ada": ada, "omar": omar, "vera": vera, "sid": sid}


@pytest.mark.parametrize(("case", "person"), pairs(TABLE), ids=pair_id)
def test_each_page_opens_to_those_whose_role_allows_it(case, person, people, client, world):
    check(case, person, people, client, world)


@pytest.mark.parametrize(("person", "state"), [("omar", DeliveryState.PENDING), ("vera", DeliveryState.DEAD)])
def test_many_are_replayed_by_those_who_may(person, state, people, client, world):
    client.force_login(people[person])
    selected = {"action": "replay_selected", "_selected_action": [world["delivery"].pk]}
    client.post(reverse("admin:interactions_delivery_changelist"), selected)
    assert Delivery.objects.get().state == state


def test_looking_at_a_replay_replays_nothing(client, ada, world):
    client.force_login(ada)
    client.get(reverse("admin:interactions_delivery_replay", args=[world["delivery"].pk]))
    assert Delivery.objects.get().state == DeliveryState.DEAD


@pytest.mark.parametrize("term", [PHONE, "+336123", "r1", "06 12 34 56 78"])
def test_a_delivery_is_found_by_number_and_reference(client, ada, world, term, settings):
    settings.PHONE_REGION = "FR"
    client.force_login(ada)
    page = client.get(reverse("admin:interactions_delivery_changelist"), {"q": term})
    assert "Zoho Desk refused the subject." in page.content.decode()


def test_a_delivery_is_found_by_the_record_it_became(client, ada, crm, vendor):
    post()
    work()
    client.force_login(ada)
    remote_id = Delivery.objects.get().remote_id
    page = client.get(reverse("admin:interactions_delivery_changelist"), {"q": remote_id}).content.decode()
    assert f'href="https://memory.example/calls/{remote_id}"' in page
    page = client.get(reverse("admin:interactions_delivery_changelist"), {"q": "nothing such"}).content.decode()
    assert "memory.example" not in page


def test_an_address_that_is_no_web_address_is_no_link(client, ada, world):
    Delivery.objects.update(remote_id="1", remote_url="javascript:alert(1)")
    client.force_login(ada)
    assert "javascript:alert" not in client.get(reverse("admin:interactions_delivery_changelist")).content.decode()


def test_what_a_source_sends_is_shown_as_text(client, ada, crm):
    post("<script>alert(1)</script>", customer_phone="<b>1</b>")
    client.force_login(ada)
    for model in ("interaction", "delivery"):
        assert "<script>alert" not in client.get(reverse(f"admin:interactions_{model}_changelist")).content.decode()


def test_the_attempts_and_the_fields_are_told_in_plain_words(client, ada, world):
    client.force_login(ada)
    page = client.get(reverse("admin:interactions_delivery_change", args=[world["delivery"].pk])).content.decode()
    assert "Zoho Desk refused the subject." in page
    assert "Too long." in page
    assert "Given up" in page
    assert "(&#x27;dead&#x27;" not in page


@pytest.mark.parametrize("model", ["interaction", "delivery"])
def test_a_list_of_a_hundred_costs_as_many_queries_as_one_of_one(client, ada, crm, vendor, model):
    client.force_login(ada)
    asked = []
    for numbers in (range(1), range(1, 100)):
        for number in numbers:
            post(f"r{number}", customer_phone=f"+336123456{number:02}")
        work()
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse(f"admin:interactions_{model}_changelist"))
        asked.append(len(queries))
    assert len(page.context["cl"].result_list) == 50
    assert asked[0] == asked[1] <= 8


def test_the_tries_are_those_that_were_made(client, ada, crm, vendor):
    post()
    vendor.fail("create", None, NotSent("No connection."))
    work()
    assert re.fullmatch(r"Pending 1 try · due in \d s", told_of_the_state(client, ada))
    pass_time(60)
    work()
    assert told_of_the_state(client, ada) == "Delivered 2 tries"


def told_of_the_state(client, person):
    client.force_login(person)
    page = client.get(reverse("admin:interactions_delivery_changelist")).content.decode()
    cell = re.search(r'<td class="field-shown_state.*?>(.*?)</td>', page, re.DOTALL)
    assert cell is not None
    return " ".join(re.sub("<[^>]*>", " ", cell[1]).split())


@pytest.mark.parametrize(("person", "state", "offered"), [
    ("omar", DeliveryState.DEAD, True), ("vera", DeliveryState.DEAD, False), ("omar", DeliveryState.DELIVERED, False),
])  # fmt: skip
def test_a_delivery_is_replayed_from_its_own_page(client, people, world, person, state, offered):
    Delivery.objects.move(state=state)
    client.force_login(people[person])
    own = reverse("admin:interactions_delivery_change", args=delivery(world))
    button = f'hx-get="{reverse("admin:interactions_delivery_replay", args=delivery(world))}"'
    assert (button in client.get(own).content.decode()) is offered


def test_whoever_replays_on_a_page_of_a_delivery_stays_there(client, ada, world):
    client.force_login(ada)
    own = reverse("admin:interactions_delivery_change", args=delivery(world))
    dialog = reverse("admin:interactions_delivery_replay", args=delivery(world))
    for came_from, leads_to in ((own, own), ("/maker/", reverse("admin:interactions_delivery_changelist"))):
        Delivery.objects.move(state=DeliveryState.DEAD)
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{came_from}"}
        assert client.post(dialog, headers=headers).headers["HX-Redirect"] == leads_to


def test_a_new_key_is_shown_once_and_opens_the_api(client, omar):
    client.force_login(omar)
    page = client.post(reverse("admin:interactions_apikey_add"), KEY)
    assert "no-store" in page.headers["Cache-Control"]
    found = re.search(r"dk_[0-9a-f]{8}_[\w-]{43}", page.content.decode())
    assert found is not None
    made = keys.authenticate(found[0])
    assert made is not None
    assert (made.source, made.created_by) == ("new", omar)
    for page in (
        client.get(reverse("admin:interactions_apikey_changelist")),
        client.get(reverse("admin:interactions_apikey_change", args=[made.pk])),
        client.get(reverse("admin:interactions_apikey_history", args=[made.pk]), follow=True),
    ):
        assert found[0] not in page.content.decode()
        assert made.digest not in page.content.decode()


def test_the_source_of_a_key_stays(client, ada, world):
    client.force_login(ada)
    client.post(reverse("admin:interactions_apikey_change", args=key(world)), {"name": "x", "source": "other"})
    assert (ApiKey.objects.get().name, ApiKey.objects.get().source) == ("x", "pbx")


def test_deleting_an_interaction_takes_its_deliveries_along(client, ada, world):
    client.force_login(ada)
    client.post(reverse("admin:interactions_interaction_delete", args=interaction(world)), {"post": "yes"})
    assert not Interaction.objects.exists()
    assert not Delivery.objects.exists()


def test_the_front_page_counts_deliveries_for_those_who_may_see_them(client, people, world):
    for person, sees in (("vera", True), ("sid", False)):
        client.force_login(people[person])
        page = client.get(reverse("admin:index")).content.decode()
        assert ("state__exact=dead" in page) is sees


def test_the_front_page_tells_what_waits_and_what_was_delivered(client, ada, crm, vendor):
    client.force_login(ada)
    for number in range(3):
        post(f"r{number}")
    work()
    Delivery.objects.filter(interaction__reference="r0").update(delivered_at=timezone.now() - timedelta(hours=25))
    assert "oldest pending" not in front_page(client)
    post("late")
    now = timezone.now()
    Delivery.objects.filter(state=DeliveryState.PENDING).update(
        created_at=now - timedelta(hours=3), next_attempt_at=now + timedelta(minutes=30, seconds=9)
    )
    page = front_page(client)
    assert "Delivered in the last 24 hours 2" in page
    assert "The oldest pending one is 3 hours old; the next attempt is due in 30 minutes." in page


def front_page(client):
    page = client.get(reverse("admin:index")).content.decode().replace("\xa0", " ")
    return " ".join(re.sub("<[^>]*>", " ", page).split())
