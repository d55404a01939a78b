"""A Zoho that answers with more, or with other characters, than any page can bear."""

from __future__ import annotations

import json
import re
import time

import pytest
from django.test import Client

from crm.models import CRM, CRMObject, ProfileAccess
from crm.preset import add_recommended
from tests.banner.conftest import Arrive
from tests.banner.test_zoho import part, show
from tests.zoho import Zoho
from users.models import Profile, User

CALLER = "+33142234140"


@pytest.fixture
def cards(zoho: Zoho, ada: User, sales: Profile) -> CRMObject:
    """The contacts of a portal, granted to Sales."""
    crm = CRM.objects.create(name="Acme Desk", reference="acme", method=zoho.method(by=ada))
    add_recommended(crm)
    ProfileAccess.objects.create(profile=sales, crm=crm)
    return crm.crm_objects.get(is_card=True)


def answers(zoho: Zoho, path: str, *rows: dict[str, object]) -> None:
    body = rows[0] if path[-1].isdecimal() else {"data": rows}
    zoho.stand_in.fault("answer", "GET", f"/api/v1{path}", count=-1, status=200, body=json.dumps(body))


def twin(number: int, **values: object) -> dict[str, object]:
    """A contact with the caller's number."""
    return {"id": str(10**15 + number), "lastName": f"Twin {number}", "phone": CALLER, **values}


def test_3000_cards_in_one_answer_neither_hold_up_the_page_nor_fill_it(
    page: Client,
    cards: CRMObject,
    arrive: Arrive,
    zoho: Zoho,
) -> None:
    answers(zoho, "/contacts/search", *(twin(number, mobile="+44 20 7946 0958") for number in range(3000)))
    address = part(arrive(customer_phone=CALLER), cards)
    began = time.process_time()
    html = show(page, address)
    assert time.process_time() - began < 3
    assert len(re.findall(r'class="title"', html)) == 20
    assert "The first 20 are shown" in html


def test_half_a_character_in_an_answer_is_shown_as_one_that_is_missing(
    page: Client,
    cards: CRMObject,
    arrive: Arrive,
    zoho: Zoho,
) -> None:
    whole = twin(1, lastName="Dur\ud800and", webUrl="https://desk.zoho.eu/\ud800", cf={"cf_\ud800": ["\udfff"]})
    answers(zoho, "/contacts/search", whole)
    answers(zoho, f"/contacts/{whole['id']}", whole)
    call = arrive(customer_phone=CALLER)
    assert "Dur\ufffdand" in show(page, part(call, cards))
    assert "Dur\ufffdand" in show(page, f"{part(call, cards)}objects/{cards.pk}/cards/{whole['id']}/")


def test_a_name_of_a_megabyte_is_cut_where_cards_are_listed(
    page: Client,
    cards: CRMObject,
    arrive: Arrive,
    zoho: Zoho,
) -> None:
    answers(zoho, "/contacts/search", *(twin(number, lastName="x" * 400_000, email="y" * 90_000) for number in (1, 2)))
    html = show(page, part(arrive(customer_phone=CALLER), cards))
    assert "2 cards match" in html
    assert len(html) < 20_000
