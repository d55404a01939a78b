"""How values are kept in Redis."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_what_somebody_wrote_into_redis_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "exploded"
    cache._cache.get_client().set(cache.make_key("poisoned"), pickle.dumps(Bomb(mark)))  # type: ignore[attr-defined]
    assert cache.get("poisoned") is None
    assert not mark.exists()


@pytest.mark.parametrize("value", [0, -5, 10**18, 2.5, "", "é", "12", True, None, [1, "a", None], {"a": {"b": [1]}}])
def test_a_value_comes_back_as_it_was(value: object) -> None:
    cache.set("value", value)
    assert cache.get("value", "missing") == value
    assert type(cache.get("value")) is type(value)


def test_redis_itself_counts() -> None:
    cache.add("count", 0)
    cache.incr("count")
    cache.incr("count", 5)
    assert cache.get("count") == 6
