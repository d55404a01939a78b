from __future__ import annotations

import logging

import pytest

from integrations.redact import MASK, RedactingFilter, redact

TOKEN = "1000.0123456789abcdef0123456789abcdef.fedcba9876543210fedcba9876543210"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"Authorization: Zoho-oauthtoken {TOKEN}", TOKEN),
        (f"refused {TOKEN}", TOKEN),
        ("Authorization: Bearer abc.def.ghi", "abc.def.ghi"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("client_id=1000.X&client_secret=0a1b2c3d4e&x=1", "0a1b2c3d4e"),
        ('{"refresh_token": "opaque-value", "x": 1}', "opaque-value"),
        ("{'access_token': 'opaque-value'}", "opaque-value"),
        ("grant_type=authorization_code&code=oneuse&state=s", "oneuse"),
        ("code_verifier=verifier-value", "verifier-value"),
        ('"GET /api/v1/contacts/search?phone=*612345678&limit=100 HTTP/1.1" 200', "612345678"),
        ("POST https://accounts.zoho.eu/oauth/v2/token/revoke?token=abc", "abc"),
        ("password: hunter2", "hunter2"),
        ('"{\\"refresh_token\\": \\"opaque-value\\"}"', "opaque-value"),
        ("Authorization=Zoho-oauthtoken%20opaque-value", "opaque-value"),
        ("Cookie: sessionid=0a1b2c; csrftoken=9z8y7x", "9z8y7x"),
        ("{'Set-Cookie': 'sessionid=0a1b2c; Path=/'}", "0a1b2c"),
        ("connecting to redis://:hunter2@10.0.0.1:6379/0", "hunter2"),
        ("postgres://deskline:p@ss:w0rd/x@db.example/deskline", "w0rd"),
        ("refused dk_0a1b2c3d_Zm9v-YmFyX2Jheg", "Zm9v-YmFyX2Jheg"),
        ("SECRET_KEY='opaque-value'", "opaque-value"),
        (f"FERNET_KEYS={'k' * 43}=,{'Z' * 43}=", "ZZZ"),
    ],
)
def test_a_secret_does_not_survive(text, secret):
    assert secret not in redact(text)
    assert MASK in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Delivered 12 calls to desk.zoho.eu", "status 401 INVALID_OAUTH", "what now? no", "redis://10.0.0.1:6379/0",
        "https://desk.zoho.eu/agent/acme at 09:30, mailto ada@acme.example", "The client secret can be read.",
    ],
)  # fmt: skip
def test_ordinary_words_pass_unchanged(text):
    assert redact(text) == text


def test_the_log_filter_masks_arguments_and_tracebacks(caplog):
    logger = logging.getLogger("test.redact")
    caplog.handler.addFilter(RedactingFilter())
    try:
        raise ValueError(f"Zoho-oauthtoken {TOKEN}")
    except ValueError:
        logger.exception("token=%s", TOKEN)
    assert TOKEN not in caplog.text
    assert "ValueError" in caplog.text


def test_the_log_filter_masks_a_traceback_that_another_handler_wrote_already():
    record = logging.LogRecord("test", logging.ERROR, "x.py", 1, "failed", (), None)
    record.exc_text = f"Traceback: Zoho-oauthtoken {TOKEN}"
    assert RedactingFilter().filter(record)
    assert TOKEN not in str(record.exc_text)
