from __future__ import annotations

import pytest

from authmethods.checks import keys

GOOD, SECRET = "a-long-enough-fernet-key", "s" * 50


@pytest.mark.parametrize(
    ("fernet", "secret", "ids"),
    [
        ([GOOD], SECRET, []),
        ([GOOD, GOOD * 2], SECRET, []),
        ([], SECRET, ["authmethods.E001"]),
        ([""], SECRET, ["authmethods.E001"]),
        ([GOOD, SECRET], SECRET, ["authmethods.E002"]),
        (["short"], SECRET, ["authmethods.E003"]),
        ([GOOD], "short", ["authmethods.E004"]),
    ],
)
def test_keys_that_protect_nothing_stop_the_start(settings, fernet, secret, ids):
    settings.FERNET_KEYS, settings.SECRET_KEY = fernet, secret
    assert [message.id for message in keys(None)] == ids
