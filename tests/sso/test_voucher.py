"""Who connected the portal decides for whom it may vouch."""

from __future__ import annotations

from typing import Any

import pytest

from fakezoho.identities import Person as ZohoPerson
from sso.models import Association, SignInRefusal, SSOConnector
from tests.sso.conftest import Person, rename
from tests.zoho import Zoho
from users.models import User


@pytest.fixture
def mallory(zoho: Zoho, omar: User) -> ZohoPerson:
    """Omar's own portal has connected the method, and lists him under any e-mail that he likes: here Ada's."""
    SSOConnector.objects.create(name="Zoho", reference="zoho", method=zoho.method("globex", by=omar))
    return pose(zoho, "hank@globex.example", "ada@acme.example")


def pose(zoho: Zoho, whose: str, email: str) -> ZohoPerson:
    """Give an account of Globex, and its agent in the portal, an e-mail that nobody verified."""
    world: Any = zoho.stand_in.world
    for centre in world.centres.values():  # so that nobody else answers to it in the stand-in
        for other in list(centre.people.values()):
            if other.email == email:
                rename(zoho, other, f"former-{email}")
    person: ZohoPerson = world.person(whose)
    rename(zoho, person, email)
    for portal in world.centres[person.dc].portals.values():
        for agent in portal.modules["agents"].records.values():
            if str(agent.get("zuid")) == person.zuid:
                agent["emailId"] = email
    return person


def invite(user: User) -> User:
    Association.objects.create(user=user, connector=SSOConnector.objects.get())
    return user


def test_a_portal_that_an_operator_connected_does_not_vouch_for_a_superuser(
    zoho: Zoho, mallory: ZohoPerson, ada: User
) -> None:
    invite(ada)
    person = Person(zoho, "ada@acme.example")
    assert person.sign_in().status_code == 403
    assert person.user == ""
    assert "fewer rights" in SignInRefusal.objects.get().reason


def test_a_portal_vouches_for_nobody_when_it_is_not_known_who_connected_it(
    zoho: Zoho, mallory: ZohoPerson, omar: User
) -> None:
    user = invite(User.objects.create_user("ada@acme.example"))
    omar.delete()
    person = Person(zoho, user.username)
    assert person.sign_in().status_code == 403
    assert "is gone" in SignInRefusal.objects.get().reason


def test_a_portal_that_an_operator_connected_vouches_for_an_agent(zoho: Zoho, mallory: ZohoPerson) -> None:
    user = invite(User.objects.create_user("ada@acme.example"))
    person = Person(zoho, user.username)
    assert person.sign_in().status_code == 302
    assert person.user == str(user.pk)
