from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.db.models import QuerySet

from maker import home
from maker.admin import MakerAdmin
from maker.dependencies import dependents
from maker.dialogs import copy_of
from maker.paginator import MOST, CappedCountPaginator
from users.models import Profile, User

pytestmark = pytest.mark.django_db


def test_the_loose_policy_is_for_the_maker_alone(client, ada):
    assert "unsafe-eval" in client.get("/maker/login/?next=/maker/").headers["Content-Security-Policy"]
    client.force_login(ada)
    policy = client.get("/maker/").headers["Content-Security-Policy"]
    assert "unsafe-eval" in policy
    for kept in ("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'", "object-src 'none'"):
        assert kept in policy


def test_the_menu_has_the_names_of_the_seed(client, ada):
    client.force_login(ada)
    page = client.get("/maker/").content.decode()
    names = [
        "Setup: Zoho Desk", "Authentication methods", "SSO connectors", "CRM v2", "Interactions", "Deliveries",
        "API keys", "Users", "Profiles", "Roles",
    ]  # fmt: skip
    for name in names:
        assert f"<span>{name}</span>" in page


def test_the_menu_shows_nothing_that_the_role_denies(client, vera):
    vera.role.permissions.remove(*vera.role.permissions.exclude(codename="view_profile"))
    client.force_login(vera)
    page = client.get("/maker/").content.decode()
    assert "<span>Profiles</span>" in page
    for name in ("Users", "Roles", "Authentication methods", "Setup: Zoho Desk"):
        assert f"<span>{name}</span>" not in page


def test_a_role_without_rights_is_told_so(client, vera, monkeypatch):
    vera.role.permissions.clear()
    client.force_login(vera)
    assert "shows nothing of it yet" in client.get("/maker/").content.decode()


def test_cards_come_in_their_order_and_only_to_those_who_may_see_them(rf, monkeypatch):
    monkeypatch.setattr(home, "_cards", [])
    home.register(lambda request: home.Card("Second", "x.html", order=2))
    home.register(lambda request: None)
    home.register(lambda request: home.Card("First", "x.html", order=1))
    assert [card.title for card in home.cards(rf.get("/"))] == ["First", "Second"]


def test_first_steps_vanish_when_all_are_done(rf, monkeypatch):
    monkeypatch.setattr(home, "_steps", [])
    home.register_step(lambda request: home.Step("One", "", "/", done=True))
    assert home.steps(rf.get("/")) == []
    home.register_step(lambda request: home.Step("Two", "", "/", done=False))
    assert [step.label for step in home.steps(rf.get("/"))] == ["One", "Two"]


def test_counting_ends_at_the_cap():
    class Rows(QuerySet):  # type: ignore[type-arg]
        def order_by(self, *names):
            return self

        def values_list(self, *args, **kwargs):
            return range(1_000_000)

    assert CappedCountPaginator(Rows(), 50).count == MOST


def test_a_copy_finds_a_free_name_within_its_length():
    Profile.objects.create(name="Support")
    assert copy_of(Profile, "name", "Support") == "Support copy"
    Profile.objects.create(name="Support copy")
    assert copy_of(Profile, "name", "Support") == "Support copy 2"
    assert copy_of(Profile, "name", "Support", joiner="-") == "Support-copy"
    assert len(copy_of(Profile, "name", "x" * 100)) == 100


def test_dependents_count_all_and_name_some(omar):
    for number in range(12):
        User.objects.create_user(f"user{number}@acme.example", role=omar.role)
    [found] = dependents(omar.role)
    assert (found.label, found.count, len(found.examples)) == ("Users", 13, 10)
    assert str(found).endswith("…")


def test_every_admin_is_one_of_ours():
    assert all(isinstance(one, MakerAdmin) for one in admin.site._registry.values())


def test_a_row_shows_pencil_and_bin_only_to_those_who_may(client, vera, omar):
    for person, edits, bins in ((vera, 0, 0), (omar, 1, 0)):
        Profile.objects.get_or_create(name="Support")
        client.force_login(person)
        page = client.get("/maker/users/profile/").content.decode()
        assert page.count('title="Edit"') == edits
        assert page.count('title="Delete"') == bins


def test_an_empty_list_invites_to_add_and_speaks_of_no_filter(client, ada, vera):
    client.force_login(ada)
    page = client.get("/maker/users/profile/").content.decode()
    assert "No profiles yet" in page
    assert 'href="/maker/users/profile/add/"' in page.split("No profiles yet")[1]
    client.force_login(vera)
    page = client.get("/maker/users/profile/").content.decode()
    assert "Add profile" not in page.split("No profiles yet")[1]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("interactions/interaction/", "API key"),
        ("interactions/delivery/", "every rule"),
        ("sso/signinrefusal/", "reason"),
    ],
)
def test_a_list_that_fills_itself_says_how(client, ada, path, told):
    client.force_login(ada)
    page = client.get(f"/maker/{path}").content.decode()
    assert told in page[page.index('class="maker-empty"') :]


def test_a_search_without_a_result_leads_back_to_the_whole_list(client, ada):
    Profile.objects.create(name="Support")
    client.force_login(ada)
    page = client.get("/maker/users/profile/?q=nobody").content.decode()
    assert "Nothing matches" in page
    assert '<a href="?"' in page.split("Nothing matches")[1]


@pytest.mark.parametrize(
    ("path", "crumbs"),
    [
        ("users/user/", ["Users"]),
        ("authmethods/authenticationmethod/add/", ["Authentication methods"]),
        ("users/profile/", ["Users", "Profiles"]),
        ("interactions/delivery/", ["Interactions", "Deliveries"]),
    ],
)
def test_the_way_to_a_page_names_nothing_twice(client, ada, path, crumbs):
    client.force_login(ada)
    page = client.get(f"/maker/{path}").content.decode()
    heading = page[page.index("<h1") : page.index("</h1>")]
    named = [text.strip() for text in re.findall(r">([^<>]+)<", heading)]
    assert [text for text in named if text and text != "chevron_right"] == crumbs


def test_the_way_to_a_row_calls_it_as_it_is_written(client, ada):
    client.force_login(ada)
    support = Profile.objects.create(name="support")
    page = client.get(f"/maker/users/profile/{support.pk}/change/").content.decode()
    heading = page[page.index("<h1") : page.index("</h1>")]
    assert ">support<" in heading
    assert ">Support<" not in heading


def test_only_a_search_is_told_as_a_result(client, ada):
    client.force_login(ada)
    assert "Show all" not in client.get("/maker/users/user/").content.decode()
    assert "1 result " in client.get("/maker/users/user/?q=ada").content.decode()


def test_the_persons_menu_leads_to_the_banner_by_its_name(client, ada):
    client.force_login(ada)
    page = client.get("/maker/").content.decode()
    assert re.search(r'<a href="/banner/"[^>]*>Banner</a>', page)
    assert "View site" not in page


def test_the_search_by_keyboard_finds_lists_by_their_name(client, ada, sid):
    client.force_login(ada)
    for query in ("extended=1&s=prof", "s=PROF", "extended=1&s=prof&page=x"):
        assert 'href="/maker/users/profile/"' in client.get(f"/maker/search/?{query}").content.decode()
    assert "No results" in client.get("/maker/search/?extended=1&s=nothing").content.decode()
    client.force_login(sid)
    assert client.get("/maker/search/?extended=1&s=prof").status_code == 302
