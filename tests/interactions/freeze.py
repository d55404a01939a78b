"""A worker that stands still between noting a create and sending it: `celery -A tests.interactions.freeze`.

Once for each file that FREEZE_AT names; what may leave has 2 s for it.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import django

from config.celery import app  # noqa: F401 - what celery looks for
from outbound import deadline

django.setup()

from interactions.delivery import job  # noqa: E402

deadline.SECONDS = 2.0


def _frozen_once(step: Any) -> Any:
    def stepped(*args: Any) -> Any:
        try:
            Path(os.environ["FREEZE_AT"]).unlink()
        except FileNotFoundError:
            return step(*args)
        os.kill(os.getpid(), signal.SIGSTOP)
        return step(*args)

    return stepped


job.Job.create = _frozen_once(job.Job.create)  # type: ignore[method-assign]
