"""The one redactor: after it, a text holds no token, no secret and no customer's data in a query."""

from __future__ import annotations

import logging
import re

MASK = "[redacted]"

_RULES = (
    # Zoho's tokens and codes: 1000.<hex>.<hex> (docs/zoho-facts.md 2.3)
    (re.compile(r"\b1000\.[0-9a-zA-Z]{8,}(?:\.[0-9a-zA-Z]+)*"), MASK),
    (re.compile(r"(?i)\b(zoho-oauthtoken|bearer|basic)(?:\s|%20|\+)+[^\s'\",;]+"), rf"\1 {MASK}"),
    # Our own API keys (interactions.keys), and the cookies of whoever is signed in.
    (re.compile(r"\bdk_[0-9a-f]{8}_[0-9A-Za-z_-]+"), MASK),
    (re.compile(r"(?i)(cookie[\\\"']*\s*:\s*[\\\"']*)[^\r\n\"'\\]+"), rf"\1{MASK}"),
    # Fernet keys: 32 bytes in URL-safe base64.
    (re.compile(r"(?<![0-9A-Za-z_-])[0-9A-Za-z_-]{43}="), MASK),
    # The password in the address of a database or of Redis.
    (re.compile(r"(://[^\s:/@\"']*:)[^\s\"']+(?=@)"), rf"\1{MASK}"),
    # JSON within JSON has its quotes behind backslashes.
    (
        re.compile(
            r"(?i)((?:(?:client_)?secret(?:_key)?|(?:access|refresh|id)_token|code(?:_verifier)?|token"
            r"|password|api_key|sessionid|csrftoken)[\\\"']*\s*[=:]\s*[\\\"']*)[^\s&\"',;}\\]+"
        ),
        rf"\1{MASK}",
    ),
    # Searches carry phone numbers and e-mail addresses in the query.
    (re.compile(r"(/[^\s?\"']*)\?[^\s\"']+"), rf"\1?{MASK}"),
)


def redact(text: str) -> str:
    """The text with tokens, secrets and query strings masked."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class RedactingFilter(logging.Filter):
    """For `LOGGING["filters"]`: masks the finished message of every record that passes, and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True
