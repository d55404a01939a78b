from __future__ import annotations

import pytest

from crm import preview
from crm.templates import engine
from crm.templates.palette import PALETTE
from tests.crm.conftest import context


@pytest.fixture
def provided(monkeypatch):
    monkeypatch.setattr(preview, "_providers", [])
    preview.register(lambda crm, user: [preview.Sample("7", "A recent call", context(subject="Recent"))])


def test_recent_interactions_come_before_the_example(provided, local, vera):
    assert [sample.key for sample in preview.samples(local, vera)] == ["7", "example"]


def test_a_provider_is_asked_once_however_often_it_registers(monkeypatch, local):
    monkeypatch.setattr(preview, "_providers", [])

    def provider(crm, user):
        return []

    preview.register(provider)
    preview.register(provider)
    assert preview._providers == [provider]


def test_each_line_tells_its_value_its_problem_or_its_slip(provided, calls, vera):
    fields = {field.api_name: field.pk for field in calls.fields.all()}
    templates = {
        fields["subject"]: "{{interaction.subject}} {{crad.id}} {{card.cf_anything}}",
        fields["duration"]: "{{interaction.subject}}",
        fields["contactId"]: "{{card.id",
    }
    lines = {line.api_name: line for line in preview.lines(calls, templates, preview.samples(calls.crm, vera)[0])}
    assert lines["subject"].value == "Recent"
    assert lines["subject"].problem == ""
    assert lines["subject"].hint == "Nothing is named crad.id."
    assert "number" in lines["duration"].problem
    assert "cannot be read" in lines["contactId"].problem


def test_every_magic_field_that_is_offered_names_something_of_an_interaction(local):
    example = preview.example(local)
    for _group, fields in PALETTE:
        for path, _label in fields:
            template = f"{{{{{path}}}}}"
            assert engine.problems(template) == []
            root, name = engine.paths(template)[0].split(".")
            branch = example.context[root]
            assert isinstance(branch, dict)
            assert name in branch, path
