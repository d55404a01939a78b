from __future__ import annotations

import pytest

from crm import identity
from crm.checks import phone_region
from integrations.types import Search


@pytest.mark.parametrize("spelling", ["+33 6 12 34 56 78", "0033612345678", "06.12.34.56.78", "tel:+33612345678"])
def test_one_number_has_one_key_however_it_is_written(settings, spelling):
    settings.PHONE_REGION = "FR"
    assert identity.of_phone(spelling) == ["phone:+33612345678"]


def test_without_a_country_a_national_number_is_its_digits(settings):
    settings.PHONE_REGION = ""
    assert identity.of_phone("06 12 34 56 78") == ["phone:0612345678"]


@pytest.mark.parametrize("number", ["", "anonymous", "101", "sip:bob@example.com"])
def test_a_withheld_number_is_nobody(number):
    assert identity.of_search(Search(phone=number)) == []


def test_a_customer_has_a_key_for_each_way_to_reach_him():
    found = identity.of_search(Search(phone="+33612345678", email="Claire@Example.com", name="Claire"))
    assert found == ["email:claire@example.com", "phone:+33612345678"]


def test_a_country_that_does_not_exist_stops_the_start(settings):
    settings.PHONE_REGION = "ZZ"
    [error] = phone_region(None)
    assert error.id == "crm.E001"
    settings.PHONE_REGION = "FR"
    assert phone_region(None) == []


@pytest.mark.parametrize(
    ("region", "dialled"),
    [("FR", "0033612345678"), ("US", "011 33 612 345 678"), ("AU", "0011 33 612 345 678"), ("FR", "612345678")],
)
def test_how_one_dials_abroad_depends_on_the_country(settings, region, dialled):
    settings.PHONE_REGION = region
    assert identity.of_phone(dialled) == ["phone:+33612345678"]


def test_a_number_with_two_forms_has_both_keys_so_that_what_was_remembered_is_found():
    assert set(identity.of_phone("+5215512345678")) == {"phone:+525512345678", "phone:+5215512345678"}
    assert identity.of_phone("+525512345678") == ["phone:+525512345678"]


@pytest.mark.parametrize("number", ["0000000000", "+0000000000", "1111111"])
def test_a_repeated_digit_is_nobody(number):
    assert identity.of_search(Search(phone=number)) == []
