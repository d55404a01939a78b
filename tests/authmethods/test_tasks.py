from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from authmethods.models import AuthenticationMethod, Status, StoredGrant
from authmethods.tasks import keep_alive
from tests.authmethods.test_tokens import refreshes

pytestmark = pytest.mark.django_db
TOKEN = "/oauth/v2/token"


@pytest.fixture
def method(zoho, ada):
    return zoho.method(by=ada)


def unused_for(method, **ago):
    """As if its token had been fetched so long ago; it lived for an hour."""
    then = datetime.now(UTC) - timedelta(**ago)
    StoredGrant.objects.filter(method=method).update(refreshed_at=then, expires_at=then + timedelta(hours=1))


def test_a_connection_that_nobody_used_for_a_day_is_renewed_once(zoho, method):
    unused_for(method, hours=25)
    keep_alive()
    keep_alive()
    assert refreshes(zoho) == 1


def test_one_that_was_used_today_or_is_not_enabled_is_left_alone(zoho, method):
    unused_for(method, hours=23)
    keep_alive()
    unused_for(method, hours=25)
    AuthenticationMethod.objects.update(status=Status.NEEDS_RECONNECTION)
    keep_alive()
    assert refreshes(zoho) == 0


def test_a_consent_that_ended_at_zoho_is_known_before_anybody_calls(zoho, method):
    grant = StoredGrant.objects.get()
    method.vendor.oauth.revoke(method.app(), method.location, grant.refresh_token.open(grant.owner))
    unused_for(method, hours=25)
    keep_alive()
    method.refresh_from_db()
    assert method.status == Status.NEEDS_RECONNECTION


def test_one_connection_in_trouble_keeps_no_other_from_its_renewal(zoho, ada, method):
    other = zoho.method(name="Other", by=ada)
    unused_for(method, hours=25)
    unused_for(other, hours=25)
    zoho.stand_in.fault("503", path=TOKEN)
    keep_alive()
    assert refreshes(zoho) == 3  # the other's code, and one refresh of each
    assert set(AuthenticationMethod.objects.values_list("status", flat=True)) == {Status.ENABLED}
