"""The screen-pop over Zoho Desk itself, as the stand-in plays it: nothing here is replaced."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from crm.models import CRMField, CRMObject, KnownCard
from interactions.models import Interaction
from tests.banner.conftest import Arrive
from tests.banner.test_workspace import HTMX
from tests.zoho import Zoho

AMELIE = "+33142234140"
NOBODY = "+33199001122"


def part(call: Interaction, contacts: CRMObject) -> str:
    return f"/banner/interactions/{call.pk}/crms/{contacts.crm_id}/"


def show(page: Client, path: str) -> str:
    return page.get(path, headers=HTMX).content.decode()


def edit_address(html: str) -> str:
    found = re.search(r'"([^"]*/edit/)"', html)
    assert found
    return found.group(1)


def amelie(zoho: Zoho) -> dict[str, object]:
    return next(row for row in zoho.stand_in.records("eu", "acme", "contacts") if row["lastName"] == "Poulain")


def test_the_caller_is_found_in_zoho_and_his_card_links_there(
    page: Client, contacts: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    html = show(page, part(arrive(customer_phone=AMELIE), contacts))
    assert "Amélie Poulain" in html
    assert "Open in Acme Desk" in html
    link = re.search(r'href="(http[^"]+)" target="_blank" rel="noopener noreferrer"', html)
    assert link
    assert link.group(1).startswith(zoho.stand_in.url.rsplit(":", 1)[0])


def test_a_shared_number_offers_everybody_who_has_it(page: Client, contacts: CRMObject, arrive: Arrive) -> None:
    html = show(page, part(arrive(customer_phone="+33144556677"), contacts))
    assert "2 cards match" in html
    assert "Étienne Lefèvre" in html
    assert "Chloé Lefèvre" in html


def test_a_change_is_made_in_zoho_at_once(page: Client, contacts: CRMObject, arrive: Arrive, zoho: Zoho) -> None:
    address = edit_address(show(page, part(arrive(customer_phone=AMELIE), contacts)))
    sent = {"firstName": "Amélie-Anne", "was.firstName": "Amélie"}
    assert "Saved in Acme Desk." in page.post(address, sent, headers=HTMX).content.decode()
    assert amelie(zoho)["firstName"] == "Amélie-Anne"
    assert amelie(zoho)["email"] == "amelie.poulain@moulins.example"


def test_zohos_refusal_stands_beside_the_field(page: Client, contacts: CRMObject, arrive: Arrive, zoho: Zoho) -> None:
    address = edit_address(show(page, part(arrive(customer_phone=AMELIE), contacts)))
    sent = {"lastName": "x" * 300, "was.lastName": "Poulain"}
    html = page.post(address, sent, headers=HTMX).content.decode()
    assert re.search(r'name="lastName" value="x{300}"[^>]*aria-invalid="true"', html)
    assert 'class="validation-error"' in html
    assert amelie(zoho)["lastName"] == "Poulain"


def test_an_unknown_caller_becomes_a_contact_that_is_found_at_once(
    page: Client, contacts: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    zoho.stand_in.set_knobs(search_lag=600.0)
    call = arrive(customer_phone=NOBODY)
    before = len(zoho.stand_in.records("eu", "acme", "contacts"))
    assert "No card matches this customer" in show(page, part(call, contacts))
    sent = {"lastName": "Newman", "phone": NOBODY, "token": "t"}
    for _ in range(2):
        page.post(f"{part(call, contacts)}objects/{contacts.pk}/new/", sent, headers=HTMX)
    assert len(zoho.stand_in.records("eu", "acme", "contacts")) == before + 1
    assert "Newman" in show(page, part(call, contacts))


def test_an_answer_that_was_lost_leads_to_no_second_contact(
    page: Client, contacts: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    call = arrive(customer_phone=NOBODY)
    address = f"{part(call, contacts)}objects/{contacts.pk}/new/"
    sent = {"lastName": "Newman", "phone": NOBODY, "token": "t"}
    before = len(zoho.stand_in.records("eu", "acme", "contacts"))
    zoho.stand_in.fault("lost_answer", "POST", "/api/v1/contacts")
    html = page.post(address, sent, headers=HTMX).content.decode()
    assert 'value="Newman"' in html
    KnownCard.objects.update(lease_expires_at="2020-01-01T00:00Z")
    page.post(address, sent, headers=HTMX)
    assert len(zoho.stand_in.records("eu", "acme", "contacts")) == before + 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("429_concurrency", "asks for a little patience"),
        ("429_credits", "asks for a little patience"),
        ("forbidden", "needs your administrator"),
        ("forbidden", "(FORBIDDEN, HTTP 403)"),
    ],
)
def test_what_zoho_cannot_do_now_is_said_in_plain_words_with_a_way_to_try_again(
    page: Client, contacts: CRMObject, arrive: Arrive, zoho: Zoho, fault: str, words: str
) -> None:
    zoho.stand_in.fault(fault, "GET", "/api/v1/contacts/search", count=9)
    response = page.get(part(arrive(customer_phone=AMELIE), contacts), headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 200
    assert words in html
    assert "Try again" in html


def test_a_method_that_was_disabled_is_the_administrators_affair(
    page: Client, contacts: CRMObject, arrive: Arrive
) -> None:
    assert contacts.crm.method
    contacts.crm.method.status = "disabled"
    contacts.crm.method.save()
    html = show(page, part(arrive(customer_phone=AMELIE), contacts))
    assert "needs your administrator" in html
    assert "Try again" in html


def test_a_record_id_of_letters_never_reaches_zoho(
    page: Client, contacts: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    asked = len(zoho.stand_in.journal())
    html = show(page, f"{part(arrive(), contacts)}objects/{contacts.pk}/cards/search/")
    assert "Amélie" not in html
    assert "notice" in html
    assert not [entry for entry in zoho.stand_in.journal()[asked:] if entry["path"].endswith("/search")]


def test_a_field_that_zoho_does_not_know_is_refused_in_words(page: Client, contacts: CRMObject, arrive: Arrive) -> None:
    CRMField.objects.create(object=contacts, name="Shoe size", api_name="shoeSize")
    address = edit_address(show(page, part(arrive(customer_phone=AMELIE), contacts)))
    html = page.post(address, {"shoeSize": "43", "was.shoeSize": ""}, headers=HTMX).content.decode()
    assert "Saved" not in html
    assert 'value="43"' in html
