from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import fraction, whole
from config.paths import BASE_DIR


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), ("1", 1.0), ("0.01", 0.01)])
def test_a_fraction_is_read(monkeypatch, text, value):
    monkeypatch.setenv("PACE_SHARE", text)
    assert fraction("PACE_SHARE", default=0.8) == value


def test_without_the_variable_its_default_counts(monkeypatch):
    monkeypatch.delenv("PACE_SHARE", raising=False)
    assert fraction("PACE_SHARE", default=0.8) == 0.8


@pytest.mark.parametrize("text", ["", "0", "-0.1", "1.01", "80", "80%", "half", "nan", "inf"])
def test_what_is_no_fraction_stops_the_start_with_one_sentence(monkeypatch, text):
    monkeypatch.setenv("PACE_SHARE", text)
    with pytest.raises(ImproperlyConfigured, match=r"PACE_SHARE must be a number above 0 and at most 1, such as 0\.8"):
        fraction("PACE_SHARE", default=0.8)


def start(**given):
    """Start the product with some variables, as a process: what it says, and the token that opens its metrics."""
    theirs = {name: value for name, value in os.environ.items() if name not in given}
    code = "from django.conf import settings; print(settings.METRICS_TOKEN, settings.DEBUG, settings.REDIS_URL)"
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=BASE_DIR, env=theirs | given | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_line_break_at_the_end_of_a_file_is_no_part_of_the_value(tmp_path):
    values = {"METRICS_TOKEN": "abc\n", "DEBUG": "False\n", "REDIS_URL": "redis://r.example:6379/0\r\n"}
    for name, text in values.items():
        (tmp_path / name).write_text(text, newline="")
    done = start(**{f"{name}_FILE": str(tmp_path / name) for name in values})
    assert done.stdout == "abc False redis://r.example:6379/0\n", done.stderr


def test_a_file_that_cannot_be_read_stops_the_start_with_one_sentence(tmp_path):
    done = start(METRICS_TOKEN_FILE=str(tmp_path / "nothing"))
    assert done.returncode == 1
    assert done.stderr.strip() == f"METRICS_TOKEN_FILE names {str(tmp_path / 'nothing')!r}, which cannot be read."


@pytest.mark.parametrize(("text", "value"), [("5", 5), ("720", 720), ("525600", 525_600)])
def test_a_number_within_bounds_is_read(monkeypatch, text, value):
    monkeypatch.setenv("SESSION_IDLE_MINUTES", text)
    assert whole("SESSION_IDLE_MINUTES", default=720, least=5, most=525_600) == value


@pytest.mark.parametrize("text", ["", "0", "4", "-5", "525601", "9" * 5000, "1e3", "7.5", "twelve", "\u0665\u0665"])
def test_a_number_out_of_bounds_stops_the_start_with_one_sentence(monkeypatch, text):
    monkeypatch.setenv("SESSION_IDLE_MINUTES", text)
    with pytest.raises(
        ImproperlyConfigured, match=r"SESSION_IDLE_MINUTES must be a whole number from 5 to 525600, not"
    ):
        whole("SESSION_IDLE_MINUTES", default=720, least=5, most=525_600)
