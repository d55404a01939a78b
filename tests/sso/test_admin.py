"""Connectors, associations and refusals in the Maker, by four people."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authmethods.models import AuthenticationMethod
from sso.models import Association, PinnedIdentity, SignInRefusal, SSOConnector
from users.models import Role, User

pytestmark = pytest.mark.django_db
LIST = "/maker/sso/ssoconnector/"


@pytest.fixture
def method(db: None) -> AuthenticationMethod:
    return AuthenticationMethod.objects.create(name="Zoho Desk", client_id="1000.X")


@pytest.fixture
def connector(method: AuthenticationMethod) -> SSOConnector:
    return SSOConnector.objects.create(name="Zoho", reference="zoho+eu", method=method)


@pytest.fixture
def pinned(sid: User, connector: SSOConnector) -> PinnedIdentity:
    Association.objects.create(user=sid, connector=connector)
    return PinnedIdentity.objects.create(user=sid, integration="zoho_desk", location="eu", subject="20071000002")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def card(user: User, connector: SSOConnector | None, **changes: str) -> dict[str, str]:
    """The form of a user's card, as the browser sends it."""
    association = Association.objects.filter(user=user).first()
    return {
        "username": user.username, "name": user.name, "is_active": "on", "role": str(user.role_id or ""),
        **({"is_superuser": "on"} if user.is_superuser else {}),
        "association-TOTAL_FORMS": "1", "association-INITIAL_FORMS": "1" if association else "0",
        "association-MIN_NUM_FORMS": "0", "association-MAX_NUM_FORMS": "1",
        "association-0-id": str(association.pk) if association else "", "association-0-user": str(user.pk),
        "association-0-connector": str(connector.pk) if connector else "",
        **changes,
    }  # fmt: skip


def test_a_card_that_claims_more_connectors_than_one_is_refused_and_shows_no_more(
    ada: User, sid: User, connector: SSOConnector
) -> None:
    answer = browser(ada).post(
        f"/maker/users/user/{sid.pk}/change/", card(sid, connector, **{"association-TOTAL_FORMS": "1500"})
    )
    (rows,) = answer.context["inline_admin_formsets"]
    assert rows.formset.non_form_errors()
    assert len(rows.formset.forms) == 1
    assert not Association.objects.exists()


def test_the_list_shows_what_the_seed_names(ada: User, connector: SSOConnector) -> None:
    page = browser(ada).get(LIST).content.decode()
    for text in ("Zoho", "zoho+eu", "OAuth 2.0", "Zoho Desk", "Copy SSO login URL", "Duplicate", "Dependencies"):
        assert text in page


def test_the_login_url_is_copied_from_the_cogwheel(vera: User, connector: SSOConnector) -> None:
    page = browser(vera).get(f"{LIST}{connector.pk}/login-url/").content.decode()
    assert 'data-copy="http://127.0.0.1:8000/api/sso/login/zoho+eu"' in page


