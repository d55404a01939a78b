"""A vendor with next to no capabilities goes the whole way: what it lacks is not offered, and nothing else changes."""

from __future__ import annotations

import pytest

from authmethods import status, tokens
from authmethods.models import AuthenticationMethod, Status
from crm.models import CRM, Assignment
from integrations import registry
from integrations.errors import Misconfigured
from interactions.models import Delivery, DeliveryState
from tests.integrations import toy
from tests.interactions.steps import PHONE, pass_time, post, settle, work
from tests.maker.forms import filled

pytestmark = pytest.mark.django_db(transaction=True)
METHODS, CRMS = "/maker/authmethods/authenticationmethod/", "/maker/crm/crm/"
PEOPLE = {"name": ("short_text", "{{interaction.customer_name}}"), "phone": ("phone", "{{interaction.customer_phone}}")}
NOTES = {"person": ("short_text", "{{card.id}}"), "text": ("short_text", "{{interaction.reference}}")}


@pytest.fixture
def shelf(monkeypatch):
    vendor = toy.Toy()
    monkeypatch.setitem(registry.INTEGRATIONS, "toy", ("Toy", "tests.integrations.toy.Toy"))
    registry.get.cache_clear()
    monkeypatch.setattr(toy, "Toy", lambda: vendor)
    yield vendor.shelf
    registry.get.cache_clear()


@pytest.fixture
def method(shelf, maker):
    """Made and enabled in the Maker."""
    typed = {"name": "Toy", "integration": "toy", "environment_url": "attic", "client_id": "", "client_secret": toy.KEY}
    assert maker.post(f"{METHODS}add/", typed).status_code == 302
    method = AuthenticationMethod.objects.get()
    dialog = f"{METHODS}{method.pk}/enable-by-key/"
    assert dialog in maker.get(METHODS).content.decode()
    maker.post(dialog)
    method.refresh_from_db()
    return method


@pytest.fixture
def crm(method, maker):
    """Made in the Maker, with its objects, their fields and a rule."""
    typed = {"name": "Toy", "reference": "toy", "kind": "integration", "integration": "toy", "method": method.pk}
    assert maker.post(f"{CRMS}add/", typed | {"on_none": "create", "on_several": "agent"}).status_code == 302
    crm = CRM.objects.get()
    page = f"{CRMS}{crm.pk}/change/"
    objects: dict[str, object] = {"crm_objects-TOTAL_FORMS": 2}
    for number, name in enumerate(("people", "notes")):
        row = f"crm_objects-{number}-"
        objects |= {f"{row}name": name, f"{row}api_name": name, f"{row}priority": number, f"{row}crm": crm.pk}
    assert maker.post(page, filled(maker, page) | objects | {"crm_objects-0-is_card": "on"}).status_code == 302
    for target, fields in zip(crm.crm_objects.order_by("priority"), (PEOPLE, NOTES), strict=True):
        _add_fields(maker, target, fields)
    notes = crm.crm_objects.get(api_name="notes")
    lines = {f"value_{name}": template for name, (_, template) in NOTES.items()}
    rule = f"/maker/crm/assignment/add/?target={notes.pk}"
    assert maker.post(rule, {"name": "All", "is_active": "on"} | lines).status_code == 302
    return crm


def _add_fields(maker, target, fields):
    page = f"/maker/crm/crmobject/{target.pk}/change/"
    rows: dict[str, object] = {"fields-TOTAL_FORMS": len(fields)}
    for number, (name, (kind, template)) in enumerate(fields.items()):
        row = f"fields-{number}-"
        rows |= {f"{row}name": name, f"{row}api_name": name, f"{row}type": kind, f"{row}template": template}
        rows |= {f"{row}position": number, f"{row}object": target.pk}
    assert maker.post(page, filled(maker, page) | rows).status_code == 302


def test_a_vendor_without_consents_is_connected_by_its_key(method, maker):
    assert (method.status, method.mode, method.organisation_id) == (Status.ENABLED, "key", "attic")
    listed = maker.get(METHODS).content.decode()
    assert f"{method.pk}/reconnect/" not in listed
    assert toy.KEY not in listed + maker.get(f"{METHODS}{method.pk}/change/").content.decode()
    tested = maker.post(f"{METHODS}{method.pk}/test/").content.decode()
    assert "An access token is there" in tested
    for lacking in ("Organisation", "Granted rights", "Reading from the portal", "Visible fields"):
        assert lacking not in tested


