"""How customers are told apart: by telephone number and e-mail, each in one spelling."""

from __future__ import annotations

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumberFormat

from integrations import phones
from integrations.types import Search


def international(number: str) -> str:
    """The number as E.164 (+33612345678), national ones read as those of `PHONE_REGION`; "" if that fails."""
    plain = phones.plain(number)
    try:
        parsed = phonenumbers.parse(plain, settings.PHONE_REGION or None)
    except NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


def of_phone(number: str) -> str:
    """`phone:+33612345678`; digits alone where the country is not known, "" for a withheld number or an extension."""
    spelling = international(number) or phones.plain(number)
    return f"phone:{spelling}" if spelling else ""


def of_email(address: str) -> str:
    """`email:someone@example.com`, in lower case."""
    address = address.strip().lower()
    return f"email:{address}" if "@" in address else ""


def of_search(search: Search) -> list[str]:
    """Every key by which the customer of this search is known, sorted; empty for an anonymous one."""
    return sorted(filter(None, (of_phone(search.phone), of_email(search.email))))
