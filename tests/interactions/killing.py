"""The Celery application of a worker that one delivery kills: `celery -A tests.interactions.killing`.

The delivery is that of the interaction `killer`; at which step it kills, the environment says (KILLS).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from celery.signals import worker_process_init

from config.celery import app

__all__ = ["app"]


def _deadly(step: Callable[..., Any], is_it: Callable[..., bool]) -> Callable[..., Any]:
    def stepped(*args: Any, **named: Any) -> Any:
        if is_it(*args, **named):
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*args, **named)

    return stepped


@worker_process_init.connect
def arm(**_event: Any) -> None:
    """In each child of the worker."""
    from crm.stores.vendor import VendorStore
    from interactions import context

    if os.environ["KILLS"] == "while it is prepared":
        context.build = _deadly(context.build, lambda interaction, *_rest: interaction.reference == "killer")
    else:
        VendorStore.create = _deadly(  # type: ignore[method-assign]
            VendorStore.create, lambda _store, _target, values, *_rest, **_named: "killer" in str(values)
        )
