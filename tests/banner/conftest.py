"""An agent at work: his profile, a CRM of his, and interactions that reach him."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from crm.models import CRM, CRMField, CRMObject, FieldType, Kind, ProfileAccess
from crm.recommended import add_recommended, recommended_assignment
from interactions.models import Interaction
from tests.zoho import Zoho, departments
from users.models import Profile, User

Arrive = Callable[..., Interaction]


@pytest.fixture
def sales(db: None) -> Profile:
    return Profile.objects.create(name="Sales", description="Customers of the shop")


@pytest.fixture
def support(db: None) -> Profile:
    return Profile.objects.create(name="Support")


@pytest.fixture
def agent(sid: User, sales: Profile) -> User:
    """Sid, now with a profile to work with."""
    sid.profiles.add(sales)
    return sid


@pytest.fixture
def colleague(db: None, sales: Profile) -> User:
    user = User.objects.create_user("cleo@acme.example", name="Cleo")
    user.profiles.add(sales)
    return user


@pytest.fixture
def page(client: Client, agent: User) -> Client:
    """The agent's browser, signed in."""
    client.force_login(agent)
    return client


def local_crm(name: str, *profiles: Profile) -> CRM:
    crm = CRM.objects.create(name=name, reference=name.lower().replace(" ", "-"), kind=Kind.LOCAL, integration="")
    contacts = CRMObject.objects.create(crm=crm, name="Contacts", api_name="contacts")
    fields: list[tuple[str, str, str, dict[str, Any]]] = [
        ("First Name", "firstName", FieldType.SHORT_TEXT, {"in_list": True}),
        ("Last Name", "lastName", FieldType.SHORT_TEXT, {"in_list": True, "required": True}),
        ("Phone", "phone", FieldType.PHONE, {"searchable": True, "template": "{{interaction.customer_phone}}"}),
        ("Email", "email", FieldType.EMAIL, {"searchable": True, "template": "{{interaction.customer_email}}"}),
    ]
    for position, (label, api_name, type_, options) in enumerate(fields):
        CRMField.objects.create(
            object=contacts, name=label, api_name=api_name, type=type_, position=position, **options
        )
    for profile in profiles:
        ProfileAccess.objects.create(profile=profile, crm=crm)
    return crm


@pytest.fixture
def shop(sales: Profile) -> CRM:
    """A CRM whose cards are kept here, granted to Sales."""
    return local_crm("Shop", sales)


@pytest.fixture
def contacts(zoho: Zoho, ada: User, sales: Profile) -> CRMObject:
    """The contacts of the portal acme, granted to Sales."""
    crm = CRM.objects.create(name="Acme Desk", reference="acme", method=zoho.method(by=ada))
    add_recommended(crm)
    ProfileAccess.objects.create(profile=sales, crm=crm)
    return crm.crm_objects.get(is_card=True)


@pytest.fixture
def desk(contacts: CRMObject) -> CRMObject:
    """The same contacts, and a rule that writes every call."""
    crm = contacts.crm
    assert crm.method
    crm.department_id = departments(crm.method)[0].value
    crm.save()
    recommended_assignment(crm.crm_objects.get(is_card=False))
    return contacts


@pytest.fixture
def arrive(agent: User) -> Arrive:
    """An interaction reaches the agent (or whoever `agent=` names)."""

    def interaction(reference: str = "call-1", **facts: object) -> Interaction:
        known = {
            "source": "pbx",
            "reference": reference,
            "flow": "voice",
            "direction": "inbound",
            "status": "in_progress",
            "customer_phone": "+33612345678",
            "customer_name": "Alice Martin",
            "agent": agent,
            "started_at": datetime.now(UTC) - timedelta(seconds=20),
        }
        return Interaction.objects.create(**(known | facts))

    return interaction


def sign_in(context: BrowserContext, user: User, address: str) -> None:
    """What signing in again in another tab does: a new session, and a new token against forged forms."""
    signed_in = Client()
    signed_in.force_login(user)
    value = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])


QUICKLY = "const later = setTimeout; window.setTimeout = (what, ms) => later(what, ms === 2000 ? 200 : ms);"
"""A page asks for news every two seconds: tests need not wait so long."""


def new_tab(context: BrowserContext) -> Page:
    context.add_init_script(QUICKLY)
    return context.new_page()


@pytest.fixture
def window(browser: Browser, live_server: LiveServer, agent: User, shop: CRM) -> Iterator[BrowserContext]:
    """The agent's browser, signed in."""
    context = browser.new_context(base_url=live_server.url)
    sign_in(context, agent, live_server.url)
    yield context
    context.close()


@pytest.fixture
def rough_tab(window: BrowserContext) -> Page:
    """The agent's page, where requests may fail."""
    page = new_tab(window)
    page.goto("/banner/")
    return page


@pytest.fixture
def tab(window: BrowserContext) -> Iterator[Page]:
    """The agent's page, watched for anything that its policy or its scripts complain of."""
    page = new_tab(window)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/banner/")
    yield page
    assert problems == []
