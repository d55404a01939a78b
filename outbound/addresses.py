from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from outbound.errors import Misconfigured
from outbound.reasons import NO_ADDRESS, NO_HOST

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # everything else of IPv6 is special or not handed out
DOCUMENTATION = ipaddress.IPv6Network("3fff::/20")  # RFC 9637, newer than Python 3.11's own table
INSIDE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's own server: agents of its machines get secrets there (learn.microsoft.com)
        "161.26.0.0/16", "166.8.0.0/14",  # IBM Cloud's own services
        "192.88.99.0/24",  # RFC 7526: withdrawn, whoever answers is a stranger
        "192.0.0.0/24",  # RFC 6890: what routers do among themselves
        "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24", "2620:4f:8000::/48",  # RFC 7534, 7450: the nearest
    )
)  # fmt: skip
"""Public by their form alone: whoever is nearest answers there."""
ISATAP = 0x00005EFE
"""RFC 5214: before the last 32 bits, which then are an IPv4 address; the bit 0x02000000 may be set."""


PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]


def origin_of(url: str) -> Origin:
    """Return scheme, host and port of a URL. Raises Misconfigured for one that is not a plain http(s) address."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Misconfigured(NO_ADDRESS) from None
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise Misconfigured(NO_HOST)
    return parts.scheme, parts.hostname.lower(), port


def is_public(address: str) -> bool:
    """Say whether this numeric address is public, in whichever way IPv6 holds an IPv4 address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        last = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if embedded := last if ip in NAT64 else ip.ipv4_mapped or ip.sixtofour:
            return is_public(str(embedded))
        isatap = (int(ip) >> 32) & 0xFDFFFFFF == ISATAP
        if isatap and not is_public(str(last)):
            return False
        if ip not in GLOBAL_UNICAST or ip in DOCUMENTATION:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in INSIDE)
