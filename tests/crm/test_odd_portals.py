"""A portal with more departments, fields, choices and mismatches than a page of the Maker can bear."""

from __future__ import annotations

import json

import pytest

from crm import recommended
from crm.models import CRM
from tests.cpu import within

PAGE = "/maker/crm/crm/{}/change/"
SECONDS = 4.0
LONGEST_PAGE = 200_000


@pytest.fixture
def crm(zoho, ada, client):
    crm = CRM.objects.create(name="Zoho Desk", reference="zoho", method=zoho.method(by=ada), department_id="7")
    recommended.add_recommended(crm)
    client.force_login(ada)
    return crm


@pytest.fixture
def answers(zoho):
    """Have one address of Zoho Desk answer this list, once or always."""

    def order(path, rows, times=-1):
        body = json.dumps({"data": rows})
        zoho.stand_in.fault("answer", "GET", f"/api/v1/{path}", count=times, status=200, body=body)

    return order


def departments(first, most=200):
    return [{"id": str(number), "name": f"Department {number}"} for number in range(first, first + most)]


def test_departments_without_end_are_not_read_to_the_end_and_the_id_can_be_typed(zoho, client, crm, answers):
    for page in range(20):
        answers("departments", departments(1 + page * 200), times=1)
    began = len(zoho.asked("/departments"))
    page = client.get(PAGE.format(crm.pk))
    field = page.context["adminform"].form.fields["department_id"]
    assert "more than 500 departments" in field.help_text
    assert "enter the id" in field.help_text
    assert not hasattr(field, "choices")
    assert len(zoho.asked("/departments")) - began == 3
    assert page.context["adminform"].form["department_id"].value() == "7"


@pytest.mark.parametrize("name", ["x" * 900_000, "Sup\ud800port", "Sup\0port", ["Support"], None])
def test_a_department_of_any_name_can_be_chosen(client, crm, answers, name):
    answers("departments", [{"id": "7", "name": name}])
    page = client.get(PAGE.format(crm.pk))
    assert page.status_code == 200
    assert len(page.content) < LONGEST_PAGE
    [_none, (value, label)] = page.context["adminform"].form.fields["department_id"].choices
    assert value == "7"
    assert len(label) <= 200
    assert label.isprintable()


def test_the_check_names_the_first_of_many_mismatches_and_how_many_there_are(client, crm, answers):
    long = [{"value": f"Choice {number} {'x' * 300}"} for number in range(1_000)]
    answers("departments", departments(100))
    answers("fields", [
        {"apiName": "a" * 200_000, "type": "Text", "isMandatory": True},
        *({"apiName": f"cf_{number}", "type": "Text", "isMandatory": True} for number in range(5_000)),
        {"apiName": "subject", "type": "Picklist", "pickListValues": long},
    ])  # fmt: skip
    rule = recommended.recommended_assignment(crm.crm_objects.get(api_name="calls"))
    rule.values.filter(field__api_name="subject").update(template="No such choice")
    page = within(SECONDS, lambda: client.get(f"/maker/crm/crm/{crm.pk}/check/"), tries=1)
    html = page.content.decode()
    assert len(html) < LONGEST_PAGE
    assert html.count("<tr>") <= 102
    assert "the first 100 are shown" in html


def test_what_zoho_complains_of_without_end_is_told_in_its_beginning(zoho, client, crm):
    zoho.stand_in.fault(
        "answer", "GET", "/api/v1/departments", count=-1, status=422,
        body={"errorCode": "INVALID_DATA",
              "errors": [{"fieldName": f"/cf/cf_{number}", "errorType": "invalid"} for number in range(9_000)]},
    )  # fmt: skip
    page = client.get(PAGE.format(crm.pk))
    assert "cannot be shown" in page.context["adminform"].form.fields["department_id"].help_text
    assert len(page.context["adminform"].form.fields["department_id"].help_text) < 2_000
