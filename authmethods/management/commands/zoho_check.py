"""`manage.py zoho_check`: is the real Zoho Desk as we assume it to be?"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authmethods import grants, status, tokens
from authmethods.models import AuthenticationMethod
from integrations.errors import IntegrationError
from integrations.zoho_desk import datacentres, scopes
from integrations.zoho_desk.integration import ZohoDesk
from integrations.zoho_desk.probes import report
from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.own_records import RIGHTS
from integrations.zoho_desk.probes.probe import Verdict
from integrations.zoho_desk.probes.run import run
from integrations.zoho_desk.probes.shape import Watched
from integrations.zoho_desk.probes.trial import ANNOUNCEMENT
from outbound import http

PATIENCE_SECONDS, LONGEST_PATIENCE_SECONDS = 60.0, 3600.0
COULD_NOT_RUN = 2


class Command(BaseCommand):
    help = (
        "Compare Zoho Desk with what Deskline assumes of it, on a real account (docs/zoho-smoke.md). Reads only, "
        "unless --write is given. Shows no customer's data and no secret. Exit status: 0 nothing differs, 1 something "
        "does, 2 it could not run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--method", metavar="NAME", help="An enabled authentication method. Default: the only one.")
        parser.add_argument(
            "--write", action="store_true", help="Also make a few named records, and move them to trash afterwards."
        )
        parser.add_argument(
            "--patience",
            type=_seconds,
            default=PATIENCE_SECONDS,
            metavar="SECONDS",
            help="With --write: how long a record may take to be seen. Default: %(default)g.",
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object instead of lines.")

    def handle(self, *args: Any, **options: Any) -> None:
        method = self._method(options["method"])
        if options["write"]:
            self._require_right_to_trash(method)
            self.stderr.write(ANNOUNCEMENT)
        try:
            account = _account(method, options["patience"] if options["write"] else None)
            results = self._run(account, quietly=options["json"])
        except IntegrationError as error:
            raise CommandError(f"The check could not run. {error}", returncode=COULD_NOT_RUN) from None
        if options["json"]:
            about = {"method": method.name, "organisation": method.organisation_id, "wrote": options["write"]}
            self.stdout.write(json.dumps({**about, **report.as_data(results), "left": account.left}, indent=2))
        else:
            self.stdout.write(report.summary(results))
        if any(finding.verdict is Verdict.DIFFERENT for _, finding in results):
            sys.exit(1)

    def _run(self, account: Account, *, quietly: bool) -> list[report.Result]:
        results = []
        try:
            for probe, finding in run(account):
                results.append((probe, finding))
                if not quietly:
                    self.stdout.write(report.line(probe, finding))
        finally:  # even after an interruption
            for record in account.left:
                self.stderr.write(f"Not moved to trash, do it by hand: {record}")
        return results

    def _method(self, name: str | None) -> AuthenticationMethod:
        methods = list(status.enabled(ZohoDesk.key))
        found = [method for method in methods if name in (None, method.name)]
        if len(found) == 1:
            return found[0]
        if not methods:
            raise CommandError(
                "No authentication method of Zoho Desk is enabled: enable one in the Maker (README.md, “With a real "
                "Zoho account”), then try again.",
                returncode=COULD_NOT_RUN,
            )
        names = ", ".join(f"“{method.name}”" for method in methods)
        wanted = f"No enabled method of Zoho Desk is called “{name}”" if name else "Say which with --method"
        raise CommandError(f"{wanted}. Enabled: {names}.", returncode=COULD_NOT_RUN)

    def _require_right_to_trash(self, method: AuthenticationMethod) -> None:
        missing = scopes.missing(RIGHTS, method.granted_scopes)
        if missing:
            raise CommandError(
                f"The consent does not include {' and '.join(missing)}, without which nothing can be moved to trash, "
                "so nothing was written. docs/zoho-smoke.md says how to ask for them.",
                returncode=COULD_NOT_RUN,
            )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= LONGEST_PATIENCE_SECONDS:
        raise ArgumentTypeError(f"must be more than 0 and at most {LONGEST_PATIENCE_SECONDS:g} seconds")
    return seconds


def _account(method: AuthenticationMethod, patience: float | None) -> Account:
    """The account behind a method; refreshes of its token go the usual way, and are watched."""
    watched = Watched(http.client)
    renew = partial(tokens.renew, method.pk, client=ZohoDesk(watched).oauth)
    connection = replace(tokens.connect(method, foreground=True), renew=renew)
    return Account(watched, datacentres.table, connection, grants.app(method), patience=patience)
