"""Every list of the Maker, asked by addresses that nobody's filters wrote: an ordinary page, and at once."""

from __future__ import annotations

import html
import re
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from maker.addresses import MOST_VALUES
from maker.admin import MakerAdmin
from tests.cpu import within
from users.models import Profile, User

pytestmark = pytest.mark.django_db

BOMB = "(){20000000}x"
UNKNOWN = [
    f"status__regex={BOMB}", f"name__iregex={BOMB}", "state__regex=[", "state__regex=(?P<", f"reference__regex={BOMB}",
    "method__gt=9999999999999999999999", "pk=1", "id__in=" + ",".join(map(str, range(9_000))), "pk__in=x",
    "password__startswith=md5", "user__password__startswith=md5", "method__grant__access_token__contains=1000",
    "crm__method__client_secret__isnull=1", "role__permissions__codename=add_user", "members__username=ada",
    "created_at__year=99999999999", "created_at__range=1,2", "modified_at__gte=yesterday", "started_at__date=32.13.x",
    "name__search=x", "name__contains=%00", "extra__a__b__c=1", "__regex=x", "____=1", "=x", "status__exact__exact=1",
    "is_active__isnull__exact=1", "drop%20table=1", "%ed%a0%80=1", "%00=1", "\u202e=1", "q__regex=x", "p__in=1",
]  # fmt: skip
"""Look-ups that no list offers. Each is left out, and the page says so."""
SEARCHES = [
    "q=" + "+".join(["word"] * 1_500), "q=" + "x" * 60_000, "q=" + "%5c%22+" * 5_000, "q=%00", "q=%ed%a0%80",
    "q=%ff%fe", "q=%27%22%5c", "q=%25%5f", "q=a&q=b&q=c", "q=" + "%d9%a9" * 300, "q=99999999999999999999999",
]  # fmt: skip
ORDERS = [
    "o=", "o=-", "o=9999", "o=-9999.9999", "o=x.y.z", "o=" + ".".join(["1"] * 3_000), "o=" + "9" * 5_000,
    "o=%00", "o=1e9", "o=--1", "o=1.-1.1",
]  # fmt: skip
PAGES = ["p=0", "p=-1", "p=x", "p=99999999999", "p=" + "9" * 5_000, "p=1.5", "p=%00", "all=", "all=x&all=y&p=7", "e=1"]
OTHERS = [
    "_facets=True", "_facets=%00", "_popup=1", "_popup=x", "_to_field=password", "_to_field=nonsense", "_to_field=%00",
    "_popup=1&_to_field=" + "x" * 9_000, "&&&", "%", "%zz=%zz", "&".join(f"x{number}=1" for number in range(900)),
]  # fmt: skip
"""What the pages of a list do write, with values that they never write."""
VALUES = [
    "99999999999999999999999", "-99999999999999999999999", "abc", "%00", "%ed%a0%80", "x" * 9_000, "1e400", "nan",
    ",".join(map(str, range(3_000))), "maybe", "2026-13-45", BOMB, "9" * 5_000, "%d9%a1", "None", "",
]  # fmt: skip
"""For each parameter of each filter."""


