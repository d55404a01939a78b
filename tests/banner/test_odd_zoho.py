"""A Zoho that answers with more, or with other characters, than any page can bear."""

from __future__ import annotations

import json
import re

from django.test import Client

from crm.models import CRMObject
from tests.banner.conftest import Arrive
from tests.banner.test_zoho import AMELIE, part, show
from tests.cpu import within
from tests.zoho import Zoho


def answers(zoho: Zoho, path: str, *rows: dict[str, object]) -> None:
    body = rows[0] if path[-1].isdecimal() else {"data": rows}
    zoho.stand_in.fault("answer", "GET", f"/api/v1{path}", count=-1, status=200, body=json.dumps(body))


def twin(number: int, **values: object) -> dict[str, object]:
    """A contact with the caller's number."""
    return {"id": str(10**15 + number), "lastName": f"Twin {number}", "phone": AMELIE, **values}


def test_3000_cards_in_one_answer_neither_hold_up_the_page_nor_fill_it(
    page: Client,
    contacts: CRMObject,
    arrive: Arrive,
    zoho: Zoho,
) -> None:
    answers(zoho, "/contacts/search", *(twin(number, mobile="+44 20 7946 0958") for number in range(3000)))
    address = part(arrive(customer_phone=AMELIE), contacts)
    html = within(1, lambda: show(page, address))
    assert len(re.findall(r'class="title"', html)) == 20
    assert "The first 20 are shown" in html


def test_half_a_character_in_an_answer_is_shown_as_one_that_is_missing(
    page: Client,
    contacts: CRMObject,
    arrive: Arrive,
    zoho: Zoho,
) -> None:
    whole = twin(1, lastName="Dur\ud800and", webUrl="https://desk.zoho.eu/\ud800", cf={"cf_\ud800": ["\udfff"]})
    answers(zoho, "/contacts/search", whole)
    answers(zoho, f"/contacts/{whole['id']}", whole)
    call = arrive(customer_phone=AMELIE)
    assert "Dur\ufffdand" in show(page, part(call, contacts))
    assert "Dur\ufffdand" in show(page, f"{part(call, contacts)}objects/{contacts.pk}/cards/{whole['id']}/")


def test_a_name_of_a_megabyte_is_cut_where_cards_are_listed(
    page: Client,
    contacts: CRMObject,
    arrive: Arrive,
    zoho: Zoho,
) -> None:
    answers(zoho, "/contacts/search", *(twin(number, lastName="x" * 400_000, email="y" * 90_000) for number in (1, 2)))
    html = show(page, part(arrive(customer_phone=AMELIE), contacts))
    assert "2 cards match" in html
    assert len(html) < 20_000
