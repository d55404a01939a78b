"""How a search compares: any of several values, wildcards, emptiness, ranges of time (ZOHO.md 4.6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fakezoho.clock import seconds_of
from fakezoho.desk.listing import Test
from fakezoho.desk.problems import Refused
from fakezoho.module import Record

NOT_DIGITS = re.compile(r"\D+")


def text_test(name: str, patterns: list[str], leading: bool = False) -> Test:
    """Whether a field meets any of the patterns; ``leading`` also allows ``*`` in front."""
    return _test(name, patterns, lambda value: value.strip().lower(), leading)


def phone_test(name: str, patterns: list[str], compare: str) -> Test:
    """Phone numbers by digits, or as stored when ``compare`` is ``raw``; a leading ``*`` is allowed."""
    if compare == "raw":
        return text_test(name, patterns, leading=True)
    return _test(name, patterns, lambda value: NOT_DIGITS.sub("", value), leading=True)


def _test(name: str, patterns: list[str], normal: Callable[[str], str], leading: bool) -> Test:
    tests = [_one(pattern.strip(), normal, leading) for pattern in patterns]

    def meets(record: Record) -> bool:
        value = record.get(name)
        return any(test("" if value is None else str(value)) for test in tests)

    return meets


def _one(pattern: str, normal: Callable[[str], str], leading: bool) -> Callable[[str], bool]:
    if pattern == "${empty}":
        return lambda value: not value
    if pattern == "${notempty}":
        return bool
    starts = leading and pattern.startswith("*")
    ends = pattern.endswith("*")
    wanted = normal(pattern.strip("*"))
    if not wanted and pattern.strip("*"):
        return lambda value: False  # a phone pattern without a digit
    if starts and ends:
        return lambda value: wanted in normal(value)
    if starts:
        return lambda value: bool(value) and normal(value).endswith(wanted)
    if ends:
        return lambda value: bool(value) and normal(value).startswith(wanted)
    return lambda value: bool(value) and normal(value) == wanted


def words_test(names: tuple[str, ...], text: str) -> Test:
    """``_all``: the text anywhere in any of the fields."""
    wanted = text.strip("*").lower()
    return lambda record: any(wanted in str(record.get(name) or "").lower() for name in names)


def custom_field_tests(query: dict[str, Any]) -> list[Test]:
    """``customField1`` to ``customField10``, each ``apiName:value``."""
    tests = []
    for number in range(1, 11):
        given = query.get(f"customField{number}")
        if given:
            name, _, pattern = given.partition(":")
            tests.append(_inside_cf(name, pattern))
    return tests


def _inside_cf(name: str, pattern: str) -> Test:
    test = text_test(name, [pattern])
    return lambda record: test(record.get("cf") or {})


def range_test(name: str, text: str) -> Test:
    """Two moments joined by a comma, both included; raises Refused (422) on anything else."""
    try:
        start, end = (seconds_of(part.strip()) for part in text.split(","))
    except ValueError:
        raise Refused("UNPROCESSABLE_ENTITY", f"The range for '{name}' is not two timestamps.") from None
    return lambda record: bool(record.get(name)) and start <= seconds_of(record[name]) <= end


def range_tests(query: dict[str, Any], names: dict[str, str]) -> list[Test]:
    return [range_test(field, query[given]) for given, field in names.items() if given in query]


def all_of(tests: list[Test]) -> Test:
    return lambda record: all(test(record) for test in tests)
