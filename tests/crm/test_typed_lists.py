"""Tags and choices that one types as a list: bounded, and told in words."""

# ruff: noqa: F811 - fixtures are named where they are used

from __future__ import annotations

import pytest

from tests.crm.test_admin import LIST, browser, crm  # noqa: F401 - two are fixtures
from tests.maker.forms import filled


def test_a_tag_that_is_too_long_is_refused_and_the_others_stay(browser, crm):
    """PostgreSQL would answer with an error of the server."""
    answer = browser.post(f"{LIST}{crm.pk}/tags/", {"tags": "vip, " + "t" * 101})
    assert "at most 100 characters" in answer.content.decode()
    assert "vip" not in {tag.name for tag in crm.tags.all()}


@pytest.mark.parametrize("lines", ["\n".join(map(str, range(1001))), "x" * 256])
def test_a_list_without_end_is_refused_in_words_and_what_was_typed_stays(browser, local, calls, rule, lines):
    page = f"/maker/crm/crmobject/{calls.pk}/change/"
    refused = browser.post(page, filled(browser, page) | {f"fields-{n}-choices": lines for n in range(3)})
    [inline] = refused.context["inline_admin_formsets"]
    assert "at most" in inline.formset.errors[0]["choices"][0]
    assert inline.formset.forms[0]["choices"].value() == lines
    address = f"/maker/crm/assignment/{rule.pk}/change/"
    refused = browser.post(address, filled(browser, address) | {"queues": lines})
    assert "at most" in refused.context["adminform"].form.errors["queues"][0]


def test_what_is_said_of_a_long_list_of_choices_is_short(browser, local, calls):
    calls.fields.filter(api_name="subject").update(type="list", choices=[f"Choice {n}" for n in range(1000)])
    told = browser.post(f"/maker/crm/assignment/preview/{calls.pk}/", {"value_subject": "None of them"})
    assert "Use one of: Choice 0, " in told.content.decode()
    assert "Choice 19, …" in told.content.decode()
    assert "Choice 20" not in told.content.decode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_list_of_an_earlier_version_that_is_longer_stays_until_it_is_changed(browser, local, calls, rule, newline):
    long = [f"Line {number}" for number in range(1500)]
    calls.fields.update(choices=long)
    rule.queues = long
    rule.save()
    for page, renamed in (
        (f"/maker/crm/crmobject/{calls.pk}/change/", {"fields-0-name": "Renamed"}),
        (f"/maker/crm/assignment/{rule.pk}/change/", {"name": "Renamed"}),
    ):
        shown = filled(browser, page)
        data = {name: text.replace("\n", newline) if isinstance(text, str) else text for name, text in shown.items()}
        assert browser.post(page, data | renamed).status_code == 302
    rule.refresh_from_db()
    assert (rule.name, rule.queues) == ("Renamed", long)
    assert calls.fields.get(name="Renamed").choices == long
