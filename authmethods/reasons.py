from __future__ import annotations

from core.reasons import declare

STOPPED = declare(
    "method.stopped",
    "The authentication method is disabled, so nothing is sent through it. Enable it by its status in Authentication "
    "methods.",
)
UNREADABLE = declare(
    "method.unreadable",
    "The stored secret of the authentication method cannot be opened (its FERNET_KEYS are gone). Restore the key, or "
    "enter the client secret anew and connect the method again.",
)
LOST = declare("method.lost", "The authentication method must be connected again.")
REFUSED = declare("method.refused", "{cause}")
"""What it was when the vendor refused the grant."""
SAID = declare("method.said", "{reason} ({said})")
KEY_REFUSED = declare(
    "method.key_refused",
    "The vendor no longer accepts the key. Enter a new one in the method, then enable it by its status.",
)
RENEWING = declare(
    "method.renewing",
    "The access token is being renewed, and that takes long; nothing was sent. It goes on by itself.",
)
RENEWAL_FAILED = declare(
    "method.renewal_failed",
    "The access token could not be renewed a moment ago; nothing was sent. It goes on by itself.",
)
MANY_RENEWALS = declare(
    "method.many_renewals",
    "Too many access tokens were asked for in a short time; one more could block the connection, so nothing was sent. "
    "It goes on by itself.",
)
