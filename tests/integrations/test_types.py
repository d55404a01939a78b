from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.types import Agent, App, Connection, Grant, Identity, Record, Search, Sought
from outbound.limiter import Unlimited

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HIDDEN = "ada@acme.example"


@pytest.mark.parametrize(
    "value",
    [
        App("1000.CLIENT", HIDDEN),
        Grant(HIDDEN, HIDDEN, NOW, "eu"),
        Connection("eu", "1", lambda: HIDDEN, lambda used: HIDDEN, Unlimited()),
        Search(phone=HIDDEN, email=HIDDEN, name=HIDDEN),
        Sought("calls", "DL-8F3K2M9Q", NOW, {"subject": HIDDEN}),
        Record("contacts", "1", {"email": HIDDEN}, title=HIDDEN),
        Identity("eu", "20071000001", HIDDEN, HIDDEN),
        Agent("1", "20071000001", HIDDEN, True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_as_text_shows_neither_a_secret_nor_a_customers_data(value):
    assert HIDDEN not in repr(value) + str(value) + repr([value])
