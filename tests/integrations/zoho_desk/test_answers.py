from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from integrations.errors import IntegrationError
from integrations.zoho_desk import errors, token_errors
from outbound.http import Answer

HERE = Path(__file__).parent
DESK = json.loads((HERE / "answers.json").read_text())
TOKENS = json.loads((HERE / "token_answers.json").read_text())
CUSTOMERS_DATA = "ada@acme.example"
CAUSES = ("Zoho Desk ", "The consent ", "The agent ", "The portal", "The record ", "The form ")
CONSEQUENCES = ("nothing was written", "Nothing was changed", "may or may not have been written", "nothing to write")
NEXT_STEPS = (
    "tried again", "goes on by itself", "looked up before", "econnect", "Check the environment URL", "Look it up again",
    "Correct the rule", "Fill in the form", "Change the edition", "Report it", "Give the right",
)  # fmt: skip


def of(row):
    return Answer(row["status"], {**row.get("headers", {})}, row["body"].encode())


def verdict(row, reader, **how):
    """What the reader made of it: an error, or the word for a good answer."""
    try:
        body = reader(of(row), **how)
    except IntegrationError as error:
        return error
    return "empty" if not body else ("grant" if "access_token" in body else "record")


def by_name(rows):
    return pytest.mark.parametrize("row", rows, ids=[row["name"] for row in rows])


def test_there_are_enough_recorded_answers_each_with_its_source():
    """A fact of docs/zoho-facts.md (tests/test_documents.py looks it up there), a standard, or our guess [G]."""
    assert len(DESK) >= 40
    sources = [row["source"] for row in DESK + TOKENS]
    assert [source for source in sources if not re.match(r"zoho-facts \d\.\d|RFC 6749|\[G\]", source)] == []


@by_name(DESK)
@pytest.mark.parametrize("writing", [True, False], ids=["write", "read"])
def test_an_answer_of_desk_means_what_the_table_says(row, writing):
    got = verdict(row, errors.read, writing=writing)
    expected = row["write"] if writing else row["read"]
    if isinstance(got, str):
        assert got == expected
        return
    assert got.kind == expected
    assert (got.code, got.status) == (row["code"], row["status"])
    assert sorted(getattr(got, "fields", {})) == sorted(row.get("fields", []))
    assert CUSTOMERS_DATA not in f"{got.message} {got!r} {got.code} {vars(got)}"


@by_name([row for row in DESK if row["write"] == "throttled"])
def test_a_throttled_answer_says_until_when_if_zoho_does_and_always_of_spent_credits(row):
    until = verdict(row, errors.read, writing=True).until
    if "waits" not in row:
        assert until is None
    else:
        assert abs(until - datetime.now(UTC) - timedelta(seconds=row["waits"])) < timedelta(seconds=5)


@by_name([row for row in DESK if row["write"] not in ("record", "empty")])
@pytest.mark.parametrize("writing", [True, False], ids=["write", "read"])
def test_what_an_administrator_reads_is_a_cause_a_consequence_a_next_step_and_zohos_code(row, writing):
    error = verdict(row, errors.read, writing=writing)
    assert error.message.startswith(CAUSES)
    assert any(words in error.message for words in CONSEQUENCES)
    assert any(words in error.message for words in NEXT_STEPS)
    assert row["code"] in str(error)
    assert f"HTTP {row['status']}" in str(error)


def test_every_row_of_the_tables_is_met_by_a_recorded_answer():
    assert {row["code"] for row in DESK} >= {*errors.BY_CODE, errors.BROKEN}
    assert {row["status"] for row in DESK if not row["code"]} >= set(errors.BY_STATUS)
    assert {row["code"] for row in TOKENS} >= set(token_errors.REFUSALS)


def test_every_code_of_the_digest_is_in_the_table():
    digest = json.loads((Path(errors.__file__).parents[2] / "fakezoho" / "desk-digest.openapi.json").read_text())
    codes = set(digest["components"]["schemas"]["Error"]["properties"]["errorCode"]["enum"])
    assert codes - {errors.BROKEN} == set(errors.BY_CODE)


@by_name(TOKENS)
@pytest.mark.parametrize("refreshing", [True, False], ids=["refresh", "redeem"])
def test_an_answer_of_the_token_endpoint_means_what_the_table_says(row, refreshing):
    got = verdict(row, token_errors.read, refreshing=refreshing)
    expected = row["refresh"] if refreshing else row["redeem"]
    if isinstance(got, str):
        assert got == expected
        return
    assert got.kind == expected
    assert (got.code, got.status) == (row["code"], row["status"])
    assert CUSTOMERS_DATA not in f"{got.message} {got!r} {got.code}"


@by_name([row for row in TOKENS if row["redeem"] != "grant"])
def test_whoever_consents_or_signs_in_is_told_to_start_again_and_of_no_method_that_stops(row):
    message = verdict(row, token_errors.read, refreshing=False).message
    assert "start again" in message.lower()
    assert "by itself" not in message
    assert "Nothing is sent" not in message


@by_name([row for row in TOKENS if row["refresh"] != "grant"])
def test_a_refused_refresh_names_its_cure_and_any_other_goes_on_by_itself(row):
    message = verdict(row, token_errors.read, refreshing=True).message
    wanted = "connected again" if row["refresh"] == "needs_reconnection" else "by itself"
    assert wanted in message
