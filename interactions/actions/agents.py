from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models.functions import Lower

from users.models import User

KNOWN_SECONDS = 60.0
"""For so long a username is believed to be the same user's; one that nobody has is asked for each time."""
MOST_KNOWN = 10_000

_known: dict[str, tuple[float, User]] = {}


def forget() -> None:
    _known.clear()


def of(told: Iterable[Mapping[str, Any]]) -> dict[str, User]:
    """The users that these name as `agent`, by username in lower case."""
    wanted = {str(one["agent"]).lower() for one in told if one.get("agent")}
    now = time.monotonic()
    found = {name: user for name in wanted for until, user in [_known.get(name, (0.0, None))] if user and now < until}
    if missing := wanted - found.keys():
        if len(_known) > MOST_KNOWN:
            _known.clear()
        for user in User.objects.annotate(lower=Lower("username")).filter(lower__in=missing):
            name = user.username.lower()
            found[name], _known[name] = user, (now + KNOWN_SECONDS, user)
    return found
