"""From which address a request comes, as far as those tell it whom we trust."""

from __future__ import annotations

import ipaddress
import logging
import re
from functools import cache

from django.conf import settings
from django.http import HttpRequest

BRACKETED = re.compile(r"\[([^\[\]]*)\](?::\d+)?")
WITH_PORT = re.compile(r"([0-9.]+):\d+")
LONGEST = 100
"""Characters of an address with its brackets, zone and port."""

logger = logging.getLogger(__name__)


def client_address(request: HttpRequest) -> str | None:
    """The address as the trusted proxies tell it, else that of whoever is connected; None when that is none either.

    Each proxy adds from where it was asked, so of three trusted ones the third entry from the end is the client. Where
    one says nothing usable, or the header is shorter, the next one nearer to us is believed: it is trusted as well.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = request.headers.get("X-Forwarded-For", "").rsplit(",", proxies)[-proxies:] if proxies else []
    if 0 < len(told) < proxies and told[0].strip():
        _say_once(proxies, len(told))
    candidates = (_address(text) for text in (*told, request.META.get("REMOTE_ADDR", "")))
    return next((address for address in candidates if address), None)


def _address(text: str) -> str | None:
    """The address, in its one spelling, without its port and zone; None for what is none."""
    text = text.strip().strip('"')
    if len(text) > LONGEST or not text.isascii():
        return None
    if found := BRACKETED.fullmatch(text) or WITH_PORT.fullmatch(text):
        text = found[1]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


@cache
def _say_once(proxies: int, told: int) -> None:
    logger.warning(
        "TRUSTED_PROXIES is %d, but X-Forwarded-For names %d addresses: the first of them counts as the client's. "
        "Correct TRUSTED_PROXIES, or the way past a proxy.",
        proxies,
        told,
    )
