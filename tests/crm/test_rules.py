from __future__ import annotations

import pytest

from crm import form, rules
from crm.customers.cards import card_objects
from crm.models import Assignment, CRMField, FormValue
from crm.rules import Facts

FACTS = Facts(flow="voice", direction="inbound", status="completed", queue="Support", duration=60)


def test_a_rule_without_conditions_holds_for_every_interaction(rule):
    assert rules.matching(rules.active(), FACTS) == [rule]
    assert rules.matching(rules.active(), Facts("email", "outbound", "missed")) == [rule]


def test_an_inactive_rule_holds_for_none(rule):
    Assignment.objects.update(is_active=False)
    assert rules.matching(rules.active(), FACTS) == []


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({"flows": ["voice"]}, True),
        ({"flows": ["email", "messaging"]}, False),
        ({"directions": ["inbound", "outbound"]}, True),
        ({"directions": ["outbound"]}, False),
        ({"statuses": ["completed"]}, True),
        ({"statuses": ["missed"]}, False),
        ({"kinds": ["abandoned", "voicemail"]}, False),
        ({"queues": ["support ", "Sales"]}, True),
        ({"queues": ["Sales"]}, False),
        ({"min_duration": 60, "max_duration": 60}, True),
        ({"min_duration": 61}, False),
        ({"max_duration": 59}, False),
        ({"flows": ["voice"], "directions": ["outbound"]}, False),
    ],
)
def test_every_condition_must_hold(conditions, holds):
    assert rules.holds(Assignment(**conditions), FACTS) is holds


def test_a_rule_for_voicemails_is_for_no_other_missed_call():
    rule = Assignment(kinds=["voicemail"])
    assert rules.holds(rule, Facts("voice", "inbound", "missed", kind="voicemail"))
    assert not rules.holds(rule, Facts("voice", "inbound", "missed", kind="busy"))


def test_a_duration_that_nobody_measured_counts_as_none():
    unmeasured = Facts("voice", "inbound", "missed")
    assert not rules.holds(Assignment(min_duration=1), unmeasured)
    assert rules.holds(Assignment(max_duration=10), unmeasured)


def test_the_object_of_the_card_decides_when_the_rule_names_some(rule, contacts, calls):
    assert rules.applies_to_card(rule, contacts)
    rule.card_objects.set([calls])
    assert not rules.applies_to_card(rule, contacts)


@pytest.mark.parametrize(
    ("template", "reads"),
    [
        ("{{card.id}} {{card.object}} {{interaction.subject}}", False),
        ("{{crm.card}} card.title", False),
        ("{{card.title}}", True),
        ("{{card['lastName']|upper}}", True),
        ("{{ card . phone }}", True),
        ("{{card}} {{card.id}}", True),
        ("{{(card|default('')).email}}", True),
        ("{{card.id()}}", False),
    ],
)
def test_a_card_is_read_for_what_a_form_uses_of_it_beyond_its_id(rule, calls, template, reads):
    field = CRMField.objects.filter(object=calls).first()
    FormValue.objects.update_or_create(assignment=rule, field=field, defaults={"template": template})
    assert rules.reads_the_card(rule) is reads


def test_a_rule_is_loaded_with_all_that_writing_by_it_asks(rule, django_assert_num_queries):
    loaded = rules.load(rule.pk)
    assert loaded is not None
    with django_assert_num_queries(0):
        rules.reads_the_card(loaded)
        form.evaluate(loaded.target, {}, {})
        assert loaded.target.crm.method is None
        (contacts,) = card_objects(loaded.target.crm)
        assert rules.applies_to_card(loaded, contacts)
    assert rules.load(0) is None
