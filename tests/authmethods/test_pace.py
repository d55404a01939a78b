from __future__ import annotations

import pytest

from authmethods import connection_test, tokens
from authmethods.models import AuthenticationMethod
from outbound.redis_limiter import RedisRateLimiter


def pace_of(method):
    pace = tokens.connect(method).limiter
    assert isinstance(pace, RedisRateLimiter)
    return pace


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("edition", "share", "places"),
    [("ENTERPRISE", 0.8, 20), ("PROFESSIONAL", 0.5, 7), ("FREE", 0.8, 4), ("FREE", 0.1, 1), ("", 1.0, 4)],
)
def test_our_part_of_what_the_edition_allows_is_the_operators_to_set(zoho, ada, settings, edition, share, places):
    method = zoho.method(by=ada)
    method.edition = edition
    settings.PACE_SHARE = share
    assert pace_of(method)._places == places


@pytest.mark.django_db
def test_methods_of_one_portal_share_its_pace_and_those_of_another_do_not(zoho, ada):
    first, second = zoho.method(by=ada), zoho.method(name="Second", by=ada)
    other = zoho.method("globex", "Other", by=ada)
    keys = [pace_of(method)._key for method in (first, second, other)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.django_db
def test_the_pace_follows_a_change_of_edition_once_the_connection_is_tested(zoho, ada):
    method = zoho.method(by=ada)
    assert pace_of(method)._places == 20
    zoho.stand_in.set_knobs(edition="FREE")
    assert all(step.ok for step in connection_test.run(method))
    assert pace_of(AuthenticationMethod.objects.get())._places == 4
