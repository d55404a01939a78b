"""The table of numbers: compared by ourselves, found by the vendor's search, and found in a CRM that is kept here."""

from __future__ import annotations

import re

import pytest

from integrations import phones
from integrations.types import Search
from tests.integrations.phone_pairs import PAIRS

TRUE = [(call, stored) for call, stored, same, _ in PAIRS if same]
FOUND = [(call, stored) for call, stored in TRUE if not re.search(r"(ext|x|poste) \d+$|x12$", stored)]
"""A stored extension stands behind the end by which a number is searched (zoho-facts 4.6: `*` may only begin it)."""


def test_the_table_is_long_enough_to_be_one():
    assert len(PAIRS) >= 80
    assert all(why for *_, why in PAIRS)


@pytest.mark.parametrize(("call", "stored", "same", "why"), PAIRS, ids=[f"{a}|{b}" for a, b, *_ in PAIRS])
def test_who_called_is_who_is_stored(call, stored, same, why):
    assert phones.same(call, stored) is same, why
    assert phones.same(stored, call) is same, why


@pytest.mark.parametrize(("call", "stored"), FOUND, ids=[f"{a}|{b}" for a, b in FOUND])
def test_the_search_of_zoho_desk_finds_each_that_is_one(customer, connection, call, stored):
    clean = stored.replace("(", " ").replace(")", " ")
    made = customer.vendor.writer.create(connection, "contacts", {"lastName": "Stored", "phone": clean})
    customer.zoho.advance(600)
    found = {one.id for one in customer.vendor.reader.find(connection, "contacts", Search(phone=call))}
    assert made.id in found
