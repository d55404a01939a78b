from __future__ import annotations

import re

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authmethods import creation, status
from authmethods.models import LIMIT, AuthenticationMethod, ClientSecret, Status, StoredGrant
from crm.models import CRM

pytestmark = pytest.mark.django_db
LIST = "/maker/authmethods/authenticationmethod/"


@pytest.fixture
def maker(client, ada):
    client.force_login(ada)
    return client


def form(method=None, **changes):
    values = {
        "name": method.name if method else "Zoho Desk",
        "integration": "zoho_desk",
        "environment_url": method.environment_url if method else "",
        "client_id": method.client_id if method else "1000.CLIENT",
        "client_secret": "" if method else "s3cret-value",
    }
    return {**values, **changes}


def dialog(method, name):
    return f"{LIST}{method.pk}/{name}/"


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_list_has_the_columns_of_the_seed_in_their_order(maker, zoho):
    zoho.disabled_method()
    headers = re.findall(r'class="[^"]*column-(\w+)', maker.get(LIST).content.decode())
    assert headers == ["name", "integration", "shown_mode", "status_cell", "environment", "client_id", "row_menu"]


def test_an_empty_list_opens(maker):
    assert maker.get(LIST).status_code == 200


def test_a_new_method_starts_disabled_with_its_secret_sealed(maker):
    maker.post(LIST + "add/", form())
    method = AuthenticationMethod.objects.get()
    assert method.status == "disabled"
    assert method.client_secret.open() == "s3cret-value"


def test_after_a_new_method_was_added_one_is_told_what_comes_next(maker):
    added, following = get_messages(maker.post(LIST + "add/", form()).wsgi_request)
    assert "was added" in str(added)
    assert "click its status" in str(following)


def test_a_new_method_needs_a_secret(maker):
    assert "This field is required" in text(maker.post(LIST + "add/", form(client_secret="")))
    assert not AuthenticationMethod.objects.exists()


def test_an_empty_secret_keeps_the_stored_one(maker, zoho):
    method = zoho.disabled_method()
    secret = method.client_secret.open()
    maker.post(dialog(method, "change"), form(method, name="Renamed"))
    method.refresh_from_db()
    assert (method.name, ClientSecret.objects.get().open()) == ("Renamed", secret)


def test_the_form_says_when_the_secret_was_set_and_never_what_it_is(maker, zoho):
    method = zoho.disabled_method()
    page = text(maker.get(dialog(method, "change")))
    assert "ago and never shown" in page
    assert method.client_secret.open() not in page


def test_a_url_that_is_not_of_the_vendor_is_refused_beside_its_field(maker):
    page = text(maker.post(LIST + "add/", form(environment_url="https://evil.example")))
    assert "This is not an address of Zoho Desk" in page
    assert "1000.CLIENT" in page  # nothing that was typed is lost


def test_a_secret_with_a_line_break_is_refused(maker):
    assert "paste it again" in text(maker.post(LIST + "add/", form(client_secret="a\nb c")))


def test_the_form_shows_what_to_paste_at_zoho(maker):
    for address in (LIST + "add/", "/maker/setup/zoho-desk/"):
        page = text(maker.get(address))
        assert 'value="http://127.0.0.1:8000"' in page
        assert 'value="http://127.0.0.1:8000/api/authclients/hbdnakz/fzefdzs"' in page
        assert 'value="http://127.0.0.1:8000/api/sso/login/oauth/callback"' in page


def test_the_setup_page_leads_to_the_console_of_the_vendor_that_is_in_use(maker, zoho):
    page = text(maker.get("/maker/setup/zoho-desk/"))
    assert re.search(r'href="http://127\.0\.0\.1:\d+/us/accounts/developerconsole"', page)


def test_the_setup_page_names_client_type_and_each_right_with_its_reason(maker, zoho):
    page = text(maker.get("/maker/setup/zoho-desk/"))
    assert "Server-based Applications" in page
    for scope in zoho.disabled_method().vendor.oauth.scopes:
        assert scope.name in page
        assert scope.why.replace("'", "&#x27;") in page


@pytest.mark.parametrize("field", ["client_id", "client_secret", "environment_url"])
def test_changing_what_the_consent_is_bound_to_disables_the_method(
    maker, zoho, ada, field, django_capture_on_commit_callbacks
):
    method = zoho.method(by=ada)
    with django_capture_on_commit_callbacks(execute=True):
        changed = form(method, **{field: "" if field == "environment_url" else "changed"})
        response = maker.post(dialog(method, "change"), changed, follow=True)
    assert "is disabled now" in text(response)
    method.refresh_from_db()
    assert method.status == "disabled"
    assert not StoredGrant.objects.exists()
    assert len(zoho.asked("/oauth/v2/token/revoke")) == 1


def test_changing_the_name_of_an_enabled_method_disables_nothing(maker, zoho, ada):
    method = zoho.method(by=ada)
    maker.post(dialog(method, "change"), form(method, name="Renamed"))
    method.refresh_from_db()
    assert (method.name, method.status) == ("Renamed", "enabled")


def test_the_fifty_first_method_is_refused_with_the_reason(maker):
    for number in range(LIMIT):
        AuthenticationMethod.objects.create(name=f"Method {number}", client_id="1000.X")
    assert "which is the most" in text(maker.post(LIST + "add/", form()))
    one = AuthenticationMethod.objects.all()[0]
    assert "which is the most" in text(maker.post(dialog(one, "duplicate")))
    with pytest.raises(creation.LimitReached):
        creation.duplicate(one)
    assert AuthenticationMethod.objects.count() == LIMIT


