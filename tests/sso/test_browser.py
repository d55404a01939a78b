"""The sign-in as a person sees it: a real browser, the login URL, Zoho's own pages, and back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from sso.models import Association, PinnedIdentity, SSOConnector
from tests.zoho import Zoho
from users.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def login_url(zoho: Zoho, ada: User, live_server: LiveServer, settings: Any) -> str:
    """What the cogwheel copies, on a server that Zoho leads back to."""
    settings.PUBLIC_URL = live_server.url
    connector = SSOConnector.objects.create(name="Zoho", reference="zoho", method=zoho.method("acme", by=ada))
    grace = User.objects.create_user("grace@acme.example", name="Grace")
    Association.objects.create(user=grace, connector=connector)
    return connector.login_url()


def test_a_person_signs_in_with_zoho(browser: Browser, login_url: str, live_server: LiveServer) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(login_url)
        page.get_by_role("button", name="Grace Hopper").click()
        page.get_by_role("button", name="Accept").click()
        page.wait_for_url(f"{live_server.url}/**")
        assert "/api/" not in page.url
        assert PinnedIdentity.objects.get().user.username == "grace@acme.example"


def test_a_person_whom_nobody_knows_reads_what_to_do(browser: Browser, login_url: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(login_url)
        page.get_by_role("button", name="Mallory").click()
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_role("heading", name="You could not be signed in")).to_be_visible()
        expect(page.get_by_text("tell your administrator")).to_be_visible()


def test_a_person_who_rejects_the_consent_reads_the_same(browser: Browser, login_url: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(login_url)
        page.get_by_role("button", name="Grace Hopper").click()
        page.get_by_role("button", name="Reject").click()
        expect(page.get_by_role("heading", name="You could not be signed in")).to_be_visible()
