"""The consenting agent's profile hides fields by which we know our own records again (zoho-facts 9)."""

from __future__ import annotations

import pytest

from authmethods import connection_test
from authmethods.models import AuthenticationMethod
from core import clock
from crm import portal_check
from crm.models import CRM
from interactions.models import Delivery, DeliveryState
from interactions.queue import states
from tests.interactions.promise import assert_exactly_once, post
from tests.interactions.steps import settle, work

pytestmark = pytest.mark.django_db(transaction=True)


def written(zoho, module="calls"):
    return len(zoho.stand_in.records("eu", "acme", module))


@pytest.fixture
def lost(acme):
    """The answer to a call was lost while nobody could see subjects."""
    post(1, customers=1)
    work()
    acme.stand_in.set_knobs(hidden_fields="subject,cf_deskline_marker,cf")
    acme.stand_in.fault("lost_answer", "POST", "/api/v1/calls")
    post(1, customers=1, start=1)
    settle()
    return acme


def test_a_look_that_cannot_see_markers_never_leads_to_a_second_call(lost):
    newest = Delivery.objects.latest("pk")
    assert (newest.state, newest.error_kind) == (DeliveryState.DEAD, "unsettled")
    assert "subject" in newest.reason
    assert newest.may_exist, "a replay looks before it writes"
    marked = [call for call in lost.stand_in.records("eu", "acme", "calls") if newest.marker in call["subject"]]
    assert len(marked) == 1


def test_once_the_field_is_shown_a_replay_finds_the_call(lost):
    before = written(lost)
    lost.stand_in.set_knobs(hidden_fields="")
    states.replay(Delivery.objects.filter(state=DeliveryState.DEAD), now=clock.now())
    work()
    assert written(lost) == before
    assert_exactly_once(lost, 2)


def test_a_new_contact_of_which_nothing_shows_is_not_made_twice(acme):
    acme.stand_in.set_knobs(hidden_fields="phone,mobile,email,firstName,lastName")
    acme.stand_in.fault("lost_answer", "POST", "/api/v1/contacts")
    before = written(acme, "contacts")
    post(1, customers=1)
    settle()
    assert written(acme, "contacts") == before + 1


@pytest.mark.parametrize(
    ("hidden", "module"), [("subject,cf", "Calls"), ("phone", "Contacts"), ("createdTime", "Calls")]
)
def test_the_test_of_a_method_and_the_check_of_a_crm_name_what_is_hidden(acme, hidden, module):
    post(1, customers=1)
    work()
    method, crm = AuthenticationMethod.objects.get(), CRM.objects.get()
    assert all(step.ok for step in connection_test.run(method))
    assert [one for one in portal_check.run(crm) if "hides it from" in one.problem] == []
    acme.stand_in.set_knobs(hidden_fields=hidden)
    name = hidden.partition(",")[0]
    (failed,) = (step for step in connection_test.run(method) if not step.ok)
    assert name in failed.message
    assert (module, name) in [
        (one.object, one.field) for one in portal_check.run(crm) if "hides it from" in one.problem
    ]
