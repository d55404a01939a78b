"""Recent interactions in the preview of a rule."""

from __future__ import annotations

import pytest

from crm import preview
from crm.models import CRMObject
from interactions.actions import assign
from interactions.samples import MOST
from tests.interactions.steps import PHONE, post, work
from users.models import User

pytestmark = pytest.mark.django_db


def test_the_newest_interactions_are_offered_before_the_example(crm, vera):
    for number in range(MOST + 2):
        post(reference=f"r{number}")
    offered = preview.samples(crm, vera)
    references = [sample.context["interaction"]["reference"] for sample in offered[:-1]]
    assert references == [f"r{number}" for number in reversed(range(2, MOST + 2))]
    assert offered[-1].key == "example"
    assert "Marie Curie" in offered[0].label


def test_a_sample_has_the_card_that_was_found_for_it(crm, vendor, vera, ada):
    vendor.records["contacts"] = {"1001": {"phone": PHONE, "marker": ""}}
    assign.assign(post(), crm, CRMObject.objects.get(crm=crm, api_name="contacts"), "1001", ada)
    work()
    assert preview.samples(crm, vera)[0].context["card"]["id"] == "1001"


def test_whoever_may_not_see_interactions_is_offered_the_example_only(crm, vera):
    post()
    vera.role.permissions.remove(vera.role.permissions.get(codename="view_interaction"))
    assert [sample.key for sample in preview.samples(crm, User.objects.get(pk=vera.pk))] == ["example"]


def test_the_page_of_a_rule_previews_the_newest_interaction(client, omar, rule):
    client.force_login(omar)
    post(reference="late-parcel")
    page = client.get(f"/maker/crm/assignment/{rule.pk}/change/").content.decode()
    assert "Marie Curie" in page
    lines = client.post(f"/maker/crm/assignment/preview/{rule.target_id}/", {"rule": rule.pk})
    assert "Call late-parcel" in lines.content.decode()
