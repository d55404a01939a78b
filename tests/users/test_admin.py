from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.users.test_escalation import USERS, change, form
from users.models import Profile, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(client, ada):
    client.force_login(ada)
    return client


def add(maker, **changes):
    return maker.post(USERS + "add/", {**form(User(username="new@acme.example")), **changes})


def test_a_user_without_password_can_only_come_through_sso(maker):
    add(maker)
    assert not User.objects.get(username="new@acme.example").has_usable_password()


def test_a_user_with_password_can_sign_in_with_it(maker):
    add(maker, new_password="a long enough phrase")
    assert User.objects.get(username="new@acme.example").check_password("a long enough phrase")


def test_a_weak_password_is_refused_and_nothing_is_lost(maker):
    page = add(maker, new_password="new@acme.example", name="Newcomer").content.decode()
    assert "too similar" in page
    assert "Newcomer" in page
    assert not User.objects.filter(username="new@acme.example").exists()


def test_one_e_mail_is_one_user_whatever_its_case(maker, sid):
    assert "already" in add(maker, username="SID@ACME.example").content.decode()


@pytest.mark.parametrize("name", ["\u017fid@acme.example", "s\u0131d@acme.example"])
def test_an_e_mail_that_folds_into_anothers_is_refused(maker, sid, name):
    """A long s or a dotless i: one look at PostgreSQL's way of comparing, and Sid could not sign in any more."""
    assert add(maker, username=name).status_code == 200
    assert not User.objects.filter(username=name).exists()


def test_an_empty_password_keeps_the_one_there_is(maker, sid):
    change(maker, sid, name="Sid S.")
    sid.refresh_from_db()
    assert sid.check_password("correct horse")


def test_changing_the_own_password_keeps_the_own_session(maker, ada):
    change(maker, ada, new_password="another long phrase", is_superuser="on")
    assert maker.get("/maker/").status_code == 200


def test_removing_a_password_ends_the_sessions_of_that_user(maker, omar):
    his = Client()
    his.force_login(omar)
    maker.post(f"{USERS}{omar.pk}/remove-password/")
    assert his.get("/maker/").status_code == 302
    omar.refresh_from_db()
    assert not omar.has_usable_password()


def test_the_last_superuser_keeps_a_password(maker, ada):
    """Otherwise a connector that fails would lock everybody out of the page on which it is mended."""
    assert "keeps a password" in maker.post(f"{USERS}{ada.pk}/remove-password/").content.decode()
    ada.refresh_from_db()
    assert ada.has_usable_password()


@pytest.mark.parametrize("changes", [{"is_active": None, "is_superuser": "on"}, {"is_superuser": None}])
def test_the_last_active_superuser_stays_one(maker, ada, changes):
    response = change(maker, ada, **changes)
    assert "last active superuser" in response.content.decode()
    ada.refresh_from_db()
    assert ada.is_active
    assert ada.is_superuser


def test_one_of_two_superusers_can_be_deactivated(maker, ada):
    second = User.objects.create_superuser("second@acme.example", "correct horse")
    change(maker, second, is_active=None, is_superuser="on")
    second.refresh_from_db()
    assert not second.is_active


def test_nobody_deletes_himself(maker, ada):
    assert maker.post(f"{USERS}{ada.pk}/delete/", {"post": "yes"}).status_code == 403


def test_all_superusers_cannot_be_deleted_at_once(maker, ada, omar):
    User.objects.filter(pk=omar.pk).update(is_superuser=True, is_active=False)
    second = User.objects.create_superuser("second@acme.example", "correct horse")
    everybody = {"action": "delete_selected", "_selected_action": [ada.pk, second.pk], "post": "yes"}
    maker.post(USERS, everybody)
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 2


