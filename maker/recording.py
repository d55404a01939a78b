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
    """auditlog's own believes X-Forwarded-For (3.4.1), which anybody writes: a change could be laid at another's door,
    and what is no address would stop the change where PostgreSQL keeps it.
    """

    def get_extra_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"remote_addr": client_address(request), "remote_port": None, "actor": self._get_actor(request)}
