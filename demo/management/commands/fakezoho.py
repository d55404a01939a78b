"""`manage.py fakezoho --port N`: the local Zoho alone. Its options are its own."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Run the local Zoho (Accounts and Desk). All options go to it: manage.py fakezoho --help"
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand every option through: the stand-in knows its own, and tells them with --help."""
        try:
            from fakezoho.__main__ import main
        except ImportError as missing:
            self.stderr.write(f"The local Zoho needs parts that are not installed ({missing.name}). Run: make local")
            sys.exit(1)
        sys.exit(main(argv[2:]))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("options", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("Run it from the command line: manage.py fakezoho --port 8100")
