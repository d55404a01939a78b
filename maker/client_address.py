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
    """As the trusted proxies tell it; None when it is no address. Each proxy adds from where it was asked: of three,
    the client is the third entry from the end. Where one says nothing usable, the next one nearer to us is believed.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = request.headers.get("X-Forwarded-For", "").rsplit(",", proxies)[-proxies:] if proxies else []
    if 0 < len(told) < proxies and told[0].strip():
        _say_once(proxies, len(told))
    candidates = (_address(text) for text in (*told, request.META.get("REMOTE_ADDR", "")))
    return next((address for address in candidates if address), None)


def _address(text: str) -> str | None:
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
