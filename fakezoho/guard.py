"""Refuse web pages, which could read client secrets at 127.0.0.1 through a browser or by DNS rebinding."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def _is_loopback(netloc: str) -> bool:
    try:
        return urlsplit("//" + netloc).hostname in LOOPBACK
    except ValueError:
        return False


def stranger(method: str, headers: dict[str, str]) -> str:
    """Return why a request is refused; empty when it comes from this machine under its own name."""
    if not _is_loopback(headers.get("host", "")):
        return "The stand-in answers only to 127.0.0.1 and localhost."
    origin = headers.get("origin")
    if method in CHANGING and origin is not None and not _is_loopback(origin.partition("://")[2]):
        return "The stand-in takes no requests from other sites."
    return ""
