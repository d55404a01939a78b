"""Who may speak to the stand-in: this machine, by its own name.

A page on the web can make a browser send requests to 127.0.0.1, or give its own host name that address (DNS
rebinding) and then read the answers. Either would hand out client secrets; the names in Host and Origin give it away.
"""

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
    """Why a request is refused; empty when it comes from this machine under its own name."""
    if not _is_loopback(headers.get("host", "")):
        return "The stand-in answers only to 127.0.0.1 and localhost."
    origin = headers.get("origin")
    if method in CHANGING and origin is not None and not _is_loopback(origin.partition("://")[2]):
        return "The stand-in takes no requests from other sites."
    return ""
