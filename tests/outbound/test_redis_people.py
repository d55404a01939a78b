"""One place is kept for people while they work, and no longer."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import pytest

from integrations.errors import Throttled
from outbound import redis_limiter
from tests.outbound.budget import held, pace, places, server, taking, url

__all__ = ["server", "url"]  # fixtures


def test_deliveries_leave_one_place_for_people_while_they_work(url):
    budget = pace(url)
    with held(budget, foreground=True):
        pass
    done = taking(budget, 4)
    with pytest.raises(Throttled, match="places"), held(budget, foreground=False):
        pass
    with held(budget, foreground=True):
        assert places(url) == 5
    done()


def test_where_nobody_works_deliveries_use_all_places(url, monkeypatch):
    monkeypatch.setattr(redis_limiter, "PEOPLE_STAY_SECONDS", 1)
    budget = pace(url)
    with held(budget, foreground=True):
        pass
    time.sleep(1.1)
    done = taking(budget, 5)
    assert places(url) == 5
    done()


def test_a_person_who_comes_while_all_places_are_taken_gets_the_first_that_is_free(url):
    """Though deliveries wait as well, and longer."""
    budget = pace(url, limit=3, patience=5.0, patience_foreground=5.0)
    done = taking(budget, 3)
    got = []

    def waits(foreground):
        with held(budget, foreground=foreground):
            got.append(foreground)
            time.sleep(0.2)

    deliveries = [threading.Thread(target=waits, args=(False,)) for _ in range(6)]
    for thread in deliveries:
        thread.start()
    with suppress(Throttled), held(pace(url, limit=3, patience_foreground=0.0), foreground=True):
        pass  # says that a person is there
    person = threading.Thread(target=waits, args=(True,))
    person.start()
    time.sleep(0.2)
    done()
    for thread in (person, *deliveries):
        thread.join()
    assert True in got[:3], got


def test_with_one_place_alone_nothing_is_kept(url):
    budget = pace(url, limit=1)
    with held(budget, foreground=True):
        pass
    with held(budget, foreground=False):
        assert places(url) == 1
