"""The cards of a local CRM in the Maker, each action behind its own right."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from crm.models import CRMObject, LocalCard
from crm.stores.local import LocalStore
from integrations.types import Search
from users.models import User

LIST = "/maker/crm/localcard/"
CLAIRE = {"value_lastName": "Martin", "value_phone": "06 12 34 56 78", "value_email": "claire@example.com"}


@pytest.fixture
def browser(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def card(local, contacts):
    made = LocalStore(local).create(contacts, {"lastName": "Martin", "phone": "+33612345678"})
    return LocalCard.objects.get(pk=made.id)


def test_a_card_is_made_by_the_form_of_its_object_and_found_at_once(browser, local, contacts):
    assert browser.post(f"{LIST}add/?object={contacts.pk}", CLAIRE).status_code == 302
    card = LocalCard.objects.get()
    assert card.values == {"lastName": "Martin", "phone": "0612345678", "email": "claire@example.com"}
    assert LocalStore(local).find(contacts, Search(email="claire@example.com"))[0].id == str(card.pk)


def test_values_that_do_not_fit_are_refused_beside_their_field(browser, contacts):
    refused = browser.post(f"{LIST}add/?object={contacts.pk}", CLAIRE | {"value_email": "nobody", "value_lastName": ""})
    assert set(refused.context["adminform"].form.errors) == {"value_email", "value_lastName"}
    assert LocalCard.objects.count() == 0


def test_a_change_is_found_under_its_new_number(browser, local, contacts, card):
    page = browser.get(f"{LIST}{card.pk}/change/")
    assert page.context["adminform"].form["value_lastName"].value() == "Martin"
    browser.post(f"{LIST}{card.pk}/change/", CLAIRE | {"value_phone": "+33700000000"})
    store = LocalStore(local)
    assert store.find(contacts, Search(phone="+33612345678")) == []
    assert store.find(contacts, Search(phone="+33700000000"))[0].id == str(card.pk)


def test_a_field_that_was_deleted_since_does_not_stop_a_change(local, contacts, card):
    contacts.fields.filter(api_name="phone").delete()
    LocalStore(local).update(contacts, str(card.pk), {"lastName": "Durand"})
    card.refresh_from_db()
    assert card.values["lastName"] == "Durand"


def test_the_list_is_searched_by_whole_number_or_e_mail(browser, card):
    for query, found in (("q=%2B33+6+12+34+56+78", 1), ("q=claire%40example.com", 0), ("q=6", 0), ("", 1)):
        assert browser.get(f"{LIST}?{query}").context["cl"].result_count == found, query


def test_a_card_can_only_be_added_to_an_object_of_a_local_crm(browser, db):
    for query in ("", "?object=x", "?object=999"):
        assert browser.get(f"{LIST}add/{query}").headers["Location"] == "/maker/crm/crm/"


@pytest.mark.parametrize(
    ("right", "allowed"),
    [("view_crm", {"list"}), ("create_card", {"add"}), ("change_crm", {"change"}), ("delete_card", {"delete"})],
)
def test_each_right_opens_its_own_action(client, sid, vera, contacts, card, right, allowed):
    vera.role.permissions.set(Permission.objects.filter(codename__in={"view_crm", right}))
    client.force_login(User.objects.get(pk=vera.pk))
    answers = {
        "list": client.get(LIST),
        "add": client.post(f"{LIST}add/?object={contacts.pk}", CLAIRE),
        "change": client.post(f"{LIST}{card.pk}/change/", CLAIRE),
        "delete": client.post(f"{LIST}{card.pk}/delete/", {"post": "yes"}),
    }
    opened = {action for action, answer in answers.items() if answer.status_code in (200, 302)}
    assert opened == allowed | {"list"}


def test_a_stranger_sees_no_card(client, sid, card):
    client.force_login(sid)
    assert client.get(LIST).status_code in (302, 403)
    assert client.get(f"{LIST}{card.pk}/change/").status_code in (302, 403)


def test_a_card_of_a_vendor_is_never_added_here(browser, local):
    local.kind = "integration"
    local.save(update_fields=["kind"])
    target = CRMObject.objects.filter(crm=local).first()
    assert target is not None
    assert browser.get(f"{LIST}add/?object={target.pk}").status_code == 302


def opened(browser, card):
    """What the page of the card sends untouched: each value, and what it was when the page was opened."""
    form = browser.get(f"{LIST}{card.pk}/change/").context["adminform"].form
    return {name: form[name].value() or "" for name in form.fields} | {
        form[name].html_initial_name: form[name].value() or "" for name in form.fields
    }


def test_the_page_sends_what_each_value_was_when_it_was_opened(browser, card):
    html = browser.get(f"{LIST}{card.pk}/change/").content.decode()
    assert 'name="initial-value_lastName" value="Martin"' in html


def test_what_an_agent_changed_since_the_page_was_opened_stays(browser, local, contacts, card):
    sent = opened(browser, card)
    LocalStore(local).update(contacts, str(card.pk), {"email": "agent@example.com"})
    assert browser.post(f"{LIST}{card.pk}/change/", sent | {"value_lastName": "Durand"}).status_code == 302
    card.refresh_from_db()
    assert (card.values["lastName"], card.values["email"]) == ("Durand", "agent@example.com")


def test_a_value_that_an_agent_changed_since_is_replaced_only_when_it_is_saved_once_more(
    browser, local, contacts, card
):
    sent = opened(browser, card)
    LocalStore(local).update(contacts, str(card.pk), {"lastName": "Agent"})
    refused = browser.post(f"{LIST}{card.pk}/change/", sent | {"value_lastName": "Mine"})
    html = refused.content.decode()
    assert "Agent" in str(refused.context["adminform"].form.errors["value_lastName"])
    assert 'name="value_lastName" value="Mine"' in html
    card.refresh_from_db()
    assert card.values["lastName"] == "Agent"
    again = sent | {"value_lastName": "Mine", "initial-value_lastName": "Agent"}
    assert 'name="initial-value_lastName" value="Agent"' in html
    assert browser.post(f"{LIST}{card.pk}/change/", again).status_code == 302
    card.refresh_from_db()
    assert card.values["lastName"] == "Mine"
