from __future__ import annotations

import re
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from telephony import extensions
from telephony.calls.layout import INBOUND, OUTBOUND, Layout
from telephony.cdr.errors import NotACDR
from telephony.cdr.following import growing
from telephony.cdr.importing import Import, Source, ignored
from telephony.models import TelephonySystem
from telephony.recordings import where_it_lies

REST_SECONDS, AWAY_SECONDS, PROGRESS_SECONDS = 0.5, 10, 10
PECULIARITIES = (
    (
        "trunk",
        "NAME",
        "The name of a trunk, as in PJSIP/NAME-0000001f; * is anything. Without one, whatever is no short number is a "
        "trunk.",
    ),
    (
        "inbound-context",
        "NAME",
        "A dcontext in which calls come in from outside, whatever their channel is called; * is anything. Default: "
        f"{' '.join(INBOUND)}.",
    ),
    ("outbound-context", "NAME", f"A dcontext in which telephones call. Default: {' '.join(OUTBOUND)}."),
)
FOLLOWING = (
    ("quiet-seconds", 30, "a call is over when no row of it came for so long."),
    (
        "at-most",
        600,
        "a call of which a row is missing is kept as it is after so long, and completed when the row comes.",
    ),
)
COLUMN = re.compile(r"([a-z]+)=(.+)", re.DOTALL)


class Command(BaseCommand):
    help = (
        "Read a CDR file (Asterisk's Master.csv, or an export with a header) into Deskline. Importing a file again, or "
        "one that has grown, adds what is new and completes calls of which more is known. Calls between extensions are "
        "left out. What is peculiar to a telephone system stands in the Maker, Telephone systems; options override it. "
        "Exit status 1 when a line could not be read; the other lines are kept all the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="The file, or - for standard input.")
        parser.add_argument(
            "--source", default="asterisk", help="References are unique within a source. Default: %(default)s."
        )
        self._add_peculiarities(parser)
        parser.add_argument(
            "--revise",
            action="store_true",
            help="Read again what is known already, and replace what this importer or a former one made of it. First "
            "shows what would change, and asks.",
        )
        parser.add_argument("--no-input", action="store_false", dest="interactive", help="Do not ask.")
        self._add_following(parser)

    def _add_peculiarities(self, parser: ArgumentParser) -> None:
        for name, metavar, text in PECULIARITIES:
            parser.add_argument(f"--{name}", action="append", metavar=metavar, help=f"{text} May be repeated.")
        parser.add_argument(
            "--timezone",
            help="Of the times in the file: the PBX's own, or UTC with usegmtime in cdr.conf. Default: "
            f"{settings.TIME_ZONE}.",
        )
        parser.add_argument(
            "--outbound-pattern",
            metavar="[COLUMN=]REGEX",
            help="Instead of contexts: a call is outbound where this column matches (dst when none is named), else "
            "inbound. Example: channel=^PJSIP/[12][0-9]{3}-",
        )
        parser.add_argument(
            "--outside-prefix", metavar="DIGITS", help="What is dialled for an outside line, as 9 or 0."
        )
        parser.add_argument(
            "--recordings", metavar="ADDRESS", help="With the name of a recording's file after it, it is its link."
        )

    def _add_following(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--follow", action="store_true", help="Go on as the file grows and is rotated, until the command is ended."
        )
        for name, seconds, text in FOLLOWING:
            help_text = f"With --follow: {text} Default: {seconds}."
            parser.add_argument(f"--{name}", type=float, default=seconds, metavar="SECONDS", help=help_text)

    def handle(self, *args: Any, **options: Any) -> None:
        system = TelephonySystem.objects.filter(source=options["source"]).first()
        source = self._source(system, options)
        if options["revise"] and not self._may_revise(source, options):
            self.stdout.write("Nothing was changed.")
            return
        note_unknown = partial(extensions.note_unknown, system) if system else ignored
        run = Import(source, self._complain, revises=options["revise"], note_unknown=note_unknown)
        if options["follow"]:
            self._follow(run, options)
        else:
            self._read(run, options["file"])
        if run.tally.bad:
            raise CommandError(str(run.tally))
        self.stdout.write(str(run.tally))

    def _source(self, system: TelephonySystem | None, options: dict[str, Any]) -> Source:
        pattern = options["outbound_pattern"]
        given = {
            "trunks": options["trunk"],
            "outside_prefix": options["outside_prefix"],
            "inbound": options["inbound_context"],
            "outbound": options["outbound_context"],
            "pattern": column_pattern(pattern) if pattern else None,
        }
        return Source(
            options["source"],
            time_zone(options["timezone"] or (system.zone if system else settings.TIME_ZONE)),
            replace(system.layout() if system else Layout(), **{name: value for name, value in given.items() if value}),
            system.agents() if system else {},
            where_it_lies(options["recordings"] or "")
            if options["recordings"] or system is None
            else system.link_of_recording(),
        )

    def _follow(self, run: Import, options: dict[str, Any]) -> None:
        """Until a signal ends it: what is gathered by then is kept, and completed when it is read again."""
        over = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())

        def rest() -> bool:
            try:
                run.keep_quiet(options["quiet_seconds"], options["at_most"])
            except (OperationalError, InterfaceError) as problem:
                self.stderr.write(f"The database is away ({type(problem).__name__}); what was read is kept for later.")
                close_old_connections()
                return not over.wait(AWAY_SECONDS)
            return not over.wait(REST_SECONDS)

        try:
            run.run(growing(Path(options["file"]), rest))
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None

    def _may_revise(self, source: Source, options: dict[str, Any]) -> bool:
        if options["file"] == "-":
            raise CommandError("--revise reads the file twice: give it a name.")
        trial = Import(source, lambda lines, reason: None, revises=True, is_trial=True, show=self.stdout.write)
        self._read(trial, options["file"])
        if not trial.tally.fuller:
            return False
        if not options["interactive"]:
            return True
        return input(f"Change these {trial.tally.fuller} interactions? [y/N] ").strip().lower() in ("y", "yes")

    def _read(self, run: Import, name: str) -> None:
        try:
            with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as lines:
                run.run(self._shown(lines))
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
        except NotACDR as problem:
            raise CommandError(f"{name}: {problem}") from None
        except (OperationalError, InterfaceError) as problem:
            raise CommandError(
                f"The database did not answer ({type(problem).__name__}). What was read so far is kept: run this "
                "again, and the rest goes in."
            ) from None

    def _shown(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        shown = time.monotonic()
        for number, line in enumerate(lines, 1):
            yield line
            if number % 1_000 == 0 and time.monotonic() - shown >= PROGRESS_SECONDS:
                shown = time.monotonic()
                self.stderr.write(f"{number:,} lines read so far.")

    def _complain(self, lines: str, reason: str) -> None:
        self.stderr.write(f"line {lines}: {reason}")


def time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise CommandError(f"There is no time zone {name!r}; write it like Europe/Paris.") from None


def column_pattern(text: str) -> tuple[str, re.Pattern[str]]:
    found = COLUMN.fullmatch(text)
    column, expression = (found[1], found[2]) if found else ("dst", text)
    try:
        return column, re.compile(expression)
    except re.error as error:
        raise CommandError(f"--outbound-pattern: {expression!r} is not a regular expression: {error}.") from None
