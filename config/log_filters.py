from __future__ import annotations

import logging


class RefusalsWithoutTraceback(logging.Filter):
    """A refused request (400, 403, 404) is one line: its traceback tells nothing, and strangers can ask for any number.

    Django gives one to each; those that it takes for suspicious it also logs as errors of `django.security`.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security") or record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return True
