"""`manage.py serve`: the web server of an installation. WEB_HOST, PORT, WEB_THREADS and WEB_WORKERS shape it."""

from __future__ import annotations

import contextlib
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.server import run


class Command(BaseCommand):
    help = "Serve the pages and the API. Put a proxy with a certificate in front of it: see deploy/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.WEB_HOST, help="in place of WEB_HOST")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with contextlib.suppress(KeyboardInterrupt):
                run.serve(options["host"])
        except run.AddressTaken as reason:
            raise CommandError(str(reason)) from None
