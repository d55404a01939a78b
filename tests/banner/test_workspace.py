"""The agent's page: what it lists, how it hears of news, and that it costs the same for one and for many."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import CRM, Assignment, CRMObject
from interactions.models import Delivery, Interaction
from tests.banner.conftest import Arrive
from users.models import Profile, User

HTMX = {"HX-Request": "true"}


def marker(html: str) -> str:
    found = re.search(r'name="since" value="(\w+)"', html)
    assert found
    return found.group(1)


def news(page: Client, since: str = "", opened: int | str = "") -> tuple[int, str]:
    response = page.get("/banner/live/", {"since": since, "open": opened}, headers=HTMX)
    return response.status_code, response.content.decode()


def write(interaction: Interaction, crm: CRM, state: str = "delivered", **facts: str) -> Delivery:
    calls, _ = CRMObject.objects.get_or_create(crm=crm, api_name="calls", defaults={"name": "Calls", "is_card": False})
    rule, _ = Assignment.objects.get_or_create(target=calls, name="Calls")
    number = Delivery.objects.count()
    return Delivery.objects.create(
        interaction=interaction, assignment=rule, state=state, marker=f"marker-{number}", **facts
    )


def test_an_agent_without_profiles_is_told_what_to_do(client: Client, sid: User) -> None:
    client.force_login(sid)
    assert "You have no profile yet" in client.get("/banner/").content.decode()


def test_somebody_with_one_profile_need_not_choose(page: Client, shop: CRM) -> None:
    assert "Customers are looked for in: Shop" in page.get("/banner/").content.decode()


def test_an_agent_with_several_profiles_chooses_one_and_it_is_kept(
    page: Client, agent: User, support: Profile, shop: CRM
) -> None:
    agent.profiles.add(support)
    assert "Which profile do you work with?" in page.get("/banner/").content.decode()
    page.post("/banner/profile/", {"profile": support.pk})
    agent.refresh_from_db()
    assert agent.active_profile == support
    html = page.get("/banner/").content.decode()
    assert "Which profile" not in html
    assert "Shop" not in html


def test_a_profile_that_was_taken_away_gives_nothing_any_more(
    page: Client, agent: User, sales: Profile, support: Profile, shop: CRM
) -> None:
    agent.profiles.set([sales, support])
    agent.active_profile = sales
    agent.save()
    agent.profiles.remove(sales)
    assert "Shop" not in page.get("/banner/").content.decode()


def test_a_profile_without_crms_says_so_beside_the_interaction(page: Client, arrive: Arrive) -> None:
    arrive()
    assert "gives no CRM yet" in page.get("/banner/").content.decode()


def test_the_newest_interaction_under_way_is_opened_by_itself(page: Client, arrive: Arrive, shop: CRM) -> None:
    arrive("old", customer_name="Bob")
    newest = arrive("new", customer_name="Alice Martin")
    html = page.get("/banner/").content.decode()
    assert f'name="open" value="{newest.pk}"' in html
    assert f'hx-get="/banner/interactions/{newest.pk}/crms/{shop.pk}/"' in html


def test_an_interaction_asked_for_by_the_page_comes_without_the_page(page: Client, arrive: Arrive) -> None:
    html = page.get(f"/banner/interactions/{arrive().pk}/", headers=HTMX).content.decode()
    assert "Alice Martin" in html
    assert "<html" not in html


def test_nothing_is_sent_while_nothing_changes(page: Client, arrive: Arrive) -> None:
    arrive()
    seen = marker(page.get("/banner/").content.decode())
    opened = Interaction.objects.get().pk
    assert news(page, seen, opened) == (204, "")


def test_an_arrival_is_news(page: Client, arrive: Arrive) -> None:
    seen = marker(page.get("/banner/").content.decode())
    arrive(customer_name="Zoé Arrives")
    status, html = news(page, seen)
    assert status == 200
    assert "Voice: Zoé Arrives" in html


def test_the_end_of_an_interaction_is_news(page: Client, arrive: Arrive) -> None:
    call = arrive()
    seen = marker(page.get("/banner/").content.decode())
    Interaction.objects.filter(pk=call.pk).update(status="completed", ended_at=datetime.now(UTC))
    status, html = news(page, seen, call.pk)
    assert status == 200
    assert 'id="facts" hx-swap-oob="true"' in html


def test_the_link_to_the_written_record_is_news(page: Client, arrive: Arrive, shop: CRM) -> None:
    call = arrive(status="completed")
    delivery = write(call, shop, "pending")
    _, html = news(page, "", call.pk)
    assert "On its way" in html
    Delivery.objects.filter(pk=delivery.pk).move(
        state="delivered", remote_url="https://desk.zoho.eu/agent/acme/calls/1"
    )
    status, html = news(page, marker(html), call.pk)
    assert status == 200
    assert 'href="https://desk.zoho.eu/agent/acme/calls/1"' in html


def test_a_forgotten_interaction_is_not_of_the_moment_for_ever(page: Client, arrive: Arrive) -> None:
    call = arrive()
    Interaction.objects.filter(pk=call.pk).update(created_at=datetime.now(UTC) - timedelta(hours=13))
    html = page.get("/banner/").content.decode()
    assert "No interaction at the moment" in html
    assert "Alice Martin" in html


def test_an_old_interaction_that_waits_for_the_agent_is_still_listed(page: Client, arrive: Arrive, shop: CRM) -> None:
    call = arrive(status="completed")
    Interaction.objects.filter(pk=call.pk).update(created_at=datetime.now(UTC) - timedelta(days=2))
    write(call, shop, "waiting")
    assert "Waiting for you" in page.get("/banner/").content.decode()


@pytest.mark.parametrize("address", ["/banner/", "/banner/live/"])
def test_twenty_interactions_cost_no_more_queries_than_one(
    page: Client, arrive: Arrive, shop: CRM, address: str
) -> None:
    write(arrive("first", status="completed"), shop)
    arrive("live")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page.get(address)
    for number in range(20):
        write(arrive(f"more-{number}", status="completed"), shop)
        arrive(f"live-{number}")
    with CaptureQueriesContext(connection) as many:
        page.get(address)
    assert len(many) == len(few) <= 9


def test_the_page_runs_nothing_that_is_written_in_it(page: Client, arrive: Arrive, shop: CRM) -> None:
    arrive()
    response = page.get("/banner/")
    html = response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", html)
    assert '"allowEval": false' in html
    assert '"includeIndicatorStyles": false' in html


def test_the_pages_are_kept_nowhere(page: Client, arrive: Arrive) -> None:
    call = arrive()
    for address in ("/banner/", "/banner/live/", f"/banner/interactions/{call.pk}/"):
        assert "no-store" in page.get(address).headers["Cache-Control"]


def test_the_news_name_the_card_to_which_the_opened_interaction_belongs(
    page: Client, arrive: Arrive, shop: CRM
) -> None:
    """The page compares it with what its panel shows, and follows."""
    call = arrive(status="completed")
    delivery = write(call, shop, "pending")
    seen = marker(news(page, "", call.pk)[1])
    panel = page.get(f"/banner/interactions/{call.pk}/crms/{shop.pk}/", headers=HTMX).content.decode()
    assert 'class="belongs" value=""' in panel
    delivery.card_object, delivery.card_id = "contacts", "7"
    delivery.save(update_fields=["card_object", "card_id"])
    status, html = news(page, seen, call.pk)
    assert status == 200
    assert f'data-crm="{shop.pk}" data-belongs="contacts:7"' in html
    panel = page.get(f"/banner/interactions/{call.pk}/crms/{shop.pk}/", headers=HTMX).content.decode()
    assert 'class="belongs" value="contacts:7"' in panel


def test_an_agents_choice_outweighs_what_was_written_before(page: Client, arrive: Arrive, shop: CRM) -> None:
    call = arrive(status="completed")
    write(call, shop, card_object="contacts", card_id="7")
    call.choices.create(crm=shop, card_object="contacts", card_id="8")
    assert 'data-belongs="contacts:8"' in news(page, "", call.pk)[1]


@pytest.mark.parametrize("way", ["moved", "deleted"])
def test_a_page_hears_that_its_interaction_is_gone(
    page: Client, arrive: Arrive, colleague: User, shop: CRM, way: str
) -> None:
    call = arrive()
    _, html = news(page, "", call.pk)
    assert 'id="gone"' not in html
    if way == "moved":
        Interaction.objects.update(agent=colleague)
    else:
        Interaction.objects.all().delete()
    status, html = news(page, marker(html), call.pk)
    assert status == 200
    assert 'id="gone" hx-swap-oob="true"' in html
    assert "This is not open to you any more" in html
    assert news(page, marker(html), call.pk)[0] == 204, "once is enough"
