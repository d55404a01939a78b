from __future__ import annotations

from typing import Any

from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest

from maker.client_address import client_address


class RecordingMiddleware(AuditlogMiddleware):
    """auditlog's own (3.4.1) believes X-Forwarded-For, which anybody can set: a change could be blamed on another."""

    def get_extra_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"remote_addr": client_address(request), "remote_port": None, "actor": self._get_actor(request)}
