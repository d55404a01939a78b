"""`manage.py demo`: a first set-up in six steps and a hundred interactions, through the pages and the API alone."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.journey.evidence import Evidence

LEAST, MOST = 6, 999
SHOWN = 10


class Command(BaseCommand):
    help = "Walk the whole journey against the running system (or one of its own) and count what Zoho holds after it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--interactions", type=int, default=100, metavar="N", help=f"how many to post, {LEAST} to {MOST} (100)"
        )

    def handle(self, *args: Any, interactions: int, **options: Any) -> None:
        if not LEAST <= interactions <= MOST:
            raise CommandError(f"--interactions takes {LEAST} to {MOST}.")
        try:
            found = self._travel(interactions)
        except ImportError as missing:
            raise CommandError(
                f"The demo needs parts that are not installed ({missing.name}). Run: make local"
            ) from None
        self._report(found)

    def _travel(self, interactions: int) -> Evidence:
        from demo.journey import assignment, credentials, delivery, integration, method, objects, sign_in, source
        from demo.journey.browser import StepFailed
        from demo.journey.system import running
        from demo.journey.traveller import Traveller

        steps: list[ModuleType] = [credentials, method, sign_in, integration, objects, assignment, source]
        title = "Find the running system"
        try:
            with running(self._say) as system:
                traveller = Traveller(system)
                traveller.sign_in()
                self._say(f"Deskline at {system.url}, local Zoho at {system.zoho}")
                for number, step in enumerate(steps, 1):
                    title = step.TITLE
                    self._say(f"  {number}. {title}: {step.run(traveller)}")
                title = f"{interactions} interactions"
                self._say(f"  {len(steps) + 1}. {title}")
                return delivery.run(traveller, interactions, self._say)
        except StepFailed as failure:
            raise CommandError(f"Failed at “{title}”. {failure}") from None

    def _report(self, found: Evidence) -> None:
        for what, references in found.differences.items():
            more = f" and {len(references) - SHOWN} more" if len(references) > SHOWN else ""
            self._say(f"  {len(references)} {what}: {', '.join(references[:SHOWN])}{more}")
        right = found.found - len(found.wrong_contact)
        self._say(f"  {right} of {found.found} on the right contact, {found.recordings} with their recording's link")
        self._say(found.last_line())
        if found.differences:
            raise SystemExit(1)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