def test_a_client_is_demanded_only_where_there_are_consents(shelf, maker):
    typed = {"name": "Zoho", "integration": "zoho_desk", "environment_url": "", "client_secret": "s", "client_id": ""}
    assert "client_id" in maker.post(f"{METHODS}add/", typed).context["adminform"].form.errors
    wrong = maker.post(f"{METHODS}add/", typed | {"integration": "toy", "environment_url": "two words"})
    assert wrong.context["adminform"].form.errors == {"environment_url": ["A shelf is one word."]}
    assert wrong.context["adminform"].form.fields["environment_url"].label == "Toy shelf"


def test_a_consent_cannot_be_begun_where_there_is_none(method, maker):
    asked = maker.post(f"{METHODS}{method.pk}/reconnect/", {"kind": "production"})
    assert "asks for no consent" in asked.content.decode()


def test_what_the_vendor_lacks_is_not_offered(crm, maker):
    page = maker.get(f"{CRMS}{crm.pk}/change/")
    assert "department_id" not in page.context["adminform"].form.fields
    assert "recommended" not in maker.get(CRMS).content.decode()
    assert "There is no recommendation" in maker.post(f"{CRMS}{crm.pk}/recommended/").content.decode()
    connector = maker.get("/maker/sso/ssoconnector/add/").context["adminform"].form
    assert not connector.fields["method"].queryset.exists()
    assert maker.get("/maker/setup/toy/").status_code == 404


def test_a_check_compares_what_can_be_compared(crm, maker):
    check = f"{CRMS}{crm.pk}/check/"
    assert maker.get(check).context["mismatches"] == []
    Assignment.objects.get().values.filter(field__api_name="person").update(template="")
    assert [one.field for one in maker.get(check).context["mismatches"]] == ["person"]


def test_an_interaction_is_written_once_on_a_card_that_is_made_for_its_customer(crm, shelf):
    post("r1")
    work()
    post("r2")
    work()
    [(person, values)] = shelf.records["people"].items()
    assert values == {"name": "Marie Curie", "phone": PHONE}
    assert [dict(note) for note in shelf.records["notes"].values()] == [
        {"person": person, "text": "r1"},
        {"person": person, "text": "r2"},
    ]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


def test_a_lost_answer_is_left_to_a_person_who_has_looked(crm, shelf, maker, only):
    """Nothing can be looked up, so nothing is written a second time by itself, or by replaying the selected ones."""
    shelf.loses_answers = 1
    post()
    work()
    pass_time(60)
    work()
    assert (only().state, len(shelf.records["notes"])) == (DeliveryState.DEAD, 1)
    assert "See there whether it was written" in only().reason
    deliveries = "/maker/interactions/delivery/"
    maker.post(deliveries, {"action": "replay_selected", "_selected_action": [only().pk]})
    pass_time(60)
    work()
    assert (only().state, len(shelf.records["notes"])) == (DeliveryState.DEAD, 1)
    shelf.records["notes"].clear()  # it was not there after all
    dialog = f"{deliveries}{only().pk}/replay/"
    assert "Replay only if it is not" in maker.get(dialog).content.decode()
    maker.post(dialog)
    work()
    assert (only().state, len(shelf.records["notes"])) == (DeliveryState.DELIVERED, 1)


def test_where_a_create_may_be_repeated_a_lost_answer_is_no_matter(crm, shelf, only):
    shelf.once_only = True
    shelf.loses_answers = 1
    post()
    work()
    shelf.records["notes"].clear()  # the vendor itself writes it once: the repeat takes the place of the first
    pass_time(60)
    work()
    assert (only().state, len(shelf.records["notes"])) == (DeliveryState.DELIVERED, 1)


def test_where_no_answer_ever_comes_repeating_ends_as_looking_does(crm, shelf, only):
    shelf.once_only = True
    shelf.loses_answers = 1_000
    post()
    settle(rounds=40, step=90_000)
    assert (only().state, only().reason_code) == (DeliveryState.DEAD, "delivery.sent_many_times")


def test_a_key_that_is_refused_stops_the_method_until_a_new_one_is_entered(crm, method, shelf, maker, only):
    shelf.key = "another"
    post()
    work()
    method.refresh_from_db()
    assert (method.status, only().state) == (Status.NEEDS_RECONNECTION, DeliveryState.HELD)
    assert "Enter a new one" in method.status_reason
    page = f"{METHODS}{method.pk}/change/"
    maker.post(page, filled(maker, page) | {"client_secret": "another"})
    maker.post(f"{METHODS}{method.pk}/enable-by-key/")
    pass_time(60)
    work()
    assert only().state == DeliveryState.DELIVERED


@pytest.mark.parametrize("stop", [AuthenticationMethod.delete, status.disable])
def test_a_method_that_is_stopped_meanwhile_gives_its_key_to_nobody(method, stop):
    connection = tokens.connect(method)
    stop(method)
    with pytest.raises(Misconfigured):
        connection.token()
    with pytest.raises(Misconfigured):
        connection.renew(toy.KEY)
