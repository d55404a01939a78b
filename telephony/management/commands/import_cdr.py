"""`manage.py import_cdr FILE`: calls of an Asterisk or FreePBX become interactions."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from telephony.cdr.direction import INBOUND, OUTBOUND, Directions, pattern_of
from telephony.cdr.importing import Import


class Command(BaseCommand):
    help = (
        "Read a CDR file (Asterisk's Master.csv, or an export with a header) into Deskline. Importing a file again, or "
        "one that has grown, adds only what is new. Calls between extensions are left out. Exit status 1 when a line "
        "could not be read; the other lines are kept all the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="The file, or - for standard input.")
        parser.add_argument(
            "--source", default="asterisk", help="References are unique within a source. Default: %(default)s."
        )
        parser.add_argument(
            "--timezone",
            default=settings.TIME_ZONE,
            help="Of the times in the file: the PBX's own, or UTC with usegmtime in cdr.conf. Default: %(default)s.",
        )
        parser.add_argument(
            "--inbound-context",
            action="append",
            metavar="NAME",
            help=f"A dcontext of calls from outside; * is anything. May be repeated. Default: {' '.join(INBOUND)}.",
        )
        parser.add_argument(
            "--outbound-context",
            action="append",
            metavar="NAME",
            help=f"A dcontext of calls to the outside. May be repeated. Default: {' '.join(OUTBOUND)}.",
        )
        parser.add_argument(
            "--outbound-pattern",
            metavar="[COLUMN=]REGEX",
            help="Instead of contexts: a call is outbound where this column matches (dst when none is named), else "
            "inbound. Example: channel=^PJSIP/[12][0-9]{3}-",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        run = Import(options["source"], self._zone(options["timezone"]), self._directions(options), self._complain)
        with self._open(options["file"]) as lines:
            run.run(lines)
        summary = (
            f"{run.new} interactions new, {run.known} known already, {run.internal} calls between extensions left out, "
            f"{run.bad} lines or calls not read."
        )
        if run.deleted:
            summary = f"{summary} {run.deleted} that an administrator deleted left out."
        if run.bad:
            raise CommandError(summary)
        self.stdout.write(summary)

    def _complain(self, lines: str, reason: str) -> None:
        self.stderr.write(f"line {lines}: {reason}")

    def _open(self, name: str) -> Any:
        if name == "-":
            return nullcontext(sys.stdin)
        try:
            return Path(name).open(encoding="utf-8-sig", errors="replace", newline="\n")
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from None

    def _zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise CommandError(f"There is no time zone {name!r}; write it like Europe/Paris.") from None

    def _directions(self, options: dict[str, Any]) -> Directions:
        inbound, outbound = options["inbound_context"] or INBOUND, options["outbound_context"] or OUTBOUND
        if not options["outbound_pattern"]:
            return Directions(inbound, outbound)
        try:
            column, pattern = pattern_of(options["outbound_pattern"])
        except ValueError as error:
            raise CommandError(f"--outbound-pattern: {error}") from None
        return Directions(inbound, outbound, column, pattern)
