"""Whatever goes wrong, a person reads what it means and what to do next, never a bare sentence of the framework."""

from __future__ import annotations

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.urls import path

from config.urls import urlpatterns as ours


def fails(request):
    raise RuntimeError("a secret that the page must not show")


def suspects(request):
    raise SuspiciousOperation("a secret that the page must not show")


urlpatterns = [*ours, path("fails/", fails), path("suspects/", suspects)]


@pytest.fixture
def broken(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def page_of(response, status):
    text = response.content.decode()
    assert response.status_code == status
    assert 'class="sheet"' in text
    assert "secret" not in text
    return text


@pytest.mark.parametrize("address", ["/nothing", "/maker/nothing/"])
def test_an_unknown_address_leads_back_to_the_start(client, ada, address):
    client.force_login(ada)
    text = page_of(client.get(address), 404)
    assert "There is no such page" in text
    assert 'href="/"' in text


def test_a_missing_right_names_whom_to_ask(client, vera):
    client.force_login(vera)
    assert "under Roles" in page_of(client.get("/maker/users/user/add/"), 403)


def test_a_form_of_another_session_is_refused_in_plain_words(db):
    text = page_of(Client(enforce_csrf_checks=True).post("/maker/login/", {}), 403)
    assert "load the page again" in text
    assert "PUBLIC_URL" in text


def test_an_error_of_ours_says_so_and_shows_nothing_of_it(broken, db):
    assert "This is not your fault" in page_of(broken.get("/fails/"), 500)


def test_a_request_that_cannot_be_understood_is_told(broken, db):
    assert "cannot be understood" in page_of(broken.get("/suspects/"), 400)
