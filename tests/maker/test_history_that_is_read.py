"""Parts of a row (fields of an object, the connector of a user) have no page: the row's own history tells of them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from interactions.models import Delivery, Interaction
from maker import history
from sso.models import SSOConnector
from tests.interactions.source import CALL
from tests.maker.forms import send
from tests.maker.watched import a_method, a_rule, an_object
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(ada):
    browser = Client()
    browser.force_login(ada)
    return browser


def test_the_history_of_an_object_tells_what_became_of_its_fields(maker):
    target = an_object()
    name, row = target.fields.get().name, f"/maker/crm/crmobject/{target.pk}/"
    send(maker, f"{row}change/", **{"fields-0-name": "Surname"})
    changed = maker.get(f"{row}history/").content.decode()
    assert f"<del>{name}</del>" in changed
    assert "Field: Surname" in changed
    send(maker, f"{row}change/", **{"fields-0-DELETE": "on"})
    after = maker.get(f"{row}history/").content.decode()
    assert "<strong>Deleted</strong> by Ada" in after
    assert "<del>Surname</del>" in after


def test_the_history_of_a_user_tells_through_which_connector_they_could_sign_in(maker):
    grace = User.objects.create_user("grace@acme.example")
    other = User.objects.create_user("other@acme.example")
    connector = SSOConnector.objects.create(name="Zoho of Acme", reference="zoho", method=a_method())
    row = f"/maker/users/user/{grace.pk}/"
    send(maker, f"{row}change/", **{"association-0-connector": connector.pk})
    assert "Zoho of Acme" in maker.get(f"{row}history/").content.decode()
    send(maker, f"{row}change/", **{"association-0-connector": ""})
    assert maker.get(f"{row}history/").content.decode().count("SSO connector of a user: Zoho of Acme") == 2
    assert "Zoho of Acme" not in maker.get(f"/maker/users/user/{other.pk}/history/").content.decode()


def test_who_may_not_see_deliveries_reads_nothing_of_them_in_the_history_of_a_call(client, vera):
    call = Interaction.objects.create(source="pbx", **CALL)
    rule = a_rule()
    delivery = Delivery.objects.create(interaction=call, assignment=rule, marker="DL-1")
    history.note(delivery, "reason", "", "discarded at last")
    client.force_login(vera)
    page = f"/maker/interactions/interaction/{call.pk}/history/"
    assert "discarded at last" in client.get(page).content.decode()
    vera.role.permissions.remove(Permission.objects.get(codename="view_delivery"))
    told = client.get(page)
    assert told.status_code == 200
    assert "discarded at last" not in told.content.decode()
