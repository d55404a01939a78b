from __future__ import annotations

import time

import pytest

from integrations import phones

SAME = [
    ("+33612345678", "0612345678"),
    ("+33612345678", "612345678"),
    ("+33612345678", "33612345678"),
    ("+33612345678", "0033612345678"),
    ("0033612345678", "06 12 34 56 78"),
    ("+4512345678", "45 12 34 56 78"),
    ("+4512345678", "12345678"),
    ("+390612345678", "0612345678"),
    ("+14155550100", "(415) 555-0100"),
    ("+14155550100", "1-415-555-0100"),
    ("021234567", "+3221234567"),
    ("+442071234567", "+44 (0)20 7123 4567"),
    ("sip:+33612345678@pbx.example", "0612345678"),
    ("tel:+33612345678;phone-context=x", "06.12.34.56.78"),
    ("0612345678", "612345678"),
    ("+33170363950", "+33 1 70 36 39 50 ext 12"),
    ("0170363950", "+33 1 70 36 39 50 x12"),
    ("0612345678", "(+33) 6 12 34 56 78"),
    ("0612345678", "(0033) 6 12 34 56 78"),
    ("0612345678", "+33 (0)6 12 34 56 78"),
    ("0612345678", "\u202a+33 6 12 34 56 78\u202c"),  # as some address books copy it
    ("0612345678", "\u202dtel:+33612345678"),
    ("0612345678", "＋３３\u00a06\u201112\u201134\u201156\u201178"),
    ("+201001234567", "٠١٠٠١٢٣٤٥٦٧"),
    ("+919876543210", "०९८७६५४३२१०"),
]
OTHERS = [
    ("+33612345678", "+33612345679"),
    ("+33612345678", "+49612345678"),
    ("0612345678", "0712345678"),
    ("+33612345678", "12345678"),
    ("+33612345678", "345678"),
    ("101", "101"),
    ("anonymous", "anonymous"),
    ("", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_number_written_in_two_ways_is_the_same(one, other):
    assert phones.same(one, other)
    assert phones.same(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_different_short_or_withheld_numbers_are_not_the_same(one, other):
    assert not phones.same(one, other)
    assert not phones.same(other, one)


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("+33612345678", "612345678"),
        ("06 12 34 56 78", "612345678"),
        ("+4512345678", "12345678"),
        ("021234567", "21234567"),
        ("+442071234567", "071234567"),
        ("Anonymous", ""),
        ("unknown 123456789", ""),
        ("101", ""),
        ("12345", ""),
    ],
)
def test_a_number_is_searched_by_the_end_of_its_national_part(number, digits):
    assert phones.suffix(number) == digits


@pytest.mark.parametrize(
    ("number", "endings"),
    [
        ("+33142234140", ["1 42 23 41 40", "1-42-23-41-40", "1.42.23.41.40"]),
        ("+14155550100", ["415 555 0100", "415-555-0100", "415.555.0100"]),
        ("00 33 1 42 23 41 40", ["1 42 23 41 40", "1-42-23-41-40", "1.42.23.41.40"]),
        ("anonymous", []),
        ("101", []),
        ("+999123456789", []),
        ("999999999999999", []),
    ],
)
def test_a_number_of_a_known_country_is_spelled_as_people_write_it(number, endings):
    assert phones.written(number) == endings


@pytest.mark.parametrize(
    ("number", "ending"),
    [
        ("0142234140", "1 42 23 41 40"),
        ("0142234140", "1.42.23.41.40"),
        ("33142234140", "1 42 23 41 40"),
        ("020 7946 0958", "20 7946 0958"),
        ("2025550123", "202-555-0123"),
        ("915212500", "915 21 25 00"),
        ("09876543210", "98765-43210"),
    ],
)
def test_a_national_number_is_spelled_as_in_each_country_that_has_it(number, ending):
    endings = phones.written(number)
    assert ending in endings
    assert len(endings) == len(set(endings)) <= 45


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_searched_end_is_part_of_every_way_to_write_the_number_without_its_country(one, other):
    national = min(phones.suffix(one), phones.suffix(other), key=len)
    assert phones.suffix(one).endswith(national)
    assert phones.suffix(other).endswith(national)


@pytest.mark.parametrize(
    "text", ["+336" + " " * 50_000 + "12345678", "9" * 500_000, "+33 6 " * 100_000, "ext " * 100_000]
)
def test_a_text_that_is_too_long_for_a_number_is_none_at_once(text):
    began = time.process_time()
    assert phones.plain(text) == ""
    assert phones.suffix(text) == ""
    assert not phones.same(text, "+33612345678")
    assert time.process_time() - began < 2
