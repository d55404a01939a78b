"""The one redactor: what passes it holds no token, no secret and no customer's data in a query."""

from __future__ import annotations

import logging
import re

MASK = "[redacted]"

_RULES = (
    # Zoho's tokens and codes: 1000.<hex>.<hex> (ZOHO.md 2.3)
    (re.compile(r"\b1000\.[0-9a-zA-Z]{8,}(?:\.[0-9a-zA-Z]+)*"), MASK),
    (re.compile(r"(?i)\b(zoho-oauthtoken|bearer|basic)\s+[^\s'\",;]+"), rf"\1 {MASK}"),
    (
        re.compile(
            r"(?i)([\"']?(?:client_secret|(?:access|refresh|id)_token|code(?:_verifier)?|token|password|api_key)"
            r"[\"']?\s*[=:]\s*[\"']?)[^\s&\"',;}]+"
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
