"""People who do not come in: one page for all of them, the reason for administrators."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from authmethods.models import AuthenticationMethod, ClientSecret, Status
from fakezoho.seed import people
from integrations.types import Identity
from sso import policy, refusals
from sso.models import Association, PinnedIdentity, SignInRefusal, SSOConnector
from tests.sso.conftest import Person, rename
from tests.zoho import Zoho
from users.models import User

pytestmark = pytest.mark.django_db


def refused(person: Person) -> str:
    """Try to come in; the reason that administrators read."""
    answer = person.sign_in()
    assert answer.status_code == 403
    assert person.user == ""
    return SignInRefusal.objects.latest("pk").reason


def invite(email: str, connector: SSOConnector) -> User:
    user = User.objects.create_user(email)
    Association.objects.create(user=user, connector=connector)
    return user


def test_somebody_whom_nobody_invited_is_not_created(zoho: Zoho, connector: SSOConnector) -> None:
    assert "No user has this e-mail" in refused(Person(zoho, "alan@acme.example"))
    assert not User.objects.filter(username="alan@acme.example").exists()


def test_a_user_who_is_not_associated_is_refused(zoho: Zoho, connector: SSOConnector) -> None:
    User.objects.create_user("alan@acme.example")
    assert "not associated" in refused(Person(zoho, "alan@acme.example"))


def test_an_association_with_another_connector_does_not_count(zoho: Zoho, grace: User) -> None:
    other = SSOConnector.objects.create(name="Other", reference="other", method=AuthenticationMethod.objects.get())
    Association.objects.update(connector=other)
    assert "not associated" in refused(Person(zoho, "grace@acme.example"))


def test_an_inactive_user_is_refused(zoho: Zoho, grace: User) -> None:
    User.objects.update(is_active=False)
    assert "not active" in refused(Person(zoho, "grace@acme.example"))


def test_a_pinned_user_is_refused_once_he_is_inactive_or_no_longer_associated(zoho: Zoho, grace: User) -> None:
    Person(zoho, "grace@acme.example").sign_in()
    Association.objects.all().delete()
    assert "not associated" in refused(Person(zoho, "grace@acme.example"))
    User.objects.update(is_active=False)
    assert "not active" in refused(Person(zoho, "grace@acme.example"))


def test_an_e_mail_that_nobody_verified_opens_nothing(zoho: Zoho, grace: User) -> None:
    """Mallory writes Grace's e-mail into her own Zoho account, of another company, and signs in."""
    rename(zoho, people.MALLORY, "grace@acme.example")
    zoho.stand_in.world.centres["eu"].people.pop(people.GRACE.zuid)
    assert "no agent" in refused(Person(zoho, "grace@acme.example"))
    assert not PinnedIdentity.objects.exists()


def test_an_invited_person_who_is_nobodys_agent_is_refused(zoho: Zoho, connector: SSOConnector) -> None:
    invite("mallory@elsewhere.example", connector)
    assert "no agent" in refused(Person(zoho, "mallory@elsewhere.example"))


def test_a_disabled_agent_is_refused(zoho: Zoho, connector: SSOConnector) -> None:
    invite("dennis@acme.example", connector)
    assert "not active" in refused(Person(zoho, "dennis@acme.example"))


def test_a_colleague_who_takes_over_the_e_mail_is_refused(zoho: Zoho, grace: User) -> None:
    """Alan, a real agent, writes Grace's e-mail into his Zoho account; the portal still lists him under his own."""
    rename(zoho, people.ALAN, "grace@acme.example")
    zoho.stand_in.world.centres["eu"].people.pop(people.GRACE.zuid)
    assert "another e-mail" in refused(Person(zoho, "grace@acme.example"))


def test_the_same_e_mail_with_another_zuid_is_refused_once_pinned(zoho: Zoho, grace: User) -> None:
    """Grace left; her address was given to Linus, who is an agent under it now. Her user is not his."""
    Person(zoho, "grace@acme.example").sign_in()
    zoho.stand_in.world.centres["eu"].people.pop(people.GRACE.zuid)
    rename(zoho, people.LINUS, "grace@acme.example")
    assert "pinned to another" in refused(Person(zoho, "grace@acme.example"))
    assert PinnedIdentity.objects.get(user=grace).subject == people.GRACE.zuid


