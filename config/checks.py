from __future__ import annotations

import ipaddress
import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from outbound.redis_server import server_at

logger = logging.getLogger(__name__)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@register(Tags.security)
def public_url_is_https(**_: Any) -> list[CheckMessage]:
    """Codes, sessions and API keys cross the network: only this machine may do without TLS."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if settings.SECURE or _is_this_machine(host):
        return []
    hint = "Put a proxy with a certificate in front and set PUBLIC_URL to its https:// address."
    return [Warning("PUBLIC_URL is http: sign-ins and API keys travel in clear text.", hint=hint, id="config.W001")]


@register(Tags.security)
def debug_is_for_this_machine(**_: Any) -> list[CheckMessage]:
    """DEBUG shows settings and local variables to whoever finds an error."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if not settings.DEBUG or _is_this_machine(host):
        return []
    return [Error("DEBUG is True on a public address.", hint="Set DEBUG=False.", id="config.E001")]


@register(Tags.security)
def hosts_are_named(**_: Any) -> list[CheckMessage]:
    """A wildcard lets anybody choose the host that pages and redirects are built from."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error("ALLOWED_HOSTS holds *.", hint="Name the hosts, or leave it out: PUBLIC_URL's is used.", id="config.E002")
    ]


@register(Tags.security)
def public_host_is_allowed(**_: Any) -> list[CheckMessage]:
    """Zoho sends people back to PUBLIC_URL: a host that Django refuses would end every consent with a 400."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    allowed = {name.lstrip(".") for name in settings.ALLOWED_HOSTS}
    if "*" in allowed or any(host == name or host.endswith(f".{name}") for name in allowed):
        return []
    hint = f"Add {host} to ALLOWED_HOSTS, or leave the variable out."
    return [Error("The host of PUBLIC_URL is not in ALLOWED_HOSTS.", hint=hint, id="config.E003")]


def warn_of_eviction(**_: Any) -> None:
    """Logged when a worker starts: a Redis that evicts keys throws away wake-ups and the counts of the pace."""
    policy = _eviction_policy()
    if policy not in ("noeviction", ""):
        logger.warning("Redis evicts keys (maxmemory-policy %s). Set it to noeviction.", policy)


def _eviction_policy() -> str:
    """From INFO, since managed servers refuse CONFIG; empty where the server does not say."""
    memory = server_at(settings.REDIS_URL).ask(lambda server: server.info("memory"))
    return str((memory or {}).get("maxmemory_policy", ""))
