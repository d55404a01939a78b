"""Every form of the Maker with values that none of its fields writes: refused beside the field, and at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.config.test_odd_addresses import HUGE, Asking, ask  # noqa: F401 - a fixture
from users.models import User

pytestmark = pytest.mark.django_db

VALUES = (HUGE, "9" * 5_000, "-1", "abc", "\0", "x" * 9_000, ",".join("9" * 900), "[]")
MOST_ROWS = "1500"
"""Below Django's own limit of a form with rows (1,000 beyond what is usual)."""
FORMS = [
    f"admin:{model._meta.app_label}_{model._meta.model_name}_add"
    for model, form in admin.site._registry.items()
    if form.add_view.__qualname__.startswith("ModelAdmin")
]


def filled(client: Client, address: str, value: str, **management: str) -> Mapping[str, Any]:
    """What a page's form would send with the value in each of its fields, those of its rows included."""
    response = client.get(address)
    if response.status_code != 200 or "adminform" not in (response.context or ()):
        return {}
    data = {name: [value, value] for name in response.context["adminform"].form.fields}
    for rows in response.context["inline_admin_formsets"]:
        prefix = rows.formset.prefix
        counts = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"} | management
        data |= {f"{prefix}-{name}": [count] for name, count in counts.items()}
        data |= {f"{prefix}-0-{name}": [value] for name in rows.formset.empty_form.fields}
    return data


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value[:10]))
def test_no_value_in_a_form_breaks_or_delays_a_page(
    ask: Asking,  # noqa: F811
    ada: User,
    client: Client,
    value: str,
) -> None:
    client.force_login(ada)
    tried = 0
    for form in FORMS:
        address = reverse(form)
        if data := filled(client, address, value):
            ask("post", address, data)
            tried += 1
    assert tried >= 7


def test_no_number_of_rows_in_a_form_breaks_or_delays_a_page(
    ask: Asking,  # noqa: F811
    ada: User,
    client: Client,
) -> None:
    client.force_login(ada)
    for form in FORMS:
        address = reverse(form)
        for count in (MOST_ROWS, HUGE, "-1", "abc"):
            if data := filled(client, address, "1", TOTAL_FORMS=count):
                ask("post", address, data)
