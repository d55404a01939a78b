from __future__ import annotations

import pytest
from django.contrib.auth import authenticate

from demo import company
from users.models import Profile, Role, User

pytestmark = pytest.mark.django_db
PASSWORD = "a password of this machine"


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)


def _user(name: str) -> User:
    return User.objects.get(username=f"{name}@acme.example")


def test_the_company_is_there_after_one_load_and_unchanged_by_the_next():
    assert company.load()
    first = list(User.objects.values_list("pk", "username", "password"))
    assert company.load()
    assert list(User.objects.values_list("pk", "username", "password")) == first
    assert len(first) == 6
    assert sorted(Profile.objects.values_list("name", flat=True)) == ["Sales", "Support"]
    assert Role.objects.count() == 3


def test_the_printed_password_opens_the_maker():
    company.load()
    for name in ("ada", "omar", "vera"):
        user = authenticate(username=f"{name}@acme.example", password=PASSWORD)
        assert user is not None
        assert user.is_staff


def test_agents_have_no_password_and_no_door_to_the_maker():
    company.load()
    for name in ("grace", "alan", "linus"):
        assert not _user(name).has_usable_password()
        assert not _user(name).is_staff
        assert _user(name).profiles.count() == 2


def test_a_password_of_another_machine_is_replaced_by_the_printed_one(monkeypatch):
    company.load()
    monkeypatch.setenv("DEMO_PASSWORD", "a newer password")
    company.load()
    assert _user("ada").check_password("a newer password")


def test_the_viewer_changes_nothing():
    company.load()
    rights = _user("vera").get_all_permissions()
    assert rights
    assert all(right.split(".")[1].startswith("view_") for right in rights)


def test_the_operator_works_with_cards_and_deliveries_and_leaves_people_and_credentials_alone():
    company.load()
    omar = _user("omar")
    for allowed in ("crm.change_crm", "crm.create_card", "interactions.replay_delivery", "users.view_user"):
        assert omar.has_perm(allowed), allowed
    for refused in (
        "users.change_user",
        "users.change_role",
        "authmethods.change_authenticationmethod",
        "sso.change_ssoconnector",
        "interactions.add_apikey",
        "crm.delete_crm",
    ):
        assert not omar.has_perm(refused), refused


def test_rights_that_an_administrator_changed_stay_changed():
    company.load()
    Role.objects.get(name="Viewer").permissions.clear()
    company.load()
    assert _user("vera").get_all_permissions() == set()


def test_a_database_of_somebody_else_is_left_alone(capsys):
    User.objects.create_user("boss@other.example", "secret")
    assert not company.load()
    assert User.objects.count() == 1
    assert "was not loaded" in capsys.readouterr().out
