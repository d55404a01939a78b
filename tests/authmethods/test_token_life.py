"""Hypothesis lives the life of a connection's tokens with the local Zoho (see `token_life`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from core import clock
from tests.authmethods.restarting import RestartingZoho
from tests.authmethods.token_life import TokenLife
from tests.zoho import in_place_of_the_real_one

# The same lives in every run: a failure of CI can be had again at once.
LIVES = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def restarting(tmp_path: Path) -> Iterator[RestartingZoho]:
    zoho = RestartingZoho(tmp_path / "zoho.json")
    with in_place_of_the_real_one(zoho.stand_in, tmp_path):
        yield zoho
    zoho.end()


@pytest.fixture
def live(restarting, ada, transactional_db, monkeypatch):
    """Live so many lives of so many steps; tells how many steps were made."""
    monkeypatch.setattr(clock, "connection", SimpleNamespace(vendor="sqlite"))  # the database cannot travel in time

    def lived(lives: int, steps: int) -> int:
        TokenLife.steps = 0
        run_state_machine_as_test(
            lambda: TokenLife(restarting, ada),  # type: ignore[arg-type]
            settings=settings(LIVES, max_examples=lives, stateful_step_count=steps),
        )
        return TokenLife.steps

    return lived


def test_a_few_lives_of_tokens_bring_no_wrong_verdict_and_lose_no_refresh_token(live):
    assert live(15, 25) >= 250


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_steps_of_token_life_bring_no_wrong_verdict_and_lose_no_refresh_token(live, capsys):
    steps = live(140, 100)  # lives end early now and then
    with capsys.disabled():
        print(f"\n{steps:,} steps of token life")  # noqa: T201
    assert steps >= 10_000
