from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from crm.templates import engine
from tests.cpu import within


class Treasure:
    """An object that a context should never hold; its attributes must stay out of reach all the same."""

    secret = "the crown jewels"

    def __str__(self) -> str:
        return "treasure"


CONTEXT = {
    "interaction": {
        "direction": "inbound",
        "started_at": datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC),
        "customer_phone": "06 12 34 56 78",
        "subject": None,
        "is_new": True,
        "extra": {"tags": ["a", {"b": "x"}], "class": "vip"},
    },
    "list": ["first", "last"],
    "treasure": Treasure(),
}


@pytest.mark.parametrize(
    ("template", "result"),
    [
        ("{{interaction.direction}}", "inbound"),
        ("Call, {{ interaction.direction|upper }}!", "Call, INBOUND!"),
        ("{{interaction.started_at|date.utc}}", "2026-01-02T03:04:05.678Z"),
        ("{{interaction.started_at}}", "2026-01-02T03:04:05.678000+00:00"),
        ("{{list[0]}} {{list[-1]}} {{list.1}}", "first last last"),
        ("{{interaction['direction']}}", "inbound"),
        ("{{interaction.extra.tags[1].b}}", "x"),
        ("{{interaction.extra.class}}", "vip"),
        ("{{interaction.extra.tags}}", '["a", {"b": "x"}]'),
        ("{{interaction.is_new}}", "true"),
        ("{{interaction.subject|default('--')}}", "--"),
        ("{{interaction.subject|default(interaction.customer_phone|digits)}}", "0612345678"),
        ("{{interaction.direction|truncate(2)}}", "in"),
        ("{{'  a '|trim|lower}}", "a"),
        ("plain } { text", "plain } { text"),
        ("two\nlines\n", "two\nlines\n"),
    ],
)
def test_a_magic_field_is_replaced_by_its_value(template, result):
    assert engine.render(template, CONTEXT) == result
    assert engine.problems(template) == []


@pytest.mark.parametrize(
    "template",
    [
        "{{interaction.nothing}}",
        "{{nobody.knows.this[3].path}}",
        "{{list[9]}}",
        "{{list[99999999999999999999999999]}}",
        "{{interaction.direction.upper}}",
        "{{interaction.items}}{{interaction.keys}}{{interaction.get}}",
        "{{interaction.started_at.year}}",
        "{{interaction.subject}}",
        "{{nobody|date.utc}}",
        "{{treasure.secret}}",
        "{{treasure['secret']}}",
        "{{list.append}}",
    ],
)
def test_what_the_values_do_not_hold_is_empty(template):
    assert engine.render(template, CONTEXT) == ""


ATTACKS = [
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{{interaction.__class__}}",
    "{{interaction['__class__']}}",
    "{{interaction|attr('__class__')}}",
    "{{interaction._private}}",
    "{{self._TemplateReference__context}}",
    "{{self}}",
    "{{config.items()}}",
    "{{cycler.__init__.__globals__.os.popen('id').read()}}",
    "{{lipsum.__globals__}}",
    "{{request.application.__globals__}}",
    "{{[].__class__.__base__}}",
    "{{'%s'|format(interaction)}}",
    "{{'{0.__class__}'.format(interaction)}}",
    "{{list|map(attribute='__class__')|list}}",
    "{{dict(a=1)}}",
    "{{range(999999999)}}",
    "{{list|join}}",
    "{{interaction|tojson}}",
    "{{interaction|pprint}}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{% set x = 1 %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% raw %}{{x}}{% endraw %}",
    "{# a comment #}",
    "{{1+1}}",
    "{{'a'*1000000000}}",
    "{{2**99999999}}",
    "{{'a'~'b'}}",
    "{{not x}}",
    "{{x if y else z}}",
    "{{x is defined}}",
    "{{x in y}}",
    "{{x == y}}",
    "{{list[0:1]}}",
    "{{list[interaction]}}",
    "{{list[1.5]}}",
    "{{[1, 2, 3]}}",
    "{{{'a': 1}}}",
    "{{(1, 2)}}",
    "{{x()}}",
    "{{x|lower(*y)}}",
    "{{x|default(y=1)}}",
    "{{x|default}}",
    "{{x|nofilter}}",
    "{{ x",
    "{{ }}",
    "{{1e999}}",
    "{{x|default(1e999)}}",
    "{{x" + ".a" * 900 + "}}",
    "{{" + "(" * 900 + "1" + ")" * 900 + "}}",
    "{{" + "-" * 1500 + "1}}",
    "{{x" + "|upper" * 300 + "}}",
    "{{x" + "[0]" * 600 + "}}",
    "a" * 2001,
]


