"""Omar may change users. He tries to become more than he is."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from users.models import Role, User

pytestmark = pytest.mark.django_db
USERS, ROLES = "/maker/users/user/", "/maker/users/role/"


@pytest.fixture
def maker(client, omar):
    client.force_login(omar)
    return client


@pytest.fixture
def mighty():
    role = Role.objects.create(name="Mighty")
    role.permissions.set(Permission.objects.filter(codename="delete_authenticationmethod"))
    return role


def form(user, **changes):
    """The form as the browser sends it, with nobody's SSO connector."""
    values = {
        "username": user.username, "name": user.name, "is_active": "on", "role": user.role_id or "",
        "new_password": "", "association-TOTAL_FORMS": "0", "association-INITIAL_FORMS": "0",
    }  # fmt: skip
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def change(client, user, **changes):
    return client.post(f"{USERS}{user.pk}/change/", form(user, **changes))


def test_he_can_change_a_user_with_no_more_rights_than_his(maker, sid):
    assert change(maker, sid, name="Sid Stranger").status_code == 302
    sid.refresh_from_db()
    assert sid.name == "Sid Stranger"


def test_he_cannot_make_himself_superuser(maker, omar):
    change(maker, omar, is_superuser="on")
    omar.refresh_from_db()
    assert not omar.is_superuser


def test_he_cannot_create_a_superuser(maker):
    new = {**form(User(username="new@acme.example")), "is_superuser": "on"}
    maker.post(USERS + "add/", new)
    assert not User.objects.get(username="new@acme.example").is_superuser


@pytest.mark.parametrize("whose", ["omar", "sid"])
def test_he_cannot_give_a_role_with_rights_that_he_lacks(maker, omar, sid, mighty, whose):
    user = {"omar": omar, "sid": sid}[whose]
    before = user.role
    response = change(maker, user, role=mighty.pk)
    assert "rights that you do not have" in response.content.decode()
    user.refresh_from_db()
    assert user.role == before


@pytest.mark.parametrize("changes", [{"new_password": "correct horse 2"}, {"username": "omar2@acme.example"}])
def test_he_cannot_take_over_a_superuser(maker, ada, changes):
    assert change(maker, ada, **changes).status_code == 403
    ada.refresh_from_db()
    assert ada.check_password("correct horse")
    assert ada.username == "ada@acme.example"


def test_he_cannot_take_over_somebody_with_more_rights(maker, sid, mighty):
    User.objects.filter(pk=sid.pk).update(role=mighty)
    assert change(maker, sid, new_password="correct horse 2").status_code == 403
    assert maker.post(f"{USERS}{sid.pk}/remove-password/").status_code == 403


def test_he_cannot_add_rights_that_he_lacks_to_a_role(maker, omar):
    wanted = Permission.objects.get(codename="delete_authenticationmethod")
    maker.post(f"{ROLES}{omar.role_id}/change/", {"name": "Operator", "permissions": [wanted.pk]})
    assert not omar.role.permissions.filter(pk=wanted.pk).exists()


def test_he_cannot_change_a_role_above_his_own(maker, mighty):
    assert maker.post(f"{ROLES}{mighty.pk}/change/", {"name": "Mine"}).status_code == 403


def test_the_copy_of_a_mighty_role_has_no_right_that_he_lacks(maker, mighty):
    maker.post(f"{ROLES}{mighty.pk}/duplicate/")
    assert not Role.objects.get(name="Mighty copy").permissions.exists()


def test_he_is_offered_his_own_rights_alone(maker):
    page = maker.get(ROLES + "add/").content.decode()
    assert f'value="{Permission.objects.get(codename="add_authenticationmethod").pk}"' in page
    assert f'value="{Permission.objects.get(codename="delete_authenticationmethod").pk}"' not in page


def test_djangos_own_groups_are_no_way_around(maker, client):
    assert maker.get("/maker/auth/group/").status_code == 404


def test_tokens_of_the_sign_in_and_the_raw_log_have_no_page(client, ada):
    client.force_login(ada)
    for address in (
        "socialaccount/socialtoken",
        "socialaccount/socialapp",
        "account/emailaddress",
        "auditlog/logentry",
    ):
        assert client.get(f"/maker/{address}/").status_code == 404
