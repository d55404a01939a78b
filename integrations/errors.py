"""The one vocabulary of vendors' answers. The class decides what happens next; texts are for people."""

from __future__ import annotations

from collections.abc import Mapping

from core.reasons import Reason
from outbound.errors import IntegrationError, Misconfigured, NotSent, OutcomeUnknown, Throttled

__all__ = [
    "IntegrationError",
    "Misconfigured",
    "NeedsReconnection",
    "NotSent",
    "OutcomeUnknown",
    "RecordGone",
    "Refused",
    "Throttled",
    "Unauthorised",
]


class Refused(IntegrationError):
    """Refused for good: the same request would be refused again. `fields`: API name to what is wrong with it."""

    kind = "refused"

    def __init__(
        self, reason: Reason | str, *, fields: Mapping[str, str] | None = None, code: str = "", status: int = 0
    ) -> None:
        super().__init__(reason, code=code, status=status)
        self.fields = dict(fields or {})


class RecordGone(Refused):
    """The record that the request names was trashed or merged away; look its owner up again."""

    kind = "gone"


class Unauthorised(IntegrationError):
    """The access token was not accepted; nothing was applied. Renew it once, then send once more."""

    kind = "unauthorised"


class NeedsReconnection(IntegrationError):
    """The token endpoint itself refused our grant: only a new consent helps."""

    kind = "needs_reconnection"
