"""The index only narrows: a search through it finds what comparing every record finds, and looks at few of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakezoho.desk import matching
from fakezoho.index import KEYS, SEARCHED
from fakezoho.module import Module
from tests.fakezoho.conftest import fields_at_fault

# Few letters, so that texts meet; with what trips a comparison: capitals, blanks, a Turkish İ, stars.
TEXT = st.text(alphabet="abA1 -İ*é", max_size=8)
PHONE = st.text(alphabet="012+ -", max_size=10)
CONTACT = st.fixed_dictionaries({"firstName": st.none() | TEXT, "lastName": TEXT, "email": TEXT, "phone": PHONE})
PATTERN = st.sampled_from(["", "*"]).flatmap(
    lambda star: st.builds(lambda inner, end: star + inner + end, TEXT | PHONE, st.sampled_from(["", "*"]))
) | st.sampled_from(["${empty}", "${notempty}"])
KINDS = {
    "e-mail": lambda patterns: matching.text_match("email", patterns),
    "phone by digits": lambda patterns: matching.phone_match("phone", patterns, "digits"),
    "phone as stored": lambda patterns: matching.phone_match("phone", patterns, "raw"),
    "anywhere": lambda patterns: matching.words_match(("firstName", "lastName", "email", "phone"), patterns[0]),
    "custom field": lambda patterns: matching.custom_field_match(f"cf_x:{patterns[0]}"),
    "full name": lambda patterns: matching.full_name_match(patterns),
}


def held(contacts):
    module = Module(SEARCHED["contacts"])
    for number, values in enumerate(contacts):
        module.put({"id": f"{number:05d}", "cf": {"cf_x": values["email"]}, **values}, 0.0)
    return module.searchable


@pytest.fixture(scope="module")
def many():
    return held(
        {
            "firstName": None,
            "lastName": f"Last {number}",
            "email": f"caller{number}@company{number % 90}.example",
            "phone": f"+33 1 {40_000_000 + number}",
        }
        for number in range(5_000)
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(contacts=st.lists(CONTACT, max_size=12), patterns=st.lists(PATTERN, min_size=1, max_size=3))
def test_the_index_loses_nobody(kind, contacts, patterns):
    view = held(contacts)
    match = KINDS[kind](patterns)
    compared = [record["id"] for record in view.read(1.0).values() if match.test(record)]
    narrowed = matching.narrowed(view, 1.0, [match])
    assert [record["id"] for record in narrowed.values() if match.test(record)] == compared


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("e-mail", "caller123@company33.example"),
        ("e-mail", "caller123@*"),
        ("phone by digits", "*40000123"),
        ("phone as stored", "*1 40000123"),
        ("anywhere", "caller123@"),
        ("custom field", "caller123@company33.example"),
    ],
)
def test_a_search_among_5000_looks_at_few(many, kind, pattern):
    looked = matching.narrowed(many, 1.0, [KINDS[kind]([pattern])])
    assert 1 <= len(looked) < 50


IDS, EMAILS = st.sampled_from(["1", "2", "3", "4"]), st.sampled_from([None, "", "a@b", "A@b", "c@d"])


@given(writes=st.lists(st.tuples(IDS, st.booleans(), EMAILS), max_size=20), asked=EMAILS.filter(bool))
def test_who_has_an_e_mail_is_known_after_any_writes(writes, asked):
    module = Module(keys=KEYS["contacts"])
    for record_id, stays, email in writes:
        if stays:
            module.put({"id": record_id, "email": email}, 0.0)
        else:
            module.remove(record_id, 0.0)
    compared = [i for i, record in module.records.items() if (record["email"] or "").lower() == asked.lower()]
    assert [record["id"] for record in module.having("email", asked)] == sorted(compared)


class Looked(dict[str, Any]):
    """A record that counts how often somebody looks into it."""

    looks = 0

    def __getitem__(self, name):
        Looked.looks += 1
        return super().__getitem__(name)

    def get(self, name, default=None):
        Looked.looks += 1
        return super().get(name, default)


def test_whether_an_e_mail_is_taken_is_known_without_looking_into_the_others(zoho, desk):
    contacts = zoho.world.portal("eu", "acme").modules["contacts"]
    seeded, made = next(iter(contacts.records.values())), zoho.world.clock.now()
    for number in range(500):
        new = seeded | {"id": f"1984000001{number:08d}", "email": f"caller{number}@company.example"}
        zoho.do(lambda new=new: contacts.put(Looked(new), made))
    zoho.set_knobs(duplicate_email="refuse")
    desk.get("/contacts/search?email=x")
    Looked.looks = 0
    twin = desk.post("/contacts", json={"lastName": "Twin", "email": "CALLER77@company.example"})
    assert fields_at_fault(twin) == {("/email", "duplicate")}
    department = zoho.records("eu", "acme", "departments")[0]["id"]
    asked = {"subject": "Help", "departmentId": department, "contact": {"email": "caller88@company.example"}}
    assert desk.post("/tickets", json=asked).json()["contactId"] == "198400000100000088"
    assert Looked.looks < 50
