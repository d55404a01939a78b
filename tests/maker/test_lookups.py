"""What the address of a list may ask."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from users.models import User

USERS = "/maker/users/user/"


@pytest.fixture
def browser(client: Client, vera: User) -> Client:
    client.force_login(vera)
    return client


def test_a_viewer_does_not_read_a_password_hash_letter_by_letter(browser: Client, ada: User) -> None:
    guesses = [ada.password[:12], "nothing that a hash begins with"]
    pages = [browser.get(USERS, {"password__startswith": guess}) for guess in guesses]
    assert [page.status_code for page in pages] == [200, 200]
    assert [list(page.context["cl"].result_list) for page in pages] == [list(User.objects.order_by("username"))] * 2


@pytest.mark.parametrize("lookup", ["password", "password__regex", "id__in", "date_joined__year", "role__name"])
def test_only_what_a_filter_offers_is_asked(browser: Client, lookup: str) -> None:
    page = browser.get(USERS, {lookup: "1"})
    assert f"is not understood, and the list is shown without it: {lookup}" in page.content.decode()
    assert page.context["cl"].result_count == User.objects.count()


@pytest.mark.parametrize("query", ["is_active__exact=1", "role__id__exact=1", "q=vera", "o=1", "p=1", "all="])
def test_the_filters_search_order_and_pages_of_a_list_still_work(browser: Client, query: str) -> None:
    page = browser.get(f"{USERS}?{query}")
    assert page.status_code == 200
    assert "is shown without it" not in page.content.decode()


def test_every_filter_of_every_list_is_allowed_and_nothing_secret_is(client: Client, ada: User) -> None:
    client.force_login(ada)
    for model, own in admin.site._registry.items():
        answer = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        asked = {name for spec in answer.context["cl"].filter_specs for name in spec.expected_parameters() if name}
        request = answer.wsgi_request
        refused = [name for name in asked if not own.lookup_allowed(name, "1", request)]
        assert not refused, f"{model.__name__}: {refused}"
        for name in ("password", "digest__startswith", "client_secret__sealed", "grant__access_token"):
            assert not own.lookup_allowed(name, "1", request), f"{model.__name__}: {name}"
