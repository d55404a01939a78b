"""Patterns of fields, as an administrator writes them and sees in the preview what they do."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models import CRM, CRMField, LocalCard
from tests.cpu import within
from tests.maker.forms import filled

PATIENCE = 2.0
"""Seconds of processor time, for a page and three previews that take a twentieth of it together."""


@pytest.fixture
def page(client, ada, calls):
    """The object's page and what a browser would send of it as it stands."""
    client.force_login(ada)
    return f"/maker/crm/crmobject/{calls.pk}/change/"


@pytest.fixture
def previewed(client, ada, calls):
    """What the preview says of a text in a field of this pattern, stored as it is."""
    client.force_login(ada)

    def told(pattern, text):
        calls.fields.filter(api_name="subject").update(pattern=pattern)
        answer = client.post(f"/maker/crm/assignment/preview/{calls.pk}/", {"value_subject": text})
        assert answer.status_code == 200
        return answer.content.decode()

    return told


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        (r"[A-Z]{2}\d+", "FR12", "F12"),
        (r"\+?\d{6,15}", "+33612345678", "06 12"),
        (r"(\d{2} ?){5}", "06 12 34 56 78", "06 12"),
        (r"(low|high)", "high", "higher"),
        (r"[^@]+@[^@]+\.[^@]+", "a@b.c", "a@b"),
        (r"(?i)abc", "ABC", "abd"),
        (r"(a+)+b", "aaab", "aaa"),
        (r"\AFR\d\Z", "FR1", "FR1x"),
        (r"\w+", "José", "a-b"),
        (r"[\w.'-]+", "Zoë.O'Hara", "Zoë O"),
        (r"\W+", "--", "-é-"),
        (r"[\d ]+", "٣ ٤", "٣x"),
        (r"[\D]+", "abc", "ab٣"),
        (r"a\sb", "a\u00a0b", "a_b"),
        (r"a\Sb", "aéb", "a\u2003b"),
        (r"[^\s]+", "aé", "a\u00a0b"),
        (r"\\w", r"\w", "é"),
        (r"[\\w]+", r"w\w", "é"),
        (r"[]\d]+", "]1", "[1"),
        (r"a{,3}", "aa", "aaaa"),
        (r"a{02}", "aa", "a{02}"),
        (r"a{,}", "aaa", "b"),
        (r"a{}", "a{}", "aa"),
        (r"[[:alpha:]+]", "[]", "a"),
        (r"a\{,3}", "a{,3}", "aa"),
        (r"[a{,3}]+", "{3,", "{4"),
    ],
)
def test_a_pattern_means_what_it_meant_before(previewed, pattern, fits, does_not):
    assert "pattern" not in previewed(pattern, fits)
    assert "does not fit the pattern" in previewed(pattern, does_not)


HEAVY = [
    "(){6000000}x", "(?:.?){24}!", "(?:(?:a|a)(?:a|a)){12}(?:){900000}!", r"(a+)+b", r"(a|aa)+b", r"(.*a){20}",
    r"((a+)+)+", r"(x+x+)+y", r".*.*.*.*=", r"(a?){60}a{60}", r"(ab|a|b){200}", "(?:.?){1000}!", r"\PN{500}",
    r"[\w .]{1,255}", r"(?:\w{30}){30}", r"(?i)\w{1000}", "(?:" * 50 + "a" + "+)" * 50, "(" * 127 + "a" + ")" * 127,
    "|".join(f"a{{{times}}}" for times in range(900, 935)), "((((a{10}){10}){10}){10}){10}", "[" * 255, "{," * 127,
    r"(?:\pL?){1000}", "\\" * 255,
]  # fmt: skip


def test_no_pattern_holds_up_a_page_whether_it_is_taken_or_refused(client, page, previewed):
    data = filled(client, page)
    previewed("", "the first page of a process takes longer")

    def tried(pattern):
        client.post(page, data | {"fields-0-pattern": pattern})
        for text in ("x" + "a" * 255, "ab" * 128, "é1" * 128):
            previewed(pattern, text)

    for pattern in HEAVY:
        within(PATIENCE, partial(tried, pattern), tries=1)


def test_a_pattern_is_taken_whatever_it_once_cost(client, page, calls):
    assert client.post(page, filled(client, page) | {"fields-0-pattern": "(a+)+b"}).status_code == 302
    assert calls.fields.get(api_name="contactId").pattern == "(a+)+b"


UNUSABLE = [
    r"(?=a)a", r"(?!a)b", r"(?<=a)b", r"(?<!a)b", r"(a)\1", r"(?P<x>a)(?P=x)", r"a++", r"(?>a)", r"(a)?(?(1)b|c)",
    r"(?x) a", r"(?a)\w", r"[^\W_]+", r"[\S]+", "(", "[", "*", r"a{99999999999}", r"\Qa\E", r"a{1001}", r"\bé\b",
    "(?a)(?u)b", "(?L)a",
]  # fmt: skip


