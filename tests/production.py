"""`python -m tests.production COMMAND ...`: one of Django's commands under the settings of a real installation."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile


def main(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    with tempfile.TemporaryDirectory(prefix="deskline-") as var:
        os.environ.update(
            VAR_DIR=var,
            DJANGO_SETTINGS_MODULE="config.settings",
            PUBLIC_URL="https://desk.example.com",
            SECRET_KEY=secrets.token_urlsafe(50),
            FERNET_KEYS=secrets.token_urlsafe(32),
        )
        for name in ("DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "DEBUG"):
            os.environ.pop(name, None)
        execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
