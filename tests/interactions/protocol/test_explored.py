"""Every order of steps of two workers with two deliveries: nothing double, nothing lost, always a way to the end."""

from __future__ import annotations

from collections import deque

import pytest

from interactions.models import DeliveryState
from tests.interactions.protocol.model import Rules, World, alike, nexts


def explored(rules):
    """Each world that can come about, with those that it can come from; ends at the first double."""
    start = World()
    before: dict[World, set[World]] = {start: set()}
    left = deque([start])
    while left:
        world = left.popleft()
        if any(len(one.records) > 1 for one in world.deliveries):
            return before, world
        for following in map(alike, nexts(world, rules)):
            if following not in before:
                before[following] = set()
                left.append(following)
            before[following].add(world)
    return before, None


@pytest.fixture(scope="module")
def whole():
    return explored(Rules())


def test_nothing_is_written_twice(whole):
    worlds, double = whole
    assert double is None
    assert len(worlds) > 50_000


def test_what_counts_as_delivered_is_there(whole):
    worlds, _ = whole
    delivered = [
        one for world in worlds for one in world.deliveries if one.state == DeliveryState.DELIVERED or one.known
    ]
    assert delivered
    assert all(one.records for one in delivered)


def test_from_everywhere_there_is_a_way_to_the_end(whole):
    worlds, _ = whole
    ends = [world for world in worlds if all(one.state == DeliveryState.DELIVERED for one in world.deliveries)]
    reached, left = set(ends), deque(ends)
    while left:
        for earlier in worlds[left.popleft()]:
            if earlier not in reached:
                reached.add(earlier)
                left.append(earlier)
    assert len(reached) == len(worlds)


@pytest.mark.parametrize("without", ["looks", "fences", "settles", "has_deadline", "people_wait"])
def test_without_any_of_its_rules_something_is_written_twice(without):
    _, double = explored(Rules(**{without: False}))
    assert double is not None