def test_the_same_zuid_of_another_data_centre_is_another_person(zoho: Zoho, grace: User) -> None:
    """ZUIDs are unique within a data centre only (docs/zoho-facts.md 3.3)."""
    PinnedIdentity.objects.create(user=grace, integration="zoho_desk", location="eu", subject=people.RAVI.zuid)
    assert "No user has this e-mail" in refused(Person(zoho, "ravi@nowhere.example"))


def test_the_first_link_needs_a_method_that_is_connected(zoho: Zoho, grace: User) -> None:
    AuthenticationMethod.objects.update(status=Status.NEEDS_RECONNECTION)
    assert "could not be asked" in refused(Person(zoho, "grace@acme.example"))


def test_the_first_link_waits_for_a_portal_that_does_not_answer(zoho: Zoho, grace: User) -> None:
    zoho.stand_in.fault("500", "GET", "/api/v1/agents/*", count=5)
    reason = refused(Person(zoho, "grace@acme.example"))
    assert "could not be asked" in reason
    assert reason.endswith("(INTERNAL_SERVER_ERROR, HTTP 500)")
    assert not PinnedIdentity.objects.exists()


def test_a_disabled_method_lets_nobody_leave_or_arrive(zoho: Zoho, grace: User) -> None:
    Person(zoho, "grace@acme.example").sign_in()
    person = Person(zoho, "grace@acme.example")
    back = person.accept(person.leave())
    AuthenticationMethod.objects.update(status=Status.DISABLED)
    assert person.arrive(back).status_code == 403
    assert person.browser.get("/api/sso/login/zoho").status_code == 403
    assert {row.reason for row in SignInRefusal.objects.all()} == {
        "The authentication method “Zoho Desk” is disabled: enable it in the Maker."
    }


def test_a_method_without_a_readable_secret_is_named_to_administrators(zoho: Zoho, grace: User) -> None:
    ClientSecret.objects.all().delete()
    assert Client().get("/api/sso/login/zoho").status_code == 403
    assert "missing or cannot be read" in SignInRefusal.objects.get().reason


def test_a_wrong_client_secret_is_named_to_administrators(zoho: Zoho, grace: User) -> None:
    secret = ClientSecret.objects.get()
    secret.seal("not the secret")
    secret.save()
    reason = refused(Person(zoho, "grace@acme.example"))
    assert "client secret" in reason
    assert reason.endswith("(invalid_client_secret, HTTP 200)")


