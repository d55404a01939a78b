"""An agent's pages with ids and queries that none of them writes."""

from __future__ import annotations

from itertools import product

import pytest
from django.test import Client

from crm.models import CRM
from crm.stores.opening import open_store
from interactions.models import Interaction
from tests.banner.conftest import Arrive
from tests.banner.test_workspace import HTMX
from users.models import User

ODD = ("99999999999999999999999", "9" * 5_000, "0")
QUERIES = ("open={}&since={}", "beside={}", "all={}")
VALUES = ("99999999999999999999999", "%00", "%ed%a0%80", "x" * 9_000, "-1", "")
FORMS: tuple[dict[str, str], ...] = (
    {}, {"profile": "9" * 30}, {"lastName": "\0", "was.lastName": "\0", "phone": "9" * 9_000, "beside": "\0"},
)  # fmt: skip


@pytest.fixture
def call(shop: CRM, arrive: Arrive) -> Interaction:
    return arrive()


def places(call: Interaction, crm: CRM) -> list[str]:
    """Each address below an interaction, with an odd id at one of its places and true ones before it."""
    contacts = crm.crm_objects.get(api_name="contacts")
    card = open_store(crm).create(contacts, {"firstName": "A", "lastName": "B"})
    true = [str(call.pk), str(crm.pk), str(contacts.pk), str(card.id)]
    sets = [[*true[:place], odd, *true[place + 1 :]] for place, odd in product(range(4), ODD)]
    sets += [[*true[:3], odd] for odd in ("_", "-", "%00", "x" * 40)]
    shapes = ["{0}/", "{0}/crms/{1}/", "{0}/crms/{1}/objects/{2}/new/", "{0}/crms/{1}/objects/{2}/cards/{3}/"]
    shapes += [f"{shapes[-1]}edit/", f"{shapes[-1]}assign/"]
    return sorted({"/banner/interactions/" + shape.format(*ids) for shape, ids in product(shapes, sets)})


def test_no_id_breaks_an_agents_page(page: Client, shop: CRM, call: Interaction) -> None:
    page.raise_request_exception = False
    for address in places(call, shop):
        for answer in (page.get(address, headers=HTMX), page.post(address, FORMS[-1], headers=HTMX)):
            assert answer.status_code < 500, f"{answer.status_code} {address[:120]}"


@pytest.mark.usefixtures("call")
def test_no_query_breaks_an_agents_page(page: Client, agent: User) -> None:
    page.raise_request_exception = False
    for path, query, value in product(("/", "/banner/", "/banner/live/"), QUERIES, VALUES):
        answer = page.get(f"{path}?{query.format(value, value)}", headers=HTMX)
        assert answer.status_code < 500, (path, query, value[:20])
    for form in FORMS:
        assert page.post("/banner/profile/", form).status_code < 500


@pytest.mark.database
@pytest.mark.parametrize("token", ["\0", "a\0b", "\u202e" * 50, "9" * 5_000, ""])
def test_no_name_of_a_form_breaks_an_agents_page(page: Client, shop: CRM, call: Interaction, token: str) -> None:
    page.raise_request_exception = False
    contacts = shop.crm_objects.get(api_name="contacts")
    below = f"/banner/interactions/{call.pk}/crms/{shop.pk}"
    typed = {"lastName": "Martin", "beside": "1"}
    for path, form in (("form/", {}), ("form/", {"leave": "1"}), (f"objects/{contacts.pk}/new/", typed)):
        answer = page.post(f"{below}/{path}", {"token": token, **form}, headers=HTMX)
        assert answer.status_code < 500, (path, answer.status_code)
