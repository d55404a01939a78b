from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from authmethods import agreement
from core import clock
from interactions.actions import after_restore


class Command(BaseCommand):
    help = "After a backup was restored, and before anything is started: look in Zoho before anything is written again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", required=True, help="when the backup was begun: 2026-11-26T14:30:00Z")

    def handle(self, *args: Any, since: str, **options: Any) -> None:
        moment = _moment(since)
        if running := [one.name for one in agreement.live() if one.seen_at > moment]:
            raise CommandError(f"Abort these first, and run this again a minute later: {', '.join(running)}.")
        done = after_restore.look_first(moment)
        self.stdout.write(
            f"{done.open} open deliveries are looked for before they are written. So is what sources send again of "
            f"interactions that began before {done.until:%Y-%m-%dT%H:%M:%SZ}. Start the processes now, and ask the "
            f"sources to send everything since {since} again."
        )


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise CommandError("--since takes a time with its zone, such as 2026-11-26T14:30:00Z. Nothing was changed.")
    if moment > clock.now():
        raise CommandError("--since is in the future. Nothing was changed.")
    return moment