def test_a_duplicate_starts_disabled_with_the_secret_and_without_tokens(maker, zoho, ada):
    method = zoho.method(by=ada)
    maker.post(dialog(method, "duplicate"))
    copy = AuthenticationMethod.objects.exclude(pk=method.pk).get()
    assert (copy.name, copy.status, copy.organisation_id) == ("Zoho Desk copy", "disabled", "")
    assert copy.client_secret.open() == method.client_secret.open()
    assert not StoredGrant.objects.filter(method=copy).exists()


def test_disabling_names_what_depends_on_it_and_waits_for_a_confirmation(maker, zoho, ada):
    method = zoho.method(by=ada)
    CRM.objects.create(name="Customers of Europe", reference="eu", method=method)
    assert "Customers of Europe" in text(maker.get(dialog(method, "disable")))
    method.refresh_from_db()
    assert method.status == "enabled"
    maker.post(dialog(method, "disable"))
    method.refresh_from_db()
    assert method.status == "disabled"


def test_a_method_in_use_is_not_deleted_and_the_page_says_by_what(maker, zoho):
    method = zoho.disabled_method()
    CRM.objects.create(name="Customers of Europe", reference="eu", method=method)
    assert "Customers of Europe" in text(maker.get(dialog(method, "delete")))
    maker.post(dialog(method, "delete"), {"post": "yes"})
    bulk = {"action": "delete_selected", "_selected_action": [method.pk], "post": "yes"}
    assert "Customers of Europe" in text(maker.post(LIST, bulk))
    assert AuthenticationMethod.objects.exists()


def test_a_deleted_method_takes_its_secrets_along_and_its_grant_is_revoked(
    maker, zoho, ada, django_capture_on_commit_callbacks
):
    method = zoho.method(by=ada)
    with django_capture_on_commit_callbacks(execute=True):
        maker.post(dialog(method, "delete"), {"post": "yes"})
    assert not ClientSecret.objects.exists()
    assert not StoredGrant.objects.exists()
    assert len(zoho.asked("/oauth/v2/token/revoke")) == 1


def test_testing_a_connection_shows_each_step_with_their_times(maker, zoho, ada):
    page = text(maker.post(dialog(zoho.method(by=ada), "test")))
    assert page.count("maker-step-good") == 6
    assert page.count(" ms</small>") == 6


def test_a_test_ends_where_the_connection_ends(maker, zoho):
    page = text(maker.post(dialog(zoho.disabled_method(), "test")))
    assert (page.count("maker-step-good"), page.count("maker-step-bad"), page.count("maker-step-none")) == (1, 1, 4)


def test_a_dialog_acts_on_post_only(maker, zoho, ada):
    method = zoho.method(by=ada)
    for name in ("disable", "duplicate", "test", "reconnect"):
        assert maker.get(dialog(method, name)).status_code == 200
    assert AuthenticationMethod.objects.filter(status="enabled").count() == 1
    assert maker.post(dialog(method, "history")).status_code == 405


def test_a_window_leads_the_page_on_not_itself(maker, zoho, ada):
    method = zoho.method(by=ada)
    response = maker.post(dialog(method, "disable"), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == LIST


def test_the_history_says_who_changed_what(maker, zoho):
    method = zoho.disabled_method()
    maker.post(dialog(method, "change"), form(method, name="Renamed", client_secret="canary-secret-1"))
    page = text(maker.get(dialog(method, "history")))
    assert "Ada Admin" in page
    assert "Renamed" in page
    assert "Client secret" in page
    assert "canary-secret-1" not in page


def test_the_list_asks_as_many_queries_for_thirty_methods_as_for_one(maker):
    AuthenticationMethod.objects.create(name="One", client_id="1000.X")
    maker.get(LIST)
    with CaptureQueriesContext(connection) as one:
        maker.get(LIST)
    for number in range(30):
        AuthenticationMethod.objects.create(name=f"Method {number}", client_id="1000.X")
    with CaptureQueriesContext(connection) as many:
        maker.get(LIST)
    assert len(many) == len(one) <= 12


def test_the_first_page_names_the_method_that_needs_somebody(maker, zoho, ada):
    method = zoho.method(by=ada)
    status.mark_needs_reconnection(method, "Zoho no longer accepts this consent.")
    page = text(maker.get(reverse("admin:index")))
    assert "Needs reconnection" in page
    assert "Zoho no longer accepts this consent." in page


def test_an_empty_installation_is_told_its_first_steps(maker):
    page = text(maker.get(reverse("admin:index")))
    assert "First steps" in page
    assert "/maker/setup/zoho-desk/" in page


def test_the_status_is_a_link_only_for_those_who_may_change_it(client, maker, zoho, vera):
    method = zoho.disabled_method()
    window = f'href="{dialog(method, "enable")}"'
    assert window in text(maker.get(LIST))
    client.force_login(vera)
    page = text(client.get(LIST))
    assert window not in page
    assert 'class="maker-status maker-disabled"' in page


def test_a_method_whose_vendor_asks_for_a_consent_is_not_enabled_without_one(maker, zoho):
    """The attack: the dialog that serves vendors without consents, posted for one of Zoho Desk."""
    method = zoho.disabled_method()
    answer = maker.post(f"{LIST}{method.pk}/enable-by-key/")
    assert "asks for a consent" in text(answer)
    method.refresh_from_db()
    assert (method.status, method.enabled_by) == (Status.DISABLED, None)
