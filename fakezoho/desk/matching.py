"""How a search compares: any of several values, wildcards, emptiness, ranges of time (docs/zoho-facts.md 4.6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fakezoho.clock import seconds_of
from fakezoho.desk.problems import Refused
from fakezoho.index import digits, full_name, lowered
from fakezoho.module import Record, Test, View

WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Match:
    """One condition; who meets it has a needle in one of the fields ``names``, unless ``needles`` is None."""

    test: Test
    names: tuple[str, ...] = ()
    needles: tuple[str, ...] | None = None


def narrowed(view: View, now: float, matches: list[Match]) -> dict[str, Record]:
    """Return the records that are worth comparing, in order of creation."""
    left: set[str] | None = None
    for match in matches:
        if match.needles is not None and view.covers(match.names):
            found = view.candidates(now, match.needles)
            if found is not None:
                left = found if left is None else left & found
    records = view.read(now)
    return records if left is None else {record_id: records[record_id] for record_id in sorted(left)}


def text_match(name: str, patterns: list[str], leading: bool = False) -> Match:
    """Compare a field with any of the patterns; ``leading`` also allows ``*`` in front."""
    return _match((name,), lambda record: record.get(name), patterns, lambda value: value.strip().lower(), leading)


def phone_match(name: str, patterns: list[str], compare: str) -> Match:
    if compare == "raw":
        return text_match(name, patterns, leading=True)
    return _match((name,), lambda record: record.get(name), patterns, digits, leading=True)


def full_name_match(patterns: list[str]) -> Match:
    return _match(("firstName", "lastName"), full_name, patterns, lambda value: value.strip().lower(), leading=False)


def account_match(accounts: dict[str, Record], patterns: list[str]) -> Match:
    named = text_match("accountName", patterns)
    return Match(lambda record: named.test(accounts.get(record["accountId"] or "", {})))


def _match(
    names: tuple[str, ...],
    value_of: Callable[[Record], Any],
    patterns: list[str],
    normal: Callable[[str], str],
    leading: bool,
) -> Match:
    asked = [_pattern(pattern.strip(), normal, leading) for pattern in patterns]

    def meets(record: Record) -> bool:
        value = value_of(record)
        return any(test("" if value is None else str(value)) for test, _ in asked)

    needles = [needle for _, needle in asked if needle is not None]
    return Match(meets, names, tuple(filter(None, needles)) if len(needles) == len(asked) else None)


def _pattern(pattern: str, normal: Callable[[str], str], leading: bool) -> tuple[Callable[[str], bool], str | None]:
    """Return a test, and what a value must hold: None when anything may do, empty when nothing does."""
    if pattern == "${empty}":
        return lambda value: not value, None
    if pattern == "${notempty}":
        return bool, None
    starts, ends = leading and pattern.startswith("*"), pattern.endswith("*")
    inner = pattern[1 if starts else 0 : -1 if ends else None]
    wanted = normal(inner)
    if "*" in inner or (not wanted and inner):
        return lambda value: False, ""  # a star that is no wildcard there; a phone pattern without a digit
    if starts and ends:
        test: Callable[[str], bool] = lambda value: wanted in normal(value)  # noqa: E731
    elif starts:
        test = lambda value: normal(value).endswith(wanted)  # noqa: E731
    elif ends:
        test = lambda value: normal(value).startswith(wanted)  # noqa: E731
    else:
        test = lambda value: normal(value) == wanted  # noqa: E731
    return lambda value: bool(value) and test(value), wanted or None


def any_of(matches: list[Match]) -> Match:
    needles = [match.needles for match in matches]
    told = None if None in needles else tuple(text for some in needles for text in some or ())
    names = tuple(name for match in matches for name in match.names)
    return Match(lambda record: any(match.test(record) for match in matches), names, told)


def words_match(names: tuple[str, ...], text: str) -> Match:
    wanted = text.strip("*").lower()
    return Match(lambda record: any(wanted in lowered(record.get(name)) for name in names), names, (wanted,))


def subject_match(text: str, compare: str) -> Match:
    """Match the text anywhere, or each word whole: how Zoho compares a subject is not told."""
    if compare == "anywhere":
        starred = text.startswith("*") or text.endswith("*")
        return text_match("subject", [text], leading=True) if starred else words_match(("subject",), text)
    words = WORD.findall(text.lower())
    # By words, a star could end one and not begin it, as elsewhere (4.6).
    if text.startswith("*") or not words:
        return Match(lambda record: False, ("subject",), ())
    begun = words.pop() if text.endswith("*") else ""

    def meets(record: Record) -> bool:
        own = WORD.findall(lowered(record["subject"]))
        return set(words) <= set(own) and any(word.startswith(begun) for word in own)

    return Match(meets, ("subject",), (max([*words, begun], key=len),))


def custom_field_matches(query: dict[str, Any]) -> list[Match]:
    given = (query.get(f"customField{number}") for number in range(1, 11))
    return [custom_field_match(text) for text in given if text]


def custom_field_match(text: str) -> Match:
    """Match ``apiName:value``."""
    name, _, pattern = text.partition(":")
    match = text_match(name, [pattern])
    return Match(lambda record: match.test(record.get("cf") or {}), ("cf",), match.needles)


def range_matches(query: dict[str, Any], names: dict[str, str]) -> list[Match]:
    return [_range(field, query[given]) for given, field in names.items() if given in query]


def _range(name: str, text: str) -> Match:
    """Match two moments joined by a comma, both included; raises Refused (422) on anything else."""
    try:
        start, end = (seconds_of(part.strip()) for part in text.split(","))
    except ValueError:
        raise Refused("UNPROCESSABLE_ENTITY", f"The range for '{name}' is not two timestamps.") from None
    return Match(lambda record: bool(record.get(name)) and start <= seconds_of(record[name]) <= end)