def test_a_role_with_members_is_not_deleted(maker, omar):
    page = maker.get(f"/maker/users/role/{omar.role_id}/delete/").content.decode()
    assert "Omar" in page
    maker.post(f"/maker/users/role/{omar.role_id}/delete/", {"post": "yes"})
    assert Role.objects.filter(pk=omar.role_id).exists()


def test_a_profile_in_use_is_not_deleted(maker, sid):
    profile = Profile.objects.create(name="Support")
    sid.profiles.add(profile)
    assert "Sid" in maker.get(f"/maker/users/profile/{profile.pk}/delete/").content.decode()
    maker.post(f"/maker/users/profile/{profile.pk}/delete/", {"post": "yes"})
    assert Profile.objects.exists()


def test_a_role_is_made_of_rights_with_readable_names(maker):
    page = maker.get("/maker/users/role/add/").content.decode()
    assert "<legend>Authentication methods</legend>" in page
    for verb in ("Access", "Create", "Modify", "Delete"):
        assert verb in page
    right = Permission.objects.get(codename="view_authenticationmethod")
    maker.post("/maker/users/role/add/", {"name": "Reader", "permissions": [right.pk]})
    assert list(Role.objects.get(name="Reader").permissions.all()) == [right]


def test_rights_that_mean_nothing_in_the_maker_are_not_offered(maker):
    page = maker.get("/maker/users/role/add/").content.decode()
    for name in ("Sessions", "Log entries", "Content types", "Social application tokens"):
        assert name not in page


def test_the_rights_are_those_of_the_menu_and_what_may_be_done_there(maker):
    page = maker.get("/maker/users/role/add/").content.decode()
    legends = re.findall(r"<legend>(.*?)</legend>", page)
    assert legends == [
        "API keys", "Authentication methods", "CRMs", "Deletions", "Deliveries", "Interactions", "Pinned identities",
        "Profiles", "Refused sign-ins", "Roles", "SSO connectors", "Telephone systems", "Users",
    ]  # fmt: skip
    labels = {text.strip() for text in re.findall(r"> ([^<]*)</label>", page)}
    assert labels == {
        "Access", "Create", "Modify", "Delete", "Create cards", "Delete cards", "Empty a local CRM", "Export CRMs",
        "Import CRMs", "Discard deliveries", "Replay deliveries", "Unpin identities",
    }  # fmt: skip


def test_a_right_that_a_former_version_had_is_not_offered(maker):
    kind = Permission.objects.get(codename="view_delivery").content_type
    former = Permission.objects.create(content_type=kind, codename="add_delivery", name="Can add delivery")
    assert f'value="{former.pk}"' not in maker.get("/maker/users/role/add/").content.decode()


def test_the_list_of_roles_counts_the_rights_that_people_see(maker):
    role = Role.objects.create(name="Reader")
    kind = Permission.objects.get(codename="view_delivery").content_type
    former = Permission.objects.create(content_type=kind, codename="add_delivery", name="Can add delivery")
    role.permissions.set([Permission.objects.get(codename="view_delivery"), former])
    page = maker.get("/maker/users/role/?q=Reader").content.decode()
    assert re.findall(r"field-number_of_rights[^>]*>\s*(\d+)", page) == ["1"]


def test_rights_are_four_and_separate_for_authentication_methods():
    names = set(Permission.objects.filter(content_type__app_label="authmethods").values_list("codename", flat=True))
    assert names == {f"{verb}_authenticationmethod" for verb in ("view", "add", "change", "delete")}


def test_the_history_holds_roles_and_profiles_and_no_password(maker, sid, omar):
    profile = Profile.objects.create(name="Support desk")
    change(maker, sid, role=omar.role_id, profiles=[profile.pk], new_password="a long enough phrase")
    sid.refresh_from_db()
    page = maker.get(f"{USERS}{sid.pk}/history/").content.decode()
    for shown in ("Ada Admin", "Operator", "Support desk", "set anew"):
        assert shown in page
    assert sid.password not in page
    assert "a long enough phrase" not in page
