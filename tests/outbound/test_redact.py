from __future__ import annotations

import logging

import pytest

from outbound.redact import MASK, RedactingFilter, redact
from tests.cpu import grows_no_faster_than_its_input

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
        ("{'deskline_session': '0a1b2c'}", "0a1b2c"),
        ("deskline_csrf=9z8y7x", "9z8y7x"),
        ("deskline_known=WyJhIl0:1vO:k3", "WyJhIl0"),
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


HOSTILE = [
    ("GET ", "/", "x"), ("Host: ", "/", "x"), ("", "://", ""), ("", "://:", ""), ("", "://a:", "x"), ("", "a/", ""),
    ("://:", "@", ""), ("://a:", "/@", "x"), ("", "@://:", ""), ("/", "?", ""), ("", "/?", ""), ("", "/a?b ", ""),
    ("", "1000.", "x"), ("1000.", "a", ""), ("", "1000.abcdefgh.", ""), ("", "1000.a ", ""),
    ("", "cookie", ""), ("cookie", " ", "x"), ("cookie", "\\", "x"), ("", "cookie:", ""), ("cookie:", " \"", ""),
    ("", "token", ""), ("token", "\\", "x"), ("token", '"', "x"), ("token", " ", "x"), ("token=", " ", ""),
    ("token=", "\\", ""), ("token=", '"\' ', ""), ("", "token=", ""), ("", "token = \\", ""), ("", "access_", "x"),
    ("", "client_", "x"), ("", "client_secret_key", ""), ("", "code_verifier ", ""), ("password:", "\t", ""),
    ("Bearer", " ", ""), ("Bearer", "%20", ""), ("Bearer", "+", "\n"), ("", "bearer ", ""), ("", "basic+%20 ", ","),
    ("", "zoho-oauthtoken", ""), ("dk_0a1b2c3d_", "-", ""), ("", "dk_", ""), ("", "dk_0a1b2c3d", ""),
    ("", "A", "="), ("", "A" * 42 + " ", "="), ("", "A" * 43 + "=", ""), ("", "-_", "x"), ("", "\n", "x"),
    ("", "\u00e9", "="), ("", "\ud800", "x"), ("", "'", "x"), ("", "\\\"", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "run", "tail"), HOSTILE, ids=lambda text: ascii(text[:20]))
def test_the_work_grows_with_the_length_of_a_line_whatever_stands_in_it(head, run, tail):
    def masking(size):
        line = head + run * (size // len(run)) + tail
        return lambda: redact(line)

    assert grows_no_faster_than_its_input(masking, 64_000)


def passed(record):
    """What a handler with the filter writes."""
    assert RedactingFilter().filter(record)
    return logging.Formatter().format(record)


def a_record(message, *args, exc_info=None):
    return logging.LogRecord("test", logging.ERROR, "x.py", 1, message, args, exc_info)


def test_a_line_that_is_too_long_is_cut_and_says_so():
    line = passed(a_record("Not found: %s", "word " * 100_000))
    assert line.startswith("Not found: word word")
    assert len(line) < 10_000
    assert "more characters" in line[-60:]


def test_a_line_of_ordinary_length_is_not_cut():
    text = "word " * 1_000
    assert passed(a_record(text)) == text


@pytest.mark.parametrize(
    ("before", "secret", "after"),
    [
        ("refused ", "1000." + "ab12" * 16 + "." + "cd34" * 16, ""),
        ("key ", "Zx9-" * 10 + "Zx9=", ""),
        ("to redis://user:", "Zx9." * 8, "@10.0.0.1:6379/0"),
        ("by dk_0a1b2c3d_", "Zx9-" * 8, ""),
        ("Bearer ", "Zx9." * 8, ""),
        ("Cookie: a=b; c=", "Zx9." * 8, ""),
        ('"refresh_token": "', "Zx9." * 8, ""),
        ("GET /contacts?phone=", "Zx9." * 8, ""),
    ],
)
def test_no_half_of_a_secret_is_left_where_a_line_is_cut(before, secret, after):
    """The cut is moved over the secret, character by character."""
    pieces = {secret[place : place + 3] for place in range(len(secret) - 2)}
    kept = passed(a_record("x " * 100_000)).rindex("x") + 1
    for place in range(len(before) + len(secret) + 2):
        line = passed(a_record(("x " * kept)[: kept - place] + " " + before + secret + after + " x" * kept))
        assert not any(piece in line for piece in pieces), (place, line[-200:])


def test_a_traceback_without_end_is_cut():
    try:
        raise ValueError("word " * 1_000_000)
    except ValueError as error:
        line = passed(a_record("failed", exc_info=(ValueError, error, error.__traceback__)))
    assert "Traceback" in line
    assert len(line) < 100_000
    assert "more characters" in line[-60:]


def test_a_stack_that_is_logged_is_masked_and_cut():
    record = a_record("here")
    record.stack_info = f"Stack: token={TOKEN} " + "word " * 1_000_000
    line = passed(record)
    assert TOKEN not in line
    assert len(line) < 100_000


def test_a_line_whose_arguments_do_not_fit_is_written_all_the_same_and_stops_nobody():
    line = passed(a_record("%d calls with token=%s", "many"))
    assert "calls with token=" in line
    assert "many" not in passed(a_record("%d %d calls", "token=many"))
