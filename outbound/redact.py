"""Mask secrets. Strangers write into logs: each rule takes all that it reads, or searches could take quadratic time."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

MASK = "[redacted]"
LONGEST = 8_000
"""Characters of a message; what is longer is cut before anything is looked for in it."""
LONGEST_TRACEBACK = 32_000


def _password(found: re.Match[str]) -> str:
    password, at, server = found[2].rpartition("@")
    return f"{found[1]}{MASK}@{server}" if password else found[1] + at + server


def _query(found: re.Match[str]) -> str:
    return f"{found[1]}?{MASK}" if found[2] else found[1]


_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # Zoho's tokens and codes: 1000.<hex>.<hex> (docs/zoho-facts.md 2.3)
    (re.compile(r"\b1000\.[0-9a-zA-Z]{8,}(?:\.[0-9a-zA-Z]+)*"), MASK),
    (re.compile(r"(?i)\b(zoho-oauthtoken|bearer|basic)(?:\s|%20|\+)+[^\s'\",;]+"), rf"\1 {MASK}"),
    # Our own API keys (interactions.api.keys), and the cookies of whoever is signed in.
    (re.compile(r"\bdk_[0-9a-f]{8}_[0-9A-Za-z_-]+"), MASK),
    (re.compile(r"(?i)(cookie[\\\"']*\s*:\s*[\\\"']*)[^\r\n\"'\\]+"), rf"\1{MASK}"),
    # Fernet keys: 32 bytes in URL-safe base64.
    (re.compile(r"(?<![0-9A-Za-z_-])[0-9A-Za-z_-]{43}="), MASK),
    # The password in the address of a database or of Redis.
    (re.compile(r"(://[^\s:/@\"']*+:)([^\s\"']*+)"), _password),
    # JSON within JSON has its quotes behind backslashes.
    (
        re.compile(
            r"(?i)((?:(?:client_)?secret(?:_key)?|(?:access|refresh|id)_token|code(?:_verifier)?|token"
            r"|password|api_key|sessionid|csrftoken|deskline_(?:session|csrf|known))[\\\"']*\s*[=:]\s*[\\\"']*)[^\s&\"',;}\\]+"
        ),
        rf"\1{MASK}",
    ),
    # Searches carry phone numbers and e-mail addresses in the query.
    (re.compile(r"(/[^\s?\"']*+)(\?[^\s\"']++)?"), _query),
)


def redact(text: str) -> str:
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def redact_start(text: str, longest: int) -> str:
    """Mask what is kept. A word at the cut goes as a whole: half a secret would not be recognised as one."""
    if len(text) <= longest:
        return redact(text)
    end = 1 + max(text.rfind(between, 0, longest) for between in " \t\r\n\"'")
    return f"{redact(text[:end])}[cut here: {len(text) - end} more characters]"


class RedactingFilter(logging.Filter):
    """For `LOGGING["filters"]`: cuts and masks the finished message of every record that passes, and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - arguments raise whatever they like, which must not stop whoever logs
            message = f"{record.msg} (with other arguments than it names)"
        record.msg, record.args = redact_start(message, LONGEST), ()
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = redact_start(record.exc_text, LONGEST_TRACEBACK)
        if record.stack_info:
            record.stack_info = redact_start(record.stack_info, LONGEST_TRACEBACK)
        return True
