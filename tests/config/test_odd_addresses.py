"""Every address of the product with ids and queries that no page of it writes: refused or ignored, and at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.cpu import within
from users.models import User

pytestmark = pytest.mark.django_db

HUGE = "99999999999999999999999"
IDS = (HUGE, "9" * 5_000, "0", "-1", "abc", "_00", "%00", "x" * 9_000)
VALUES = (HUGE, "9" * 5_000, "-1", "abc", "%00", "%ed%a0%80", "x" * 9_000, "", "%5c%22+" * 500, "w+" * 1_500)
NAMES = (
    "state", "code", "error", "accounts-server", "location", "next", "s", "extended", "page", "term", "open", "since",
    "object", "target", "all", "beside", "_to_field", "_popup", "_changelist_filters", "p", "q", "lang", "stale",
)  # fmt: skip
"""What the pages read from a query, ours and those of the libraries."""


def routes(resolver: Any, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if not isinstance(entry, URLPattern):
            yield from routes(entry, route)
        elif "^" not in route and "(?P" not in route:
            yield f"/{route}"


ROUTES = sorted(set(routes(get_resolver())) - {"/readyz"})  # which says 503 as long as no worker runs
PARAMETER = re.compile(r"<[^>]+>")


class Asking:
    """Whoever may see everything asks, and notes what answers badly."""

    def __init__(self, client: Client, person: User) -> None:
        self._client, self._person = client, person
        self.bad: set[str] = set()
        client.raise_request_exception = False

    def __call__(self, method: str, address: str, data: Any = None) -> None:
        if "_auth_user_id" not in self._client.session:  # one of the pages signs out
            self._client.force_login(self._person)
        try:
            status = within(1, lambda: getattr(self._client, method)(address, data).status_code)
        except AssertionError as slow:
            self.bad.add(f"{slow}: {method} {address[:120]}")
        else:
            if status >= 500:
                self.bad.add(f"{status} {method} {address[:120]} {str(data)[:60]}")


@pytest.fixture
def ask(client: Client, ada: User) -> Iterator[Asking]:
    asking = Asking(client, ada)
    yield asking
    assert asking.bad == set()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("value", IDS, ids=lambda value: value[:10])
def test_no_id_in_an_address_breaks_or_delays_a_page(ask: Asking, method: str, value: str) -> None:
    for route in ROUTES:
        if "<" in route:
            ask(method, PARAMETER.sub(value, route))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:10])
def test_no_query_breaks_or_delays_a_page(ask: Asking, value: str) -> None:
    query = "&".join(f"{name}={value}" for name in NAMES)
    for route in ROUTES:
        if "<" not in route:
            ask("get", f"{route}?{query}")


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:10])
def test_no_first_value_of_a_new_row_breaks_its_form(ask: Asking, value: str) -> None:
    for model in admin.site._registry:
        fields = "&".join(f"{field.name}={value}" for field in model._meta.get_fields())
        ask("get", f"/maker/{model._meta.app_label}/{model._meta.model_name}/add/?{fields}")


@pytest.mark.parametrize("value", [HUGE, "abc", "\0", "x" * 9_000, ""], ids=lambda value: value[:10])
def test_no_chosen_row_breaks_an_action_on_a_list(ask: Asking, value: str) -> None:
    for model, own in admin.site._registry.items():
        address = f"/maker/{model._meta.app_label}/{model._meta.model_name}/"
        for action in (*(own.actions or ()), "delete_selected", "nonsense"):
            ask("post", address, {"action": action, "_selected_action": [value, "1"], "index": "0"})
            ask("post", address, {"action": action, "_selected_action": [value], "post": "yes"})


def test_no_question_for_suggestions_breaks_or_delays_them(ask: Asking) -> None:
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            named = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field.name}"
            for term in ("x", "w+" * 1_500 + "%00") if field.is_relation else ("x",):
                ask("get", f"/maker/autocomplete/?{named}&term={term}")


@pytest.mark.parametrize("run", ["/", "a/", "1/"])
def test_no_long_path_delays_the_choice_of_its_page(ask: Asking, run: str) -> None:
    for head in {PARAMETER.split(route)[0] for route in ROUTES}:
        ask("get", head + run * (32_000 // len(run)) + "x")
