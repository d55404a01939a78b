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

WITHOUT_SHOWING = re.compile(r"^(?:[*#]{1,2}\d{2,3}#|\*(?:67|82)(?=\d{7}))")
"""What callers dial first to withhold their number, or to show it: *31#, #31#, in North America *67 and *82."""
IN_BRACKETS = re.compile(r"<([^<>]*)>")
"""The address beside a name: "Marie Curie" <sip:+33612345678@pbx.example>."""

ENDS_OF_EIGHT = {54, 55, 229}
"""Countries in which the two forms of a mobile number share no more than their last eight digits."""

SAME = (MatchType.EXACT_MATCH, MatchType.NSN_MATCH)


def plain(number: str) -> str:
    """Digits with a leading + where the number is international; "" for one that is withheld, too short or too long."""
    if len(number) > LONGEST:
        return ""
    text = _typed(number).strip().lower()
    if address := IN_BRACKETS.search(text):
        text = address[1].strip()
    text = re.sub(r"^(tel:|sips?:)", "", text).split(";")[0].split("@")[0]
    text = EXTENSION.sub("", WITHOUT_SHOWING.sub("", text))
    if re.search(r"[a-z]", text):
        return ""
    digits = re.sub(r"\D", "", text)
    international = bool(re.match(r"\D*\+", text))  # (+33) too
    if not international and digits.startswith("00") and len(digits) > SHORTEST + 2:
        international, digits = True, digits[2:]
    if len(digits) < SHORTEST or len(set(digits)) == 1:  # 0000000000 stands for nobody
        return ""
    return f"+{digits}" if international else digits


def dialled(number: str) -> str:
    """The digits of a number as they were dialled: how one dials abroad depends on the country."""
    return re.sub(r"\D", "", WITHOUT_SHOWING.sub("", _typed(number).strip().lower()).split("@")[0])


def in_its_newer_form(number: str) -> str:
    """An international number as its country writes it today."""
    parsed = _parsed(number)
    return str(phonenumbers.format_number(canonical(parsed), PhoneNumberFormat.E164)) if parsed else number


def _typed(number: str) -> str:
    """The text as a keyboard gives it: digits of every script as 0-9, without the unseen marks that a copy brings."""
    text = filter(str.isprintable, unicodedata.normalize("NFKC", number))
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def canonical(number: PhoneNumber) -> PhoneNumber:
    """The newer of the two forms in which some countries write the same mobile number."""
    national = phonenumbers.national_significant_number(number)
    newer = national
    if number.country_code == 52 and len(national) == 11:  # Mexico dropped the 1 in 2019
        newer = national.removeprefix("1")
    elif number.country_code == 54 and len(national) == 11:  # Argentina: 9 from abroad, 15 behind the area at home
        newer = national.removeprefix("9")
    elif number.country_code == 55 and len(national) == 10 and national[2] in "6789":  # Brazil's ninth digit, 2012-16
        newer = f"{national[:2]}9{national[2:]}"
    elif number.country_code == 229 and len(national) == 8:  # Benin put 01 before, 2024
        newer = f"01{national}"
    if newer == national:
        return number
    zeros = len(newer) - len(newer.lstrip("0"))
    return PhoneNumber(
        country_code=number.country_code,
        national_number=int(newer),
        italian_leading_zero=bool(zeros) or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


def suffix(number: str) -> str:
    """The digits by which a number is searched: the end of its national part, without a trunk zero."""
    number = plain(number)
    parsed = _parsed(number)
    # Not a number of any known country: its own digits serve.
    national = phonenumbers.national_significant_number(parsed) if parsed else number.removeprefix("+").lstrip("0")
    return national[-8:] if parsed and parsed.country_code in ENDS_OF_EIGHT else national[-SUFFIX:]


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
    try:
        return phonenumbers.parse(number) if number.startswith("+") else None
    except NumberParseException:
        return None


def _parsed_in(region: str, number: str) -> PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def same(one: str, other: str) -> bool:
    one, other = plain(one), plain(other)
    if not one or not other:
        return False
    bare = one.removeprefix("+"), other.removeprefix("+")
    if bare[0] == bare[1]:
        return True
    if one.startswith("+") or other.startswith("+"):
        return phonenumbers.is_number_match(one, other) in SAME or _same_in_two_forms(one, other)
    trunkless = bare[0].lstrip("0"), bare[1].lstrip("0")
    return trunkless[0] == trunkless[1] and len(trunkless[0]) >= LONG_ENOUGH


def _same_in_two_forms(one: str, other: str) -> bool:
    """Where a country writes the same mobile number in two forms; a national one is read as that country's."""
    known = _parsed(one) or _parsed(other)
    region = phonenumbers.region_code_for_country_code(known.country_code or 0) if known else ""
    numbers = [_parsed(number) or _possible(region, number) for number in (one, other)]
    forms = [canonical(number) for number in numbers if number]
    return len(forms) == 2 and forms[0] == forms[1]


def _possible(region: str, number: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except NumberParseException:
        return None
