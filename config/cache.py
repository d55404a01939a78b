"""How values are kept in Redis, into which others may write: what cannot be of our making counts as missing."""

from __future__ import annotations

import json
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ResponseError

from outbound.redis_server import Script

LARGEST = 1024 * 1024
"""Bytes of a value that is read; a list of departments, the longest of ours, has some ten thousand."""

# A key that stays for longer than is asked for (or for ever) would keep everybody out: somebody else wrote it.
# KEYS: the key. ARGV: its value, and for how many seconds.
ADD = Script(
    """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then return 1 end
local left = redis.call('PTTL', KEYS[1])
if left >= 0 and left <= ARGV[2] * 1000 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
""",
    keys=1,
)


class JSONSerializer:
    """Instead of Django's, which unpickles: whoever can write to Redis could then run code in every process."""

    def dumps(self, value: Any) -> int | bytes:
        # Numbers go in as they are, so that Redis itself can increment them.
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """Raises ValueError for what is no JSON."""
        try:
            return json.loads(data)
        except RecursionError:
            raise ValueError("nested too deeply") from None


_JSON = JSONSerializer()


class Client(RedisCacheClient):
    """Reads no more than what could be ours, and lets nothing else stand in the way of a key."""

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        if not timeout:
            return bool(super().add(key, value, timeout))
        arguments = [key, _JSON.dumps(value), timeout]
        return bool(ADD.run(self.get_client(key, write=True), arguments))

    def get(self, key: Any, default: Any) -> Any:
        return self.get_many([key]).get(key, default)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        keys = list(keys)
        pipeline = self.get_client(None).pipeline(transaction=False)
        for key in keys:
            pipeline.getrange(key, 0, LARGEST)
        found = dict(zip(keys, pipeline.execute(raise_on_error=False), strict=True))
        return {key: value for key, raw in found.items() for value in self._values(raw)}

    def incr(self, key: Any, delta: int) -> int:
        """Raises ValueError where nothing stands that can be counted on."""
        try:
            return int(super().incr(key, delta))
        except ResponseError as error:
            if not _is_about_the_value(error):
                raise
            self.delete(key)
            raise ValueError("There was no number.") from None

    def _values(self, raw: Any) -> list[Any]:
        if isinstance(raw, Exception):
            if isinstance(raw, ResponseError) and _is_about_the_value(raw):
                return []
            raise raw
        if not raw or len(raw) > LARGEST:
            return []
        try:
            return [_JSON.loads(raw)]
        except ValueError:
            return []


class Cache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client


def _is_about_the_value(error: ResponseError) -> bool:
    """Not about the server: one that is read-only, or full, counts as away."""
    return any(word in str(error) for word in ("WRONGTYPE", "not an integer", "would overflow"))
