from __future__ import annotations

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumberFormat

from integrations import phones
from integrations.types import Search


def international(number: str) -> str:
    """As E.164; national numbers, and how people dial abroad (00, 011, 0011), are those of `PHONE_REGION`. "" if that
    fails.
    """
    if not (plain := phones.plain(number)):
        return ""
    dialled = [plain] if "+" in number or not settings.PHONE_REGION else [phones.dialled(number), plain]
    for text in dialled:
        try:
            parsed = phonenumbers.parse(text, settings.PHONE_REGION or None)
        except NumberParseException:
            continue
        if phonenumbers.is_possible_number(parsed):
            return str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))
    return ""


def of_phone(number: str) -> list[str]:
    """Digits alone where the country is not known; none for a withheld number or an extension. Both where a country
    has two forms of a number.
    """
    spelling = international(number) or phones.plain(number)
    return sorted({f"phone:{one}" for one in (spelling, phones.in_its_newer_form(spelling)) if one})


def of_email(address: str) -> str:
    address = address.strip().lower()
    return f"email:{address}" if "@" in address else ""


def of_search(search: Search) -> list[str]:
    """Every key by which the customer of this search is known, sorted; empty for an anonymous one."""
    return sorted(filter(None, (*of_phone(search.phone), of_email(search.email))))
