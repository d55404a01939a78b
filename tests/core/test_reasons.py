from __future__ import annotations

import re
from string import Formatter

import pytest

from core import reasons
from integrations import registry

OUTER = reasons.declare("tests.outer", "{cause} It is tried again by {name}.")
INNER = reasons.declare("tests.inner", "No answer came from {host}.")
GERMAN = {
    "{cause} It is tried again by {name}.": "{name} versucht es noch einmal. {cause}",
    "No answer came from {host}.": "{host} gab keine Antwort.",
}


def kept(reason):
    columns = reasons.columns(reason)
    return columns["reason"], columns["reason_code"], columns["reason_values"]


def test_a_reason_is_kept_as_text_code_and_values():
    assert kept(INNER(host="zoho.example")) == (
        "No answer came from zoho.example.",
        "tests.inner",
        {"host": "zoho.example"},
    )
    assert kept("Because.") == ("Because.", "", {})
    assert kept("") == ("", "", {})


def test_what_was_kept_is_said_in_another_language_with_the_reason_within():
    text, code, values = kept(OUTER(cause=INNER(host="zoho.example"), name="Deskline"))
    assert text == "No answer came from zoho.example. It is tried again by Deskline."
    translated = reasons.rendered(text, code, values, lambda english: GERMAN[english])
    assert translated == "Deskline versucht es noch einmal. zoho.example gab keine Antwort."


def test_values_are_never_taken_for_names_to_fill():
    text, code, values = kept(INNER(host="{host.__class__} {0} {"))
    assert text == "No answer came from {host.__class__} {0} {."
    assert reasons.rendered(text, code, values, str) == text
    assert str(reasons.plain("{name}")) == "{name}"


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("Of an older version.", "tests.inner", {"host": "zoho.example"}),
        ("No answer came from a.", "tests.inner", {}),
        ("Of a newer version.", "tests.that_is_not_there_yet", {"name": "a"}),
        ("", "tests.inner", {"host": "zoho.example"}),
    ],
)
def test_where_code_and_text_do_not_belong_together_the_text_counts(text, code, values):
    assert reasons.rendered(text, code, values, lambda english: GERMAN[english]) == text


def test_what_is_too_long_is_cut_and_can_still_be_said():
    text, code, values = kept(OUTER(cause=INNER(host="x" * 2_000), name="y" * 2_000))
    assert len(text) == reasons.LONGEST
    assert len(values["name"]) == reasons.LONGEST
    assert reasons.rendered(text, code, values, str) == text


def test_a_code_is_declared_once():
    with pytest.raises(ValueError, match=r"tests\.inner"):
        reasons.declare("tests.inner", "Something else.")


def test_every_declared_reason_has_a_code_of_its_folder_and_names_its_values():
    for key in registry.INTEGRATIONS:
        registry.get(key)
    for code, text in reasons.declared().items():
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", code), code
        assert len(code) <= 60
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
        assert all(name.isidentifier() for name in names), code
