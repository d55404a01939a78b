"""Whether two phone numbers are the same, however each is written."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import MatchType, NumberParseException, PhoneNumber, PhoneNumberFormat

SHORTEST = 6
"""Digits below which a number is an extension or withheld, and finds nobody."""
LONGEST = 250
"""Characters beyond which a text is no number; what a vendor sends as one may be of any length."""
SUFFIX = 9
"""Digits at the end by which a search asks; the whole number is compared afterwards."""
LONG_ENOUGH = 8
"""Digits that two national numbers must share to count as the same although one lacks the trunk zero."""

EXTENSION = re.compile(r"\s*(ext\.?|extension|x|#|poste)\s*\d{1,6}$")
"""An extension behind a company's number, which is left out: the number is the company's."""

SEPARATORS = (" ", "-", ".")
REGIONS = (
    "FR", "GB", "DE", "ES", "IT", "NL", "BE", "CH", "AT", "PT", "IE", "DK", "SE", "NO", "FI", "PL", "CZ", "LU",
    "US", "CA", "BR", "MX", "IN", "AU", "NZ", "JP", "SG", "CN", "SA", "AE", "ZA", "MA",
)  # fmt: skip
"""The countries whose usual spellings of a national number are tried, since nothing tells its own."""

SAME = (MatchType.EXACT_MATCH, MatchType.NSN_MATCH)


def plain(number: str) -> str:
    """Digits with a leading + where the number is international; "" for one that is withheld, too short or too long."""
    if len(number) > LONGEST:
        return ""
    text = re.sub(r"^(tel:|sips?:)", "", _typed(number).strip().lower()).split(";")[0].split("@")[0]
    text = EXTENSION.sub("", text)
    if re.search(r"[a-z]", text):
        return ""
    digits = re.sub(r"\D", "", text)
    international = bool(re.match(r"\D*\+", text))  # (+33) too
    if not international and digits.startswith("00") and len(digits) > SHORTEST + 2:
        international, digits = True, digits[2:]
    if len(digits) < SHORTEST:
        return ""
    return f"+{digits}" if international else digits


def _typed(number: str) -> str:
    """The text as a keyboard gives it: digits of every script as 0-9, without the unseen marks that a copy brings."""
    text = filter(str.isprintable, unicodedata.normalize("NFKC", number))
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def suffix(number: str) -> str:
    """The digits by which a number is searched: the end of its national part, without a trunk zero."""
    number = plain(number)
    parsed = _parsed(number)
    # Not a number of any known country: its own digits serve.
    national = phonenumbers.national_significant_number(parsed) if parsed else number.removeprefix("+").lstrip("0")
    return national[-SUFFIX:]


def written(number: str) -> list[str]:
    """How people write the national part of a number: in each country's groups, with the usual separators."""
    number = plain(number)
    candidates = [_parsed(number)] if number.startswith("+") else [_parsed_in(region, number) for region in REGIONS]
    groups = dict.fromkeys(_grouped(candidate) for candidate in candidates if candidate)
    return [separator.join(parts) for parts in groups if len(parts) > 1 for separator in SEPARATORS]


def _grouped(number: PhoneNumber) -> tuple[str, ...]:
    text = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).partition(" ")[2]
    return tuple(re.split(r"\D+", text))


def _parsed(number: str) -> PhoneNumber | None:
    """The parts of an international number, None for a national one or for no known country."""
    try:
        return phonenumbers.parse(number) if number.startswith("+") else None
    except NumberParseException:
        return None


def _parsed_in(region: str, number: str) -> PhoneNumber | None:
    """The parts of a national number, None where that region has no such number."""
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def same(one: str, other: str) -> bool:
    """Whether both are the same number, national or international."""
    one, other = plain(one), plain(other)
    if not one or not other:
        return False
    bare = one.removeprefix("+"), other.removeprefix("+")
    if bare[0] == bare[1]:
        return True
    if one.startswith("+") or other.startswith("+"):
        return phonenumbers.is_number_match(one, other) in SAME
    trunkless = bare[0].lstrip("0"), bare[1].lstrip("0")
    return trunkless[0] == trunkless[1] and len(trunkless[0]) >= LONG_ENOUGH
