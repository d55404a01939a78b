from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authmethods import agreement
from authmethods.rotation import rotate


class Command(BaseCommand):
    help = (
        "Encrypt all stored credentials with the first of FERNET_KEYS. Put the new key in front, restart every "
        "process, run this, and only then take the old key away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        self._require_agreement()
        counts = rotate(dry_run=dry_run)
        verb = "to rotate" if dry_run else "rotated"
        for count in counts:
            line = f"{count.field}: {count.rotated} {verb}, {count.current} with the newest key already"
            self.stdout.write(line + (f", {count.unreadable} unreadable" if count.unreadable else ""))
        if any(count.unreadable for count in counts):
            raise CommandError(
                "Some values open with none of FERNET_KEYS. They were left as they are: add the key they were "
                "sealed with and run this again, or enter those credentials anew."
            )

    def _require_agreement(self) -> None:
        """Who lacks the newest key could open nothing afterwards."""
        if why := agreement.why_not_seal():
            raise CommandError(f"{why} Nothing was changed.")
        if lacking := agreement.lacking_our_newest():
            raise CommandError(
                f"These run without the newest of FERNET_KEYS: {', '.join(lacking)}. Nothing was changed. Give them "
                "the same keys and restart them, then run this again (who is gone is forgotten after a minute)."
            )
