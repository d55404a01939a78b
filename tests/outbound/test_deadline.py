"""What was noted too long ago does not leave, whichever clock shows it, on a new connection or a kept one."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from outbound import deadline
from outbound.deadline import Deadline, TooLate, within
from outbound.http import Client


@pytest.fixture
def clocks(monkeypatch):
    """Monotonic, boot and wall, as a test moves them."""
    readings = [100.0, 200.0, 300.0]
    monkeypatch.setattr(deadline, "clocks", lambda: tuple(readings))
    return readings


@pytest.mark.parametrize("moved", [0, 1, 2], ids=["monotonic", "boot", "wall"])
def test_it_is_over_as_soon_as_one_clock_says_so(clocks, moved):
    taken = Deadline(20)
    clocks[moved] += 19.9
    assert not taken.is_over
    clocks[moved] += 0.2
    assert taken.is_over


def test_a_clock_that_was_put_back_does_not_end_it(clocks):
    taken = Deadline(20)
    clocks[2] -= 3600
    assert not taken.is_over


@pytest.mark.parametrize("kept", [False, True], ids=["a new connection", "a kept one"])
def test_nothing_leaves_after_it(stand_in, kept):
    client = Client()
    client.trust(stand_in.url)
    if kept:
        client.send("GET", f"{stand_in.url}/datacentres.json")
    before = len(stand_in.journal())

    @contextmanager
    def slow(prepare):
        request = prepare()
        clock.is_late = True
        yield request

    class Clock(Deadline):
        is_late = False

        @property
        def is_over(self):
            return self.is_late

    clock = Clock(20)
    with within(clock), pytest.raises(TooLate):
        client.send("POST", f"{stand_in.url}/eu/desk/api/v1/calls", json={"subject": "late"}, slot=slow)
    assert len(stand_in.journal()) == before
    assert client.send("GET", f"{stand_in.url}/datacentres.json").status == 200