@pytest.fixture(autouse=True)
def _pages_of_one_row(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few rows make several pages."""
    monkeypatch.setattr(MakerAdmin, "list_per_page", 1)
    Profile.objects.bulk_create(Profile(name=f"Profile {number}") for number in range(3))


@pytest.fixture
def in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same view, queries and messages without the look of the page, which takes most of the time."""
    monkeypatch.setattr(MakerAdmin, "change_list_template", "unfold/helpers/messages.html")


@pytest.fixture
def browser(client: Client, vera: User) -> Client:
    client.force_login(vera)
    return client


def names() -> list[str]:
    return [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]


@pytest.fixture(params=names())
def address(request: pytest.FixtureRequest) -> str:
    return reverse(f"admin:{request.param}_changelist")


def asked(browser: Client, address: str, query: str) -> Any:
    """The page, which must come at once."""
    answer = within(1, lambda: browser.get(f"{address}?{query}"))
    assert answer.status_code == 200, f"{answer.status_code}: {query[:80]}"
    return answer


def told(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.usefixtures("in_short")
def test_a_list_leaves_out_what_its_filters_do_not_ask_and_says_so(browser: Client, address: str) -> None:
    everything = asked(browser, address, "").context["cl"].result_count
    answer = asked(browser, address, "&".join(UNKNOWN))
    assert not answer.wsgi_request.GET
    (message,) = told(answer)
    assert "is not understood" in message
    assert answer.context["cl"].result_count == everything


@pytest.mark.usefixtures("in_short")
@pytest.mark.parametrize("query", UNKNOWN, ids=lambda query: ascii(query[:20]))
def test_each_of_them_alone_is_left_out(browser: Client, query: str) -> None:
    (message,) = told(asked(browser, "/maker/interactions/delivery/", query))
    assert "is not understood" in message


@pytest.mark.usefixtures("in_short")
def test_no_value_in_the_address_of_a_list_breaks_or_delays_it(browser: Client, address: str) -> None:
    for queries in zip_longest(SEARCHES, ORDERS, PAGES, OTHERS, fillvalue=""):
        asked(browser, address, "&".join(queries))


@pytest.mark.usefixtures("in_short")
def test_no_value_of_a_filter_breaks_or_delays_a_list(browser: Client, address: str) -> None:
    offered = asked(browser, address, "").context["cl"].filter_specs
    parameters = [name for spec in offered for name in spec.expected_parameters() if name]
    for value in VALUES:
        asked(browser, address, "&".join(f"{name}={value}" for name in parameters))
    asked(browser, address, "&".join(f"{name}={number}" for name in parameters for number in range(MOST_VALUES + 1)))


def test_the_page_itself_shows_what_was_left_out_of_its_address(browser: Client, address: str) -> None:
    page = asked(browser, address, "&".join((*UNKNOWN[:4], SEARCHES[0], "o=9999&p=99999&_to_field=password&all=&e=1")))
    text = page.content.decode()
    assert "is not understood, and the list is shown without it: status__regex, name__iregex" in text
    assert "A search takes at most" in text


def test_a_page_that_does_not_exist_is_said_and_the_first_one_shown(browser: Client) -> None:
    answer = asked(browser, "/maker/users/profile/", "p=4&o=1")
    assert told(answer) == ["There is no such page: the first one is shown."]
    assert answer.context["cl"].page_num == 1
    assert told(asked(browser, "/maker/users/profile/", "p=3&o=1")) == []


def test_a_search_of_twenty_words_is_made_and_one_of_more_is_said_to_be_too_long(browser: Client) -> None:
    answer = asked(browser, "/maker/users/profile/", "q=" + "+".join(["Profile"] * 20))
    assert (told(answer), answer.context["cl"].result_count) == ([], 3)
    answer = asked(browser, "/maker/users/profile/", "q=nothing+" + "+".join(["Profile"] * 20))
    assert "at most 20 words and 200 characters" in told(answer)[0]
    assert answer.context["cl"].result_count == 3


def test_what_a_list_writes_itself_is_asked_without_a_word(
    browser: Client, address: str, request: pytest.FixtureRequest
) -> None:
    """Every link and every choice on its page, its filters' included."""
    page = asked(browser, address, "o=1")
    request.getfixturevalue("in_short")
    links = {html.unescape(query) for query in re.findall(r'href="\?([^"]+)"', page.content.decode())}
    for query in links:
        answer = asked(browser, address, query)
        assert told(answer) == [], query
    filters = page.context["cl"].filter_specs
    choices = [choice["form"] for spec in filters for choice in spec.choices(page.context["cl"]) if "form" in choice]
    for form in choices:
        for name, field in form.fields.items():
            for value, _label in getattr(field, "choices", ()):
                assert told(asked(browser, address, urlencode({name: value}))) == [], (name, value)