@pytest.mark.parametrize("template", ATTACKS, ids=lambda text: text[:40])
def test_nothing_but_paths_and_filters_is_let_through(template):
    [problem] = within(0.5, lambda: engine.problems(template), tries=1)
    assert problem.endswith(".") or "cannot be read" in problem

    def is_refused():
        with pytest.raises(engine.MagicError):
            engine.render(template, CONTEXT)

    within(0.5, is_refused, tries=1)


@given(st.text(alphabet="{}[]()|.'\"_ -ab01%#~*+\n", max_size=60))
def test_whatever_is_typed_gives_text_or_a_sentence(text):
    try:
        outcome = engine.render(text, CONTEXT)
    except engine.MagicError as problem:
        outcome = str(problem)
    assert "jewels" not in outcome
    assert "built-in" not in outcome


def test_a_result_that_would_grow_beyond_bounds_is_refused():
    with pytest.raises(engine.MagicError, match="longer than"):
        engine.render("{{big}}" * 200, {"big": "x" * 1_000})


def test_a_filter_says_what_it_needs():
    with pytest.raises(engine.MagicError, match=r"date\.utc needs a date and time"):
        engine.render("{{interaction.direction|date.utc}}", CONTEXT)
    with pytest.raises(engine.MagicError, match="whole number"):
        engine.render("{{interaction.direction|truncate('x')}}", CONTEXT)


def test_a_date_written_as_text_is_read_too():
    assert engine.render("{{d|date.utc}}", {"d": "2026-05-01T12:00:00+02:00"}) == "2026-05-01T10:00:00.000Z"
    assert engine.render("{{d|date.utc}}", {"d": datetime(2026, 5, 1)}) == "2026-05-01T00:00:00.000Z"


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("name", ["date.utc", "date.local"])
def test_a_day_at_the_end_of_the_calendar_is_no_moment(settings, name, day):
    settings.TIME_ZONE = "Pacific/Kiritimati"
    with pytest.raises(engine.MagicError, match="needs a date and time"):
        engine.render("{{d|" + name + "}}", {"d": day})


def test_characters_that_no_database_keeps_are_dropped():
    assert engine.render(r"{{x}}{{'\ud800'}}", {"x": "Nu\0l\udfff"}) == "Nul"


def test_a_national_number_becomes_international_in_the_country_of_the_settings(settings):
    settings.PHONE_REGION = "FR"
    assert engine.render("{{interaction.customer_phone|phone.e164}}", CONTEXT) == "+33612345678"
    assert engine.render("{{x|phone.e164}}", {"x": "1001"}) == "1001"


def test_the_paths_of_a_template_are_told():
    template = "{{interaction.extra.tags[0]}} {{card.id|upper}} {{user}}"
    assert set(engine.paths(template)) == {"interaction.extra.tags.0", "card.id", "user"}


def test_a_path_is_told_beside_a_longer_one_and_through_a_filter():
    assert set(engine.paths("{{card}} {{card['id']}}")) == {"card", "card.id"}
    assert set(engine.paths("{{(card|default(user.name)).title}}")) == {"card", "user.name"}
    assert engine.paths("{{'card.title'}} card.title") == ()


def test_a_model_field_refuses_a_template_with_a_problem():
    engine.validate_template("{{card.id}}")
    with pytest.raises(ValidationError):
        engine.validate_template("{{card.id()}}")