def test_a_person_who_refuses_the_consent_can_try_again(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    state = person.leave().partition("state=")[2].partition("&")[0]
    answer = person.browser.get(f"/api/sso/login/oauth/callback?error=access_denied&state={state}")
    assert answer.status_code == 403
    assert "refused the consent" in SignInRefusal.objects.get().reason
    assert person.sign_in()["Location"] == "/"


def test_an_error_of_zoho_in_the_callback_shows_the_same_page(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    state = person.leave().partition("state=")[2].partition("&")[0]
    answer = person.browser.get(f"/api/sso/login/oauth/callback?error=<script>alert(1)</script>&state={state}")
    assert answer.status_code == 403
    assert b"<script>" not in answer.content
    assert "script" not in SignInRefusal.objects.get().reason


@pytest.mark.parametrize("missing", ["ZUID", "Email"])
def test_a_profile_that_does_not_say_who_it_is_lets_nobody_in(zoho: Zoho, grace: User, missing: str) -> None:
    zoho.stand_in.set_knobs(profile_missing=missing)
    assert "did not say who signed in" in refused(Person(zoho, "grace@acme.example"))


@pytest.mark.parametrize(
    "fault", ["500", "drop_before", "truncated_json", "html_401", "200_with_error", "empty_200", "redirect"]
)
def test_trouble_at_the_profile_lets_nobody_in(zoho: Zoho, grace: User, fault: str) -> None:
    zoho.stand_in.fault(fault, "GET", "/oauth/user/info")
    assert refused(Person(zoho, "grace@acme.example"))


def test_the_page_does_not_tell_which_accounts_exist(zoho: Zoho, connector: SSOConnector) -> None:
    User.objects.create_user("alan@acme.example")
    known = Person(zoho, "alan@acme.example").sign_in()
    unknown = Person(zoho, "linus@acme.example").sign_in()
    no_agent = Person(zoho, "mallory@elsewhere.example").sign_in()
    no_connector = Client().get("/api/sso/login/nowhere")
    forged = Client().get("/api/sso/login/oauth/callback?code=x&state=y")
    answers: list[Any] = [known, unknown, no_agent, no_connector, forged]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


def test_the_page_keeps_the_address_to_itself(connector: SSOConnector) -> None:
    answer = Client().get("/api/sso/login/nowhere")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]


def test_a_refusal_says_when_who_through_what_and_from_where(zoho: Zoho, connector: SSOConnector) -> None:
    Person(zoho, "alan@acme.example").sign_in()
    row = SignInRefusal.objects.get()
    assert (row.connector, row.claimed, row.address) == (connector, "alan@acme.example", "127.0.0.1")


def test_one_address_cannot_fill_the_list(db: None) -> None:
    browser = Client()
    for number in range(refusals.PER_ADDRESS + 5):
        assert browser.get(f"/api/sso/login/guess-{number}").status_code == 403
    assert SignInRefusal.objects.count() == refusals.PER_ADDRESS


def test_many_addresses_cannot_fill_the_list(db: None) -> None:
    SignInRefusal.objects.bulk_create(
        SignInRefusal(reason="x", address=f"10.0.{number // 250}.{number % 250}") for number in range(refusals.PER_HOUR)
    )
    Client(REMOTE_ADDR="192.0.2.1").get("/api/sso/login/guess")
    assert SignInRefusal.objects.count() == refusals.PER_HOUR


def test_the_list_keeps_the_newest(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "KEPT", 3)
    SignInRefusal.objects.bulk_create(SignInRefusal(reason=str(number)) for number in range(5))
    SignInRefusal.objects.update(at=timezone.now() - timedelta(days=1))
    Client().get("/api/sso/login/guess")
    assert [row.reason[:5] for row in SignInRefusal.objects.order_by("pk")] == ["3", "4", "There"]


def test_a_proxy_that_nobody_trusts_does_not_name_the_address(db: None) -> None:
    """Otherwise an attacker would write other people's addresses into the list, and get round its limit."""
    Client().get("/api/sso/login/guess", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert SignInRefusal.objects.get().address == "127.0.0.1"


def test_a_profile_of_strange_characters_is_refused_before_it_is_looked_up(connector: SSOConnector) -> None:
    for email in ("\ud800@acme.example", "grace\x00@acme.example"):
        with pytest.raises(policy.SignInRefused):
            policy.decide(connector, Identity(location="eu", subject="1", email=email))


@pytest.mark.parametrize("reference", ["%00", "a%00b", "%E2%80%AEoohz", "%0A"])
def test_no_character_in_an_address_breaks_or_misleads_the_list(db: None, reference: str) -> None:
    """PostgreSQL keeps no zero bytes: a stranger's address would be an error of the server there."""
    assert Client().get(f"/api/sso/login/{reference}").status_code == 403
    assert SignInRefusal.objects.get().reason.isprintable()


def test_no_character_of_a_profile_breaks_or_misleads_the_list(zoho: Zoho, grace: User) -> None:
    rename(zoho, people.GRACE, "grace\0\u202e@acme.example")
    refused(Person(zoho, "grace\0\u202e@acme.example"))
    assert SignInRefusal.objects.get().claimed == "grace@acme.example"


@pytest.mark.django_db(transaction=True)
def test_first_sign_ins_at_the_same_moment_pin_once(zoho: Zoho, grace: User, connector: SSOConnector) -> None:
    identity = Identity(location="eu", subject=people.GRACE.zuid, email="grace@acme.example")
    together, admissions = Barrier(4), []

    def come_in() -> None:
        own = SSOConnector.objects.select_related("method").get()
        together.wait()
        admissions.append(policy.decide(own, identity))
        connection.close()

    threads = [Thread(target=come_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [admission.user for admission in admissions] == [grace] * 4
    assert sum(admission.linked_now for admission in admissions) == 1
    assert PinnedIdentity.objects.count() == 1
