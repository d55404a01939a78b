"""What the history notes of each change: by whom, and from where."""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account.adapter import get_adapter
from auditlog.middleware import AuditlogMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's address as the trusted proxies tell it (TRUSTED_PROXIES), None when they do not."""
    try:
        return str(ipaddress.ip_address(get_adapter().get_client_ip(request)))
    except (PermissionDenied, ValueError):
        return None


class RecordingMiddleware(AuditlogMiddleware):
    """Takes the client's address from the trusted proxies alone.

    auditlog's own (3.4.1) believes X-Forwarded-For, which anybody can set: a change could be blamed on another address,
    and PostgreSQL would refuse to save one whose address is none.
    """

    def get_extra_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"remote_addr": client_address(request), "remote_port": None, "actor": self._get_actor(request)}
