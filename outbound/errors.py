from __future__ import annotations

from datetime import datetime

from core.reasons import Reason, plain


class IntegrationError(Exception):
    """`reason` is for administrators; `code`, `status` (0: none) are the vendor's. No secret, nothing of a customer."""

    kind = "error"

    def __init__(self, reason: Reason | str, *, code: str = "", status: int = 0) -> None:
        self.reason = plain(reason)
        self.message = str(self.reason)
        super().__init__(self.message)
        self.code = code
        self.status = status

    @property
    def said(self) -> str:
        return ", ".join(part for part in (self.code, f"HTTP {self.status}" if self.status else "") if part)

    def __str__(self) -> str:
        return f"{self.message} ({self.said})" if self.said else self.message


class NotSent(IntegrationError):
    """Nothing reached the vendor (no connection, no free place): trying again is safe."""

    kind = "not_sent"


class Throttled(NotSent):
    """The vendor, or our rate limiter, asks to wait; nothing was applied. `until` is UTC, None when nobody said."""

    kind = "throttled"

    def __init__(self, reason: Reason | str, *, until: datetime | None = None, code: str = "", status: int = 0) -> None:
        super().__init__(reason, code=code, status=status)
        self.until = until


class OutcomeUnknown(IntegrationError):
    """The request went out and no usable answer came back: look before writing again."""

    kind = "unknown"


class Misconfigured(IntegrationError):
    """A setting is wrong (missing scope, wrong organisation or data centre): a person must change it."""

    kind = "configuration"
