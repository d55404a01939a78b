"""What an agent, or a page that he is lured to, might try."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.test import Client

from banner.templatetags.banner import web_link
from crm.models import CRM, CRMObject, LocalCard, ProfileAccess
from crm.stores.opening import open_store
from interactions.models import CardChoice, Interaction
from tests.banner.conftest import Arrive, local_crm
from tests.banner.test_workspace import HTMX, news, write
from users.models import Profile, User

ALICE = {"firstName": "Alice", "lastName": "Martin", "phone": "+33612345678", "email": "alice@example.com"}
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@dataclass(frozen=True)
class Target:
    """A card that everything here is tried on."""

    interaction: Interaction
    crm: CRM
    object: CRMObject
    card: LocalCard

    @property
    def part(self) -> str:
        return f"/banner/interactions/{self.interaction.pk}/crms/{self.crm.pk}/"

    @property
    def page(self) -> str:
        return f"{self.part}objects/{self.object.pk}/cards/{self.card.pk}/"


def target_in(crm: CRM, interaction: Interaction) -> Target:
    contacts = crm.crm_objects.get(api_name="contacts")
    record = open_store(crm).create(contacts, ALICE)
    return Target(interaction, crm, contacts, LocalCard.objects.get(pk=record.id))


@pytest.fixture
def target(shop: CRM, arrive: Arrive) -> Target:
    return target_in(shop, arrive())


def every_request(target: Target) -> list[tuple[str, str]]:
    new = f"{target.part}objects/{target.object.pk}/new/"
    return [
        ("get", target.part),
        ("get", target.page),
        ("get", new),
        ("post", new),
        ("get", f"{target.page}edit/"),
        ("post", f"{target.page}edit/"),
        ("post", f"{target.page}assign/"),
        ("post", f"{target.part}form/"),
    ]


def statuses(page: Client, target: Target) -> set[int]:
    sent = ALICE | {"lastName": "Changed", "was.lastName": "Martin"}
    return {getattr(page, verb)(path, sent, headers=HTMX).status_code for verb, path in every_request(target)}


def untouched(target: Target) -> bool:
    target.card.refresh_from_db()
    same = target.card.values == ALICE and LocalCard.objects.count() == 1
    return same and not CardChoice.objects.exists()


def test_everything_that_is_refused_below_works_for_the_agent_himself(page: Client, target: Target) -> None:
    assert statuses(page, target) == {200}
    assert not untouched(target)


def test_a_colleagues_interaction_is_not_found(page: Client, target: Target, colleague: User) -> None:
    Interaction.objects.update(agent=colleague)
    assert statuses(page, target) == {404}
    assert page.get(f"/banner/interactions/{target.interaction.pk}/").status_code == 404
    assert untouched(target)


def test_an_interaction_of_nobody_is_not_found(page: Client, target: Target) -> None:
    Interaction.objects.update(agent=None)
    assert statuses(page, target) == {404}


def test_a_colleagues_interaction_cannot_be_spied_on_through_the_news(
    page: Client, arrive: Arrive, colleague: User
) -> None:
    secret = arrive("secret", agent=colleague, customer_name="Secret Customer")
    status, html = news(page, "", secret.pk)
    assert status == 200
    assert "Secret Customer" not in html


def test_the_crm_of_another_profile_is_not_found(page: Client, arrive: Arrive, support: Profile) -> None:
    target = target_in(local_crm("Elsewhere", support), arrive())
    assert statuses(page, target) == {404}
    assert untouched(target)


def test_a_crm_of_mine_under_the_profile_that_i_do_not_use_is_not_found(
    page: Client, agent: User, arrive: Arrive, sales: Profile, support: Profile
) -> None:
    agent.profiles.add(support)
    agent.active_profile = sales
    agent.save()
    assert statuses(page, target_in(local_crm("Elsewhere", support), arrive())) == {404}


def test_how_another_profiles_crm_was_written_is_not_told(
    page: Client, arrive: Arrive, shop: CRM, support: Profile
) -> None:
    call = arrive(status="completed")
    write(call, local_crm("Elsewhere", support), remote_url="https://elsewhere.example/1")
    _, html = news(page, "", call.pk)
    assert "lsewhere" not in html


def test_a_card_is_not_reached_through_the_address_of_a_granted_crm(
    page: Client, target: Target, support: Profile
) -> None:
    foreign = target_in(local_crm("Elsewhere", support), target.interaction)
    for object_id in (foreign.object.pk, 999):
        path = f"{target.part}objects/{object_id}/cards/{foreign.card.pk}/"
        assert page.get(path, headers=HTMX).status_code == 404
    mixed = f"{target.part}objects/{target.object.pk}/cards/{foreign.card.pk}/"
    html = page.get(mixed, headers=HTMX).content.decode()
    assert "This card is no longer there" in html
    assert "Martin" not in html


def test_records_that_are_no_cards_are_not_read(page: Client, target: Target) -> None:
    calls = CRMObject.objects.create(crm=target.crm, name="Calls", api_name="calls", is_card=False)
    assert page.get(f"{target.part}objects/{calls.pk}/cards/1/", headers=HTMX).status_code == 404


@pytest.mark.parametrize(
    ("right", "action"), [("may_edit", "edit/"), ("may_assign", "assign/"), ("may_create", "new/")]
)
def test_what_the_profile_may_not_do_is_refused_in_the_action_itself(
    page: Client, target: Target, right: str, action: str
) -> None:
    ProfileAccess.objects.update(**{right: False})
    sent = ALICE | {"lastName": "Changed", "was.lastName": "Martin"}
    tried = [(verb, path) for verb, path in every_request(target) if path.endswith(action)]
    assert tried
    for verb, path in tried:
        assert getattr(page, verb)(path, sent, headers=HTMX).status_code == 403
    assert untouched(target)


def test_what_the_profile_may_not_do_is_not_offered(page: Client, target: Target) -> None:
    ProfileAccess.objects.update(may_edit=False, may_assign=False, may_create=False)
    html = page.get(target.page, headers=HTMX).content.decode()
    assert "Alice" in html
    assert not re.search("edit/|assign/|new/", html)


def test_a_profile_that_is_not_mine_cannot_be_chosen(page: Client, agent: User, support: Profile) -> None:
    for wanted in (support.pk, 999, "", "1 or 1=1", "9" * 400):
        assert page.post("/banner/profile/", {"profile": wanted}).status_code == 404
    agent.refresh_from_db()
    assert agent.active_profile is None


def test_no_state_changes_by_get(page: Client, target: Target, sales: Profile) -> None:
    assert page.get("/banner/profile/", {"profile": sales.pk}).status_code == 405
    assert page.get(f"{target.page}assign/").status_code == 405
    page.get(f"{target.page}edit/", {"lastName": "Changed"}, headers=HTMX)
    assert untouched(target)


def test_a_page_elsewhere_cannot_post_in_the_agents_name(agent: User, target: Target, sales: Profile) -> None:
    lured = Client(enforce_csrf_checks=True)
    lured.force_login(agent)
    assert lured.post("/banner/profile/", {"profile": sales.pk}).status_code == 403
    for verb, path in every_request(target):
        if verb == "post":
            assert lured.post(path, ALICE, headers=HTMX).status_code == 403
    assert untouched(target)


@pytest.mark.parametrize("card_id", ["..%2f..%2fcalls%2f1", "1%2f..", "a.b", "1%3fx=1", "%00", "x" * 41, "é"])
def test_a_record_id_that_could_climb_a_path_is_not_found(page: Client, target: Target, card_id: str) -> None:
    path = f"{target.part}objects/{target.object.pk}/cards/{card_id}/"
    assert page.get(path, headers=HTMX).status_code == 404


@pytest.mark.parametrize("number", ["9" * 30, "0"])
def test_a_number_beyond_the_database_is_not_found(page: Client, shop: CRM, number: str) -> None:
    assert page.get(f"/banner/interactions/{number}/crms/{shop.pk}/", headers=HTMX).status_code == 404
    assert news(page, "", number)[0] == 200


def test_what_customers_are_called_is_only_text(page: Client, target: Target) -> None:
    Interaction.objects.update(customer_name=EVIL, subject=EVIL, queue=EVIL, customer_email=EVIL, qualification=EVIL)
    LocalCard.objects.update(values=ALICE | {"firstName": EVIL, "lastName": EVIL})
    CRM.objects.update(name=EVIL[:100])
    whole = page.get("/banner/").content.decode()
    for html in (whole, news(page, "", target.interaction.pk)[1]):
        assert "&lt;script&gt;" in html
        assert "<script>" not in html
        assert "<img src=x" not in html
    for path in (target.part, target.page, f"{target.page}edit/"):
        html = page.get(path, headers=HTMX).content.decode()
        assert "&lt;script&gt;" in html
        assert "<script>" not in html
        assert "<img src=x" not in html


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//evil.example",
     "vbscript:x", "https://", "http://[", "file:///etc/passwd", ""],
)  # fmt: skip
def test_only_web_addresses_become_links(page: Client, arrive: Arrive, shop: CRM, address: str) -> None:
    assert web_link(address) == ""
    call = arrive(status="completed", recording_url=address)
    write(call, shop, remote_url=address)
    _, html = news(page, "", call.pk)
    assert "Listen" not in html
    assert "Open the record" not in html


def test_a_text_without_end_is_refused_and_an_endless_request_too(page: Client, target: Target) -> None:
    html = page.post(f"{target.page}edit/", {"lastName": "x" * 100_000}, headers=HTMX).content.decode()
    assert "at most 2500 characters" in html
    assert len(html) < 20_000
    huge = page.post(f"{target.page}edit/", {"lastName": "x" * 3_000_000}, headers=HTMX)
    assert huge.status_code == 400
    assert untouched(target)


def test_a_character_that_no_database_keeps_is_dropped(page: Client, target: Target) -> None:
    page.post(f"{target.page}edit/", {"lastName": "Nu\0l", "was.lastName": "Martin"}, headers=HTMX)
    target.card.refresh_from_db()
    assert target.card.values["lastName"] == "Nul"


def test_fields_that_the_form_does_not_have_are_not_written(page: Client, target: Target) -> None:
    page.post(
        f"{target.page}edit/", {"ownerId": "1", "id": "2", "lastName": "New", "was.lastName": "Martin"}, headers=HTMX
    )
    target.card.refresh_from_db()
    assert target.card.values["lastName"] == "New"
    assert not {"ownerId", "id"} & set(target.card.values)
