"""A session that Zoho opened lives only as long as its user would still be let in, and never revives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from authmethods.models import AuthenticationMethod, Status
from sso.models import Association, PinnedIdentity, SSOConnector
from tests.sso.conftest import Person
from tests.sso.test_admin import card
from tests.zoho import Zoho
from users.models import Profile, User

pytestmark = pytest.mark.django_db
USERS, CONNECTORS = "/maker/users/user/", "/maker/sso/ssoconnector/"
METHODS = "/maker/authmethods/authenticationmethod/"


@dataclass
class World:
    """Grace, who came in through Zoho, and Ada in the Maker, who takes something away and gives it back."""

    zoho: Zoho
    maker: Client
    ada: User
    grace: User
    connector: SSOConnector
    other: SSOConnector
    other_method: AuthenticationMethod
    agent: Person
    asleep: Person
    """Another browser of hers, which asks nothing until all is over."""

    def post(self, path: str, data: dict[str, str] | None = None) -> None:
        answer = self.maker.post(path, data or {})
        assert answer.status_code == 302, answer.content.decode()

    def save_card(self, connector: SSOConnector | None, **changes: str) -> None:
        self.post(f"{USERS}{self.grace.pk}/change/", card(self.grace, connector, **changes))

    def save_connector(self, method: AuthenticationMethod, name: str = "Zoho") -> None:
        form = {"name": name, "reference": "zoho", "type": "oauth2", "method": str(method.pk)}
        self.post(f"{CONNECTORS}{self.connector.pk}/change/", form)

    def reconnect(self) -> None:
        self.zoho.connect(self.connector.method, by=self.ada)


@pytest.fixture
def world(zoho: Zoho, ada: User, grace: User, connector: SSOConnector) -> World:
    grace.profiles.add(Profile.objects.create(name="Sales"))
    maker, agent, asleep = Client(), Person(zoho, "grace@acme.example"), Person(zoho, "grace@acme.example")
    maker.force_login(ada)
    agent.sign_in()
    asleep.sign_in()
    other_method = zoho.disabled_method(name="Another")
    AuthenticationMethod.objects.filter(pk=other_method.pk).update(status=Status.ENABLED)
    other = SSOConnector.objects.create(name="Other", reference="other", method=other_method)
    return World(zoho, maker, ada, grace, connector, other, other_method, agent, asleep)


def is_in(browser: Client) -> bool:
    """Whether pages and their parts open; both must say the same."""
    page, part = browser.get("/banner/"), browser.get("/banner/live/", headers={"HX-Request": "true"})
    opened = page.status_code == 200
    assert (part.status_code == 200 and not part.has_header("HX-Redirect")) == opened
    if not opened:
        assert browser.get(page["Location"]).status_code == 200  # the page of signing in, and no way round
    return opened


def unpin(world: World) -> None:
    world.post(f"{USERS}{world.grace.pk}/unpin/")


def deactivate(world: World) -> None:
    form = card(world.grace, world.connector)
    del form["is_active"]
    world.post(f"{USERS}{world.grace.pk}/change/", form)


def delete(world: World) -> None:
    world.post(f"{USERS}{world.grace.pk}/delete/", {"post": "yes"})


def sign_in_elsewhere(world: World) -> None:
    elsewhere = Person(world.zoho, "grace@acme.example")
    elsewhere.sign_in()
    assert is_in(elsewhere.browser)


def nothing(world: World) -> None:
    """What was taken cannot be given back."""


def disable(world: World) -> None:
    world.post(f"{METHODS}{world.connector.method_id}/disable/")


def of_her_card(which: str, **changes: str) -> Callable[[World], None]:
    return lambda world: world.save_card(getattr(world, which) if which else None, **changes)


def of_the_connector(which: str, **changes: str) -> Callable[[World], None]:
    def save(world: World) -> None:
        own = AuthenticationMethod.objects.get(name="Zoho Desk")
        world.save_connector(own if which == "own" else world.other_method, **changes)

    return save


ENDS = {
    "the identity is unpinned": (unpin, sign_in_elsewhere),
    "the connector is taken from her card": (of_her_card(""), of_her_card("connector")),
    "her card names another connector": (of_her_card("other"), of_her_card("connector")),
    "the connector gets another method": (of_the_connector("another"), of_the_connector("own")),
    "the method is disabled": (disable, World.reconnect),
    "she is deactivated": (deactivate, of_her_card("connector")),
    "she gets a password": (of_her_card("connector", new_password="a long enough phrase"), nothing),
    "she is deleted": (delete, nothing),
}


@pytest.mark.parametrize(("taken", "given_back"), ENDS.values(), ids=ENDS)
def test_a_session_of_zoho_ends_at_once_and_for_ever_when(
    world: World, taken: Callable[[World], None], given_back: Callable[[World], None]
) -> None:
    assert is_in(world.agent.browser)
    taken(world)
    assert not is_in(world.agent.browser)
    given_back(world)
    assert not is_in(world.asleep.browser)
    assert not is_in(world.agent.browser)


def mark_as_refused(world: World) -> None:
    AuthenticationMethod.objects.filter(pk=world.connector.method_id).update(status=Status.NEEDS_RECONNECTION)


STAYS = {
    "the method needs reconnection": mark_as_refused,
    "the method is reconnected": World.reconnect,
    "the connector is renamed": of_the_connector("own", name="Zoho of Acme"),
    "her card is saved as it was": of_her_card("connector"),
    "her username changes": of_her_card("connector", username="grace.hopper@acme.example"),
    "somebody else's connector is taken away": lambda world: Association.objects.exclude(user=world.grace).delete(),
}


@pytest.mark.parametrize("changed", STAYS.values(), ids=STAYS)
def test_a_session_of_zoho_goes_on_when(world: World, changed: Callable[[World], None]) -> None:
    changed(world)
    assert is_in(world.agent.browser)


@pytest.mark.parametrize("taken", [unpin, of_her_card(""), of_her_card("other"), deactivate, disable])
def test_what_is_taken_while_somebody_signs_in_lets_nobody_in(world: World, taken: Callable[[World], None]) -> None:
    """Between the decision about a person and the session that follows from it."""
    late = Person(world.zoho, "grace@acme.example")
    back = late.accept(late.leave())
    began: list[str] = []

    def meanwhile(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if "sso_association" in sql and not began:
            began.append(sql)
            taken(world)
        return result

    with connection.execute_wrapper(meanwhile):
        answer = late.arrive(back)
    assert began
    assert answer.status_code in (302, 403)
    assert not is_in(late.browser)


def test_a_password_of_hers_opens_a_session_that_needs_no_connector(world: World) -> None:
    browser = Client()
    browser.force_login(User.objects.get(pk=world.grace.pk))
    world.save_card(None)
    assert is_in(browser)


def test_who_came_through_zoho_may_change_the_own_password_and_stay(zoho: Zoho, ada: User, world: World) -> None:
    Association.objects.create(user=ada, connector=world.connector)
    PinnedIdentity.objects.create(user=ada, integration="zoho_desk", location="eu", subject=_zuid(zoho))
    herself = Person(zoho, "ada@acme.example")
    herself.sign_in()
    assert herself.browser.get("/maker/").status_code == 200
    form = card(ada, world.connector, new_password="a long enough phrase")
    assert herself.browser.post(f"{USERS}{ada.pk}/change/", form).status_code == 302
    assert herself.browser.get("/maker/").status_code == 200
    assert world.maker.get("/maker/").status_code == 302


def _zuid(zoho: Zoho) -> str:
    people = zoho.stand_in.world.centres["eu"].people.values()
    return next(person.zuid for person in people if person.email == "ada@acme.example")
