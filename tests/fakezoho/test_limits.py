from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakezoho.conftest import refusal

WEIGHT, REMAINING = "X-Rate-Limit-Request-Weight-v3", "X-Rate-Limit-Remaining-v3"


def test_each_answer_tells_its_weight_and_what_remains(desk, contact):
    first = desk.get(f"/contacts/{contact}")
    second = desk.get("/contacts?limit=5")
    assert (first.headers[WEIGHT], second.headers[WEIGHT]) == ("1", "3")
    assert int(first.headers[REMAINING]) - int(second.headers[REMAINING]) == 3
    assert "Retry-After" not in first.headers


def test_acmes_day_is_an_enterprises_with_four_active_agents(desk, contact):
    assert desk.get(f"/contacts/{contact}").headers[REMAINING] == "103999"


@pytest.mark.parametrize(
    ("edition", "credits_of_day"), [("FREE", 5_000), ("EXPRESS", 25_400), ("PROFESSIONAL", 77_000)]
)
def test_the_edition_decides_the_days_credits(zoho, desk, contact, edition, credits_of_day):
    zoho.set_knobs(edition=edition)
    assert desk.get(f"/contacts/{contact}").headers[REMAINING] == str(credits_of_day - 1)


def test_a_day_without_credits_is_429_with_retry_after(zoho, desk, contact):
    zoho.set_knobs(credits=2)
    assert [desk.get(f"/contacts/{contact}").status_code for _ in range(2)] == [200, 200]
    answer = desk.get(f"/contacts/{contact}")
    assert refusal(answer) == (429, "THRESHOLD_EXCEEDED")
    wait = int(answer.headers["Retry-After"])
    assert 0 < wait <= 86_400
    zoho.set_knobs(token_life=200_000)
    desk.get("/contacts")
    zoho.world.centres["eu"].tokens[next(iter(zoho.world.centres["eu"].tokens))].expires_at += 200_000
    zoho.advance(wait + 1)
    assert desk.get(f"/contacts/{contact}").status_code == 200


@pytest.mark.parametrize(("steps", "weight"), [("low", "50"), ("high", "50")])
def test_searches_cost_more_the_further_they_begin(zoho, desk, steps, weight):
    zoho.set_knobs(cost_steps=steps)
    assert desk.get("/calls/search?subject=abc").headers[WEIGHT] == "3"
    assert desk.get("/calls/search?subject=abc&from=4500").headers[WEIGHT] == weight


def test_a_search_by_id_costs_one_and_a_trashed_record_six(desk, contact):
    assert desk.get(f"/contacts/search?id={contact}").headers[WEIGHT] == "1"
    assert desk.post("/contacts/moveToTrash", json={"contactIds": [contact]}).headers[WEIGHT] == "6"


def test_too_many_requests_at_once_are_429_without_retry_after(zoho, desk, desk_of, contact):
    zoho.set_knobs(concurrency=3, latency=0.3)
    desks = [desk, *(desk_of() for _ in range(7))]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda d: d.get(f"/contacts/{contact}"), desks))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 5
    assert all(refusal(answer) == (429, "TOO_MANY_REQUESTS") for answer in refused)
    assert not any("Retry-After" in answer.headers for answer in refused)
    assert zoho.world.portal("eu", "acme").in_flight == 0
    journal = [entry for entry in zoho.journal() if entry["operation"] == "getContact"]
    assert max(entry["at_once"] for entry in journal if entry["status"] == 200) <= 3


def test_refused_requests_spend_no_credits(zoho, desk, contact):
    before = int(desk.get(f"/contacts/{contact}").headers[REMAINING])
    desk.get("/contacts?sortOrder=x")
    assert int(desk.get(f"/contacts/{contact}").headers[REMAINING]) == before - 1


def test_latency_is_felt(zoho, desk, contact):
    zoho.set_knobs(latency=0.15, latency_jitter=0.01)
    assert 0.15 <= desk.get(f"/contacts/{contact}").elapsed.total_seconds() < 10
