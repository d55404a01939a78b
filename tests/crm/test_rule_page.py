"""The page of a rule, for those who may change it and for those who may only look."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages

from crm.models import CRMField
from crm.vocabulary import Flow

PREVIEW = "/maker/crm/assignment/preview/{target}/"


@pytest.fixture
def address(rule):
    rule.flows = [Flow.VOICE, Flow.EMAIL]
    rule.queues = ["Support"]
    rule.save()
    return f"/maker/crm/assignment/{rule.pk}/change/"


def test_a_viewer_reads_the_conditions_and_the_form_of_a_rule(client, vera, address):
    client.force_login(vera)
    page = client.get(address).content.decode()
    assert "Voice, E-mail, Support" in page
    assert "{{interaction.subject}}" in page
    assert "value_subject" not in page
    assert "Value subject" not in page


def test_a_viewer_sees_the_preview_of_the_rule_as_it_is_kept(client, vera, rule):
    client.force_login(vera)
    preview = client.post(PREVIEW.format(target=rule.target_id), {"rule": rule.pk}).content.decode()
    assert "Inbound call from +33612345678" in preview
    assert "came out empty" not in preview


def test_the_preview_takes_no_rule_of_another_object(client, vera, rule, contacts):
    client.force_login(vera)
    preview = client.post(PREVIEW.format(target=contacts.pk), {"rule": rule.pk}).content.decode()
    assert "Inbound call from" not in preview


def test_what_is_being_written_counts_for_the_preview_not_what_is_kept(client, omar, rule):
    client.force_login(omar)
    preview = client.post(PREVIEW.format(target=rule.target_id), {"rule": rule.pk, "value_subject": "Anew"})
    assert "Anew" in preview.content.decode()
    assert "Inbound call from" not in preview.content.decode()


def saved(client, rule, **changes):
    """Post the rule's page with every line as it is kept, but for the changes; gives the messages shown next."""
    kept = {f"value_{value.field.api_name}": value.template for value in rule.values.all()}
    data = {"name": rule.name, "is_active": "on"} | kept | changes
    response = client.post(f"/maker/crm/assignment/{rule.pk}/change/", data)
    assert response.status_code == 302, response.content.decode()
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_rule_that_would_be_refused_is_saved_with_a_warning(client, omar, rule):
    client.force_login(omar)
    warning = saved(client, rule, value_duration="{{interaction.queue}}", value_subject="{{interaction.nonsense}}a")[-1]
    assert "duration" in warning
    assert "interaction.nonsense" in warning
    assert rule.values.get(field__api_name="duration").template == "{{interaction.queue}}"


@pytest.mark.parametrize(("line", "text"), [("subject", "{{interaction.subjekt}}"), ("duration", "long")])
def test_a_rule_that_no_interaction_could_fill_is_not_saved_as_active(client, omar, rule, line, text):
    client.force_login(omar)
    data = {"name": rule.name} | {f"value_{one.field.api_name}": one.template for one in rule.values.all()}
    CRMField.objects.filter(object=rule.target, api_name="subject").update(required=True)
    data[f"value_{line}"] = text
    address = f"/maker/crm/assignment/{rule.pk}/change/"
    refused = client.post(address, data | {"is_active": "on"})
    assert refused.status_code == 200
    assert list(refused.context["errors"].data) or refused.context["adminform"].form.errors
    assert text in refused.content.decode()
    assert rule.values.get(field__api_name=line).template != text
    assert client.post(address, data).status_code == 302
    rule.refresh_from_db()
    assert (rule.is_active, rule.values.get(field__api_name=line).template) == (False, text)


def test_a_rule_that_fits_is_saved_without_a_warning(client, omar, rule):
    client.force_login(omar)
    assert len(saved(client, rule)) == 1
