from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import fraction


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