def test_a_connector_is_created_by_its_form(omar: User, method: AuthenticationMethod) -> None:
    answer = browser(omar).post(
        LIST + "add/", {"name": "New", "reference": "a_b.c+d@e-f", "type": "oauth2", "method": str(method.pk)}
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert SSOConnector.objects.get().reference == "a_b.c+d@e-f"


def test_without_an_authentication_method_the_form_says_what_comes_first(ada: User) -> None:
    assert "create an authentication method first" in browser(ada).get(LIST + "add/").content.decode()


@pytest.mark.parametrize("reference", ["", "a b", "a/b", "é", "a?b", ".", "..", "a\n", "zoho+eu"])
def test_a_reference_that_is_no_address_or_taken_is_refused(ada: User, connector: SSOConnector, reference: str) -> None:
    form = {"name": "New", "reference": reference, "type": "oauth2", "method": str(connector.method_id)}
    answer = browser(ada).post(LIST + "add/", form)
    created = SSOConnector.objects.exclude(pk=connector.pk)
    if reference == "a\n":  # a browser's text field ends without its line end
        assert [row.reference for row in created] == ["a"]
    else:
        assert answer.status_code == 200
        assert "reference" in answer.context["adminform"].form.errors
        assert not created.exists()


def test_a_duplicate_has_a_reference_of_its_own_and_no_users(
    omar: User, connector: SSOConnector, pinned: PinnedIdentity
) -> None:
    for _ in range(2):
        browser(omar).post(f"{LIST}{connector.pk}/duplicate/")
    copies = SSOConnector.objects.exclude(pk=connector.pk).order_by("pk")
    assert [copy.reference for copy in copies] == ["zoho+eu-copy", "zoho+eu-copy-2"]
    assert not Association.objects.filter(connector__in=copies).exists()


def test_a_connector_with_users_is_not_deleted(ada: User, sid: User, connector: SSOConnector) -> None:
    Association.objects.create(user=sid, connector=connector)
    assert "Sid" in browser(ada).get(f"{LIST}{connector.pk}/dependencies/").content.decode()
    page = browser(ada).post(f"{LIST}{connector.pk}/delete/", {"post": "yes"})
    assert SSOConnector.objects.filter(pk=connector.pk).exists()
    assert "Sid" in page.content.decode()


def test_a_connector_without_users_is_deleted_and_its_refusals_stay(ada: User, connector: SSOConnector) -> None:
    SignInRefusal.objects.create(connector=connector, reason="x")
    browser(ada).post(f"{LIST}{connector.pk}/delete/", {"post": "yes"})
    assert not SSOConnector.objects.exists()
    assert SignInRefusal.objects.get().connector is None


def test_each_right_is_asked_for(ada: User, omar: User, vera: User, sid: User, connector: SSOConnector) -> None:
    expected = {
        LIST: (200, 200, 200, 302),
        LIST + "add/": (200, 200, 403, 302),
        f"{LIST}{connector.pk}/change/": (200, 200, 200, 302),
        f"{LIST}{connector.pk}/login-url/": (200, 200, 200, 302),
        f"{LIST}{connector.pk}/duplicate/": (200, 200, 403, 302),
        f"{LIST}{connector.pk}/dependencies/": (200, 200, 200, 302),
        f"{LIST}{connector.pk}/history/": (200, 200, 200, 302),
        f"{LIST}{connector.pk}/delete/": (200, 403, 403, 302),
        "/maker/sso/signinrefusal/": (200, 200, 200, 302),
        "/maker/sso/signinrefusal/add/": (403, 403, 403, 302),
    }
    people = [browser(user) for user in (ada, omar, vera, sid)]
    seen = {path: tuple(one.get(path).status_code for one in people) for path in expected}
    assert seen == expected


def test_nothing_is_done_by_looking(ada: User, connector: SSOConnector, pinned: PinnedIdentity) -> None:
    client = browser(ada)
    for path in (f"{LIST}{connector.pk}/duplicate/", f"/maker/users/user/{pinned.user_id}/unpin/"):
        assert client.get(path).status_code == 200
    assert SSOConnector.objects.count() == 1
    assert PinnedIdentity.objects.exists()


def test_a_connector_is_added_in_the_users_card(omar: User, sid: User, connector: SSOConnector) -> None:
    answer = browser(omar).post(f"/maker/users/user/{sid.pk}/change/", card(sid, connector))
    assert answer.status_code == 302, answer.context["errors"]
    assert Association.objects.get().connector == connector
    assert LogEntry.objects.get_for_model(Association).get().actor == omar


def test_a_connector_is_taken_away_in_the_users_card(omar: User, sid: User, connector: SSOConnector) -> None:
    Association.objects.create(user=sid, connector=connector)
    assert browser(omar).post(f"/maker/users/user/{sid.pk}/change/", card(sid, None)).status_code == 302
    assert not Association.objects.exists()
    assert LogEntry.objects.get_for_model(Association).filter(actor=omar, action=LogEntry.Action.DELETE).exists()


def test_a_user_without_a_connector_is_saved_without_one(omar: User, sid: User) -> None:
    assert browser(omar).post(f"/maker/users/user/{sid.pk}/change/", card(sid, None)).status_code == 302
    assert not Association.objects.exists()


def test_the_card_names_the_connector_and_has_no_bin(ada: User, sid: User, connector: SSOConnector) -> None:
    path = f"/maker/users/user/{sid.pk}/change/"
    empty = browser(ada).get(path).content.decode()
    Association.objects.create(user=sid, connector=connector)
    filled = browser(ada).get(path).content.decode()
    assert f'<option value="{connector.pk}" selected>Zoho</option>' in filled
    for page in (empty, filled):
        assert "association-0-DELETE" not in page
        assert "SSO connector: #" not in page
        assert "None: no single sign-on" in page


def test_who_may_not_change_a_user_sees_his_connector_only(vera: User, sid: User, connector: SSOConnector) -> None:
    Association.objects.create(user=sid, connector=connector)
    page = browser(vera).get(f"/maker/users/user/{sid.pk}/change/").content.decode()
    assert "association-0-connector" not in page
    assert "Zoho" in page
    assert browser(vera).post(f"/maker/users/user/{sid.pk}/change/", card(sid, None)).status_code == 403
    assert Association.objects.exists()


def test_an_operator_cannot_say_how_somebody_with_more_rights_signs_in(
    omar: User, ada: User, connector: SSOConnector
) -> None:
    """Omar associates Ada, superuser, with a connector whose portal is his own, and comes in under her e-mail."""
    assert browser(omar).post(f"/maker/users/user/{ada.pk}/change/", card(ada, connector)).status_code == 403
    assert not Association.objects.exists()


def test_an_operator_cannot_change_the_portal_that_vouches_for_a_superuser(
    omar: User, ada: User, connector: SSOConnector
) -> None:
    """Ada is invited and did not come yet. Omar points her connector at a method of his own."""
    Association.objects.create(user=ada, connector=connector)
    own = AuthenticationMethod.objects.create(name="Omar's own portal", client_id="1000.Y")
    form = {"name": "Zoho", "reference": "zoho+eu", "type": "oauth2", "method": str(own.pk)}
    answer = browser(omar).post(f"{LIST}{connector.pk}/change/", form)
    assert "method" in answer.context["adminform"].form.errors
    PinnedIdentity.objects.create(user=ada, integration="zoho_desk", location="eu", subject="1")
    assert browser(omar).post(f"{LIST}{connector.pk}/change/", form).status_code == 302
    connector.refresh_from_db()
    assert connector.method == own


def test_the_card_shows_the_pinned_identity(ada: User, pinned: PinnedIdentity) -> None:
    page = browser(ada).get(f"/maker/users/user/{pinned.user_id}/change/").content.decode()
    assert "Zoho Desk · eu · 20071000002" in page
    assert f"/maker/users/user/{pinned.user_id}/unpin/" in page


def test_unpinning_makes_the_next_sign_in_a_first_one(ada: User, pinned: PinnedIdentity) -> None:
    answer = browser(ada).post(f"/maker/users/user/{pinned.user_id}/unpin/")
    assert answer["Location"] == f"/maker/users/user/{pinned.user_id}/change/"
    assert not PinnedIdentity.objects.exists()
    assert LogEntry.objects.get_for_model(PinnedIdentity).filter(actor=ada, action=LogEntry.Action.DELETE).exists()


def test_unpinning_is_in_the_history_of_the_user(ada: User, pinned: PinnedIdentity) -> None:
    maker, user = browser(ada), f"/maker/users/user/{pinned.user_id}/"
    assert "signed out at once" in maker.get(f"{user}unpin/").content.decode()
    maker.post(f"{user}unpin/")
    history = maker.get(f"{user}history/").content.decode()
    assert "by Ada" in history
    assert "<del>Zoho Desk · eu · 20071000002</del>" in history


def test_unpinning_takes_its_own_right_and_all_rights_of_the_user(
    omar: User, ada: User, vera: User, pinned: PinnedIdentity
) -> None:
    for user in (omar, vera):
        assert browser(user).post(f"/maker/users/user/{pinned.user_id}/unpin/").status_code == 403
    role = Role.objects.get(name="Operator")
    role.permissions.add(Permission.objects.get(codename="unpin_identity"))
    PinnedIdentity.objects.create(user=ada, integration="zoho_desk", location="eu", subject="1")
    assert browser(omar).post(f"/maker/users/user/{ada.pk}/unpin/").status_code == 403
    assert browser(omar).post(f"/maker/users/user/{pinned.user_id}/unpin/").status_code == 302
    assert PinnedIdentity.objects.get().user == ada


def test_refused_sign_ins_are_read_and_never_written(ada: User, connector: SSOConnector) -> None:
    row = SignInRefusal.objects.create(connector=connector, claimed="eve@acme.example", reason="No such <b>user</b>")
    client, path = browser(ada), "/maker/sso/signinrefusal/"
    page = client.get(path).content.decode()
    assert "eve@acme.example" in page
    assert "No such &lt;b&gt;user&lt;/b&gt;" in page
    assert client.get(f"{path}{row.pk}/change/").status_code == 200
    assert client.post(f"{path}{row.pk}/change/", {"reason": "nothing"}).status_code == 403
    assert client.post(f"{path}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(path, {"action": "delete_selected", "_selected_action": str(row.pk)}).status_code in (200, 302)
    assert SignInRefusal.objects.get().reason == "No such <b>user</b>"


def test_a_hundred_connectors_cost_no_more_queries_than_one(ada: User, connector: SSOConnector) -> None:
    client = browser(ada)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    SSOConnector.objects.bulk_create(
        SSOConnector(name=f"C{number}", reference=f"c{number}", method=connector.method) for number in range(99)
    )
    with CaptureQueriesContext(connection) as hundred:
        client.get(LIST)
    assert len(hundred) == len(one)


def test_the_parts_bring_no_lists_of_their_own(ada: User) -> None:
    """allauth's admins would show and take secrets in clear text."""
    for path in ("socialaccount/socialapp/", "socialaccount/socialtoken/", "socialaccount/socialaccount/"):
        assert browser(ada).get(f"/maker/{path}").status_code == 404
