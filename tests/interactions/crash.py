"""A worker that dies at a named point: `python -m tests.interactions.crash POINT`, as `workers.environment` says."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from authmethods import token_refresh  # noqa: E402
from crm.stores.vendor import VendorStore  # noqa: E402
from integrations.zoho_desk.oauth import Accounts  # noqa: E402
from interactions import tasks  # noqa: E402
from interactions.delivery import journal, results  # noqa: E402
from interactions.models import Delivery  # noqa: E402
from interactions.worker import drain  # noqa: E402


def die(*_args: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(owner: Any, name: str, *, only: Callable[..., bool] = lambda *_args: True) -> None:
    """Let the step happen, then die."""
    step = getattr(owner, name)

    def stepped(*args: Any, **named: Any) -> Any:
        result = step(*args, **named)
        if only(*args):
            die()
        return result

    setattr(owner, name, stepped)


POINTS: dict[str, Callable[[], None]] = {
    "after the claim": lambda: setattr(drain, "open_job", die),
    "in a refresh, before the request": lambda: after(token_refresh, "_take_lease"),
    "in a refresh, after the answer": lambda: after(Accounts, "refresh"),
    "before the send": lambda: after(journal, "begin_creates"),
    "after the contact was made": lambda: after(
        VendorStore, "create", only=lambda _store, target, *_rest: target.is_card
    ),
    "after the contact was found gone": lambda: after(results, "unwritten"),
    "after the send, before the record": lambda: after(
        VendorStore, "create", only=lambda _store, target, *_rest: not target.is_card
    ),
    "while recording": lambda: after(results, "_versions_now"),
    "after the record": lambda: after(results, "delivered"),
    "after an update was sent": lambda: after(VendorStore, "update"),
}

if __name__ == "__main__":
    POINTS[sys.argv[1]]()
    for method_id in Delivery.objects.values_list("method_id", flat=True).distinct():
        tasks.drain(method_id)
