from __future__ import annotations

from core.reasons import declare

PLAIN_HTTP = declare(
    "outbound.plain_http", "{host} is not asked over plain http, so nothing was sent. Use an https address."
)
INVALID = declare("outbound.invalid", "The request to {host} is not a valid one, so nothing was sent. Report it.")
TOO_LONG = declare("outbound.too_long", "{host} sent more than {most} KiB; it was not read.")
NO_ANSWER = declare("outbound.no_answer", "{host} took the request but did not answer in time.")
BROKEN_OFF = declare("outbound.broken_off", "{host} broke the connection before its answer was complete.")
UNREACHABLE = declare(
    "outbound.unreachable",
    "{host} could not be reached ({cause}); nothing was sent. If it stays so, check this server's way there: name "
    "service, firewall, certificates.",
)
PRIVATE = declare(
    "outbound.private",
    "{host} leads to a private network address, so nothing was sent. Correct the address; the operator of this server "
    "alone can allow a private one.",
)
NO_ADDRESS = declare("outbound.no_address", "The address is not a valid http or https address: correct it.")
NO_HOST = declare("outbound.no_host", "The address needs a host name and may not hold a user name: correct it.")
STOOD_STILL = declare(
    "outbound.stood_still", "This server stood still before it could send this; nothing was sent. It goes on by itself."
)
NO_LOCK = declare(
    "outbound.no_lock",
    "Redis is away, and without it this machine cannot keep to one request at a time ({cause}); nothing was sent. It "
    "goes on by itself when Redis is back.",
)
CREDITS_KEPT = declare(
    "outbound.credits_kept",
    "Today's API credits of the portal are nearly spent; the rest is kept for agents. Deliveries go on by themselves "
    "after the reset.",
)
ASKED_TO_WAIT = declare(
    "outbound.asked_to_wait", "The portal asked us to wait; nothing was sent. It goes on by itself."
)
NO_PLACE = declare(
    "outbound.no_place", "All our places at the portal are taken; nothing was sent. It goes on by itself."
)