@pytest.mark.parametrize("patterns", [UNUSABLE[first : first + 3] for first in range(0, len(UNUSABLE), 3)])
def test_new_patterns_that_cannot_be_used_are_refused_beside_them_and_nothing_typed_is_lost(
    client, page, calls, patterns
):
    typed = {f"fields-{number}-pattern": pattern for number, pattern in enumerate(patterns)}
    refused = client.post(page, filled(client, page) | typed | {"fields-1-name": "Renamed"})
    assert refused.status_code == 200
    [inline] = refused.context["inline_admin_formsets"]
    for number, pattern in enumerate(patterns):
        assert "cannot be used" in inline.formset.errors[number]["pattern"][0], pattern
        assert inline.formset.forms[number]["pattern"].value() == pattern
    assert inline.formset.forms[1]["name"].value() == "Renamed"
    assert not calls.fields.exclude(pattern="").exists()


@pytest.fixture
def old(calls):
    """A pattern of an earlier version, which nothing runs any more."""
    calls.fields.filter(api_name="subject").update(pattern=r"(?!Re:).+", name="Topic")
    return calls.fields.get(api_name="subject")


def test_an_old_pattern_that_cannot_be_used_is_not_applied(previewed, old):
    assert "Re: your call" in previewed(old.pattern, "Re: your call")
    assert "does not fit" not in previewed(old.pattern, "Re: your call")


@pytest.mark.parametrize(
    "address",
    ["/maker/", "/maker/crm/crm/{crm}/change/", "/maker/crm/crmobject/{object}/change/"],
)
def test_a_pattern_that_is_not_applied_is_named_with_what_to_do(client, ada, vera, old, address):
    for person in (ada, vera):
        client.force_login(person)
        page = client.get(address.format(crm=old.object.crm_id, object=old.object_id)).content.decode()
        assert "not applied" in page
        assert "Topic" in page
        assert "(?!Re:).+" in page
        assert f"/maker/crm/crmobject/{old.object_id}/change/" in page


def test_nothing_is_said_of_patterns_that_are_applied(client, ada, sid, calls, old):
    client.force_login(ada)
    CRMField.objects.update(pattern=r"\w+")
    for address in ("/maker/", f"/maker/crm/crm/{calls.crm_id}/change/", f"/maker/crm/crmobject/{calls.pk}/change/"):
        assert "not applied" not in client.get(address).content.decode()


def test_who_may_not_see_crms_is_not_told_of_their_patterns(client, sid, old):
    client.force_login(sid)
    assert "Topic" not in client.get("/maker/").content.decode()


def test_a_row_with_an_old_pattern_can_be_saved_and_keeps_it(client, page, old):
    data = filled(client, page) | {"fields-1-name": "Subject line"}
    assert client.post(page, data).status_code == 302
    old.refresh_from_db()
    assert (old.name, old.pattern) == ("Subject line", r"(?!Re:).+")


def test_an_old_pattern_is_replaced_by_one_that_is_applied(client, page, old):
    refused = client.post(page, filled(client, page) | {"fields-1-pattern": r"(?!Fwd:).+"})
    assert refused.status_code == 200
    assert client.post(page, filled(client, page) | {"fields-1-pattern": r"[A-Z].+"}).status_code == 302
    assert "not applied" not in client.get("/maker/").content.decode()


def test_a_crm_with_an_old_pattern_is_duplicated_exported_and_imported(client, ada, old):
    client.force_login(ada)
    crm = f"/maker/crm/crm/{old.object.crm_id}"
    assert client.post(f"{crm}/duplicate/").status_code == 302
    assert CRMField.objects.filter(pattern=old.pattern, object__crm__name="Here copy").exists()
    exported = client.get("/maker/crm/crm/csv/export/")
    assert exported.status_code == 200
    sent = client.post("/maker/crm/crm/csv/import/", {"file": SimpleUploadedFile("crms.csv", exported.content)})
    assert sent.status_code == 302
    assert CRM.objects.count() == 2


def test_a_card_is_kept_though_its_field_has_an_old_pattern(client, ada, contacts):
    contacts.fields.filter(api_name="lastName").update(pattern=r"(?=M).+")
    client.force_login(ada)
    added = client.post(f"/maker/crm/localcard/add/?object={contacts.pk}", {"value_lastName": "Durand"})
    assert added.status_code == 302
    assert LocalCard.objects.get().values["lastName"] == "Durand"


def test_a_value_longer_than_a_pattern_takes_is_told_so(previewed):
    assert "at most 256" in previewed(r"\d+", "1" * 257)
