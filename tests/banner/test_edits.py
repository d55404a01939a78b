"""Changes of a card: what somebody else changed meanwhile is asked about, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from crm.models import CRM, CRMField, CRMObject, FieldType, LocalCard
from tests.banner.conftest import Arrive
from tests.banner.steps import form_of, part, people, send, show
from tests.banner.test_attacks import ALICE, Target, target_in
from tests.banner.test_zoho import AMELIE
from tests.zoho import Zoho

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(shop: CRM, arrive: Arrive) -> Target:
    return target_in(shop, arrive())


def test_an_edit_of_a_value_that_changed_meanwhile_asks_first(page: Client, target: Target) -> None:
    path, sent = form_of(show(page, f"{target.page}edit/"))
    LocalCard.objects.update(values=ALICE | {"lastName": "Colleague", "firstName": "Changed"})
    html = send(page, path, **sent | {"lastName": "Mine"})
    assert "Not saved" in html
    assert "Colleague" in html
    assert 'value="Mine"' in html
    assert LocalCard.objects.get().values["lastName"] == "Colleague"
    path, again = form_of(html)
    assert again["firstName"] == "Changed", "what the agent did not touch is shown as it is now"
    assert "Saved in Shop." in send(page, path, **again)
    kept = LocalCard.objects.get().values
    assert (kept["lastName"], kept["firstName"]) == ("Mine", "Changed")


def test_an_emptied_field_that_a_colleague_filled_anew_asks_first(page: Client, target: Target) -> None:
    path, sent = form_of(show(page, f"{target.page}edit/"))
    LocalCard.objects.update(values=ALICE | {"email": "new@example.com"})
    assert "new@example.com" in send(page, path, **sent | {"email": ""})
    assert LocalCard.objects.get().values["email"] == "new@example.com"


def test_two_who_type_the_same_are_not_asked(page: Client, target: Target) -> None:
    path, sent = form_of(show(page, f"{target.page}edit/"))
    LocalCard.objects.update(values=ALICE | {"lastName": "Durand"})
    assert "Saved in Shop." in send(page, path, **sent | {"lastName": "Durand"})


def test_a_second_click_on_save_changes_nothing_and_tells_nothing_wrong(page: Client, target: Target) -> None:
    path, sent = form_of(show(page, f"{target.page}edit/"))
    for _ in range(2):
        assert "Saved in Shop." in send(page, path, **sent | {"lastName": "Durand"})


def test_saved_is_not_said_where_nothing_was_changed(page: Client, target: Target) -> None:
    path, sent = form_of(show(page, f"{target.page}edit/"))
    html = send(page, path, **sent)
    assert "Saved in" not in html
    assert "Nothing was changed" in html
    assert "Alice Martin" in html


def test_lines_that_were_not_touched_are_not_sent_back(page: Client, target: Target) -> None:
    """A browser sends the end of a line as two characters: that is no change, and a colleague's stays."""
    CRMField.objects.create(object=target.object, name="Notes", api_name="notes", type=FieldType.LONG_TEXT)
    LocalCard.objects.update(values=ALICE | {"notes": "one\ntwo"})
    path, sent = form_of(show(page, f"{target.page}edit/"))
    LocalCard.objects.update(values=ALICE | {"notes": "one\ntwo\nthree"})
    html = send(page, path, **sent | {"lastName": "Durand", "notes": "one\r\ntwo", "was.notes": "one\r\ntwo"})
    assert "Saved in Shop." in html
    assert LocalCard.objects.get().values["notes"] == "one\ntwo\nthree"


def test_a_text_that_is_too_long_comes_back_whole_beside_what_is_wrong_with_it(page: Client, target: Target) -> None:
    text = "word " * 600
    html = send(page, f"{target.page}edit/", lastName=text, was_lastName="Martin")
    assert "at most 2500 characters" in html
    assert f'value="{text}"' in html
    field = re.search(r'name="lastName"[^>]*maxlength="(\d+)"', html)
    assert field
    assert int(field.group(1)) > len(text), "a browser would cut what is pasted"


# Zoho answers late, otherwise, or not at all


def test_an_edit_without_an_answer_can_be_sent_again(page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho) -> None:
    html = show(page, part(arrive(customer_phone=AMELIE), desk.crm))
    address = re.search(r'"([^"]*/edit/)"', html)
    assert address
    path, sent = form_of(show(page, address.group(1)))
    zoho.stand_in.fault("lost_answer", "PATCH", "/api/v1/contacts/*")
    html = send(page, path, **sent | {"firstName": "Anne"})
    assert "Nobody knows whether this was saved" in html
    path, again = form_of(html)
    assert again["firstName"] == "Anne"
    assert "Saved in Acme Desk." in send(page, path, **again)
    assert people(zoho, lastName="Poulain")[0]["firstName"] == "Anne"
