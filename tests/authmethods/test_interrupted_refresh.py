"""A time limit that strikes while a token is renewed locks nobody out of the next renewal."""

from __future__ import annotations

import itertools
import time

from authmethods import token_refresh
from tests.outbound.interrupting import At


def test_an_interruption_at_the_door_does_not_lock_the_worker_out_for_ever():
    for instruction in itertools.count(1):
        with At(instruction) as interruption, token_refresh._door(instruction, time.monotonic()):
            pass
        if not interruption.came:
            break
        with token_refresh._door(instruction, time.monotonic()):
            pass
    assert instruction > 50, "the door itself was walked through"
