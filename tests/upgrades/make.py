"""`python -m tests.upgrades.make NAME`: keep a database as this version makes it, for every later one to upgrade.

Deliveries in every state, a connection with its credentials, a CRM with its rule, people, keys and remembered cards.
Under `python -m tests.postgres` it is one of PostgreSQL, else one of SQLite.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.stand.postgres import programs

KEPT = Path(__file__).parent / "kept"
KEYS = {"SECRET_KEY": "upgrades-" * 8, "FERNET_KEYS": "a-key-of-the-kept-databases"}
STARTED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def main(name: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{directory}/kept.sqlite3")
        os.environ.update(
            KEYS, DJANGO_SETTINGS_MODULE="config.settings", VAR_DIR=directory, PUBLIC_URL="http://127.0.0.1:8000"
        )
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        fill()
        dump = dump_of_sqlite if connection.vendor == "sqlite" else dump_of_postgresql
        file = KEPT / connection.vendor / f"{name}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dump(str(connection.settings_dict["NAME"])), encoding="utf-8")


def dump_of_sqlite(name: str) -> str:
    with sqlite3.connect(name) as database:
        return "\n".join(database.iterdump()) + "\n"


def dump_of_postgresql(_name: str) -> str:
    """Statements alone: lines that begin with a backslash are words to `psql`, which does not load it."""
    command = [str(programs() / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", os.environ["DATABASE_URL"]]
    dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "".join(line for line in dump.splitlines(keepends=True) if not line.startswith("\\"))


def fill() -> None:
    from authmethods.fields import seal
    from authmethods.models import AuthenticationMethod, ClientSecret, Status, StoredGrant
    from crm.models import CRM, Assignment, CRMField, CRMObject, FormValue, KnownCard, RememberedCard
    from interactions.api import keys
    from interactions.models import Attempt, Delivery, DeliveryState, Interaction
    from users.models import User

    ada = User.objects.create_superuser("ada@acme.example", "correct horse battery staple")
    method = AuthenticationMethod.objects.create(
        name="Memory", integration="memory", client_id="id", status=Status.ENABLED, organisation_id="1"
    )
    secret = ClientSecret(method=method)
    secret.seal("the client's secret")
    secret.save()
    grant = StoredGrant(method=method, expires_at=STARTED + timedelta(days=36500), refreshed_at=STARTED)
    grant.access_token, grant.refresh_token = seal(grant.owner, "access"), seal(grant.owner, "refresh")
    grant.save()
    crm = CRM.objects.create(name="Desk", reference="desk", method=method, integration="memory", on_none="create")
    contacts = CRMObject.objects.create(crm=crm, name="Contacts", api_name="contacts")
    for name, kind, path in [("lastName", "short_text", "customer_name"), ("phone", "phone", "customer_phone")]:
        CRMField.objects.create(
            object=contacts, name=name, api_name=name, type=kind, template=f"{{{{interaction.{path}}}}}"
        )
    calls = CRMObject.objects.create(crm=crm, name="Calls", api_name="calls", is_card=False)
    for rule in (Assignment.objects.create(target=calls, name=name) for name in ("Calls", "Calls again")):
        for name, path in [("contactId", "card.id"), ("subject", "interaction.reference")]:
            field, _ = CRMField.objects.get_or_create(
                object=calls, api_name=name, defaults={"name": name, "type": "short_text"}
            )
            FormValue.objects.create(assignment=rule, field=field, template=f"{{{{{path}}}}}")
    keys.create("PBX", "pbx", ada)
    KnownCard.objects.create(object=contacts, customer="phone:+33612345678", marker="known", card_id="7")
    RememberedCard.objects.create(object=contacts, customer="phone:+33612345699", card_id="8")
    first = Assignment.objects.order_by("pk")[0]
    for number, state in enumerate(DeliveryState.values):
        interaction = Interaction.objects.create(
            source="pbx", reference=f"call-{state}", flow="voice", direction="inbound", status="completed",
            customer_phone=f"+3361234560{number}", customer_name="Marie Curie", agent=ada,
            started_at=STARTED, ended_at=STARTED + timedelta(minutes=1), extra={"queue": "Support"},
        )  # fmt: skip
        delivery = Delivery.objects.create(
            interaction=interaction, assignment=first, method=method, state=state, marker=f"DL-{state}",
            next_attempt_at=STARTED, reason="As it was.", portal=":1",
            write_began_at=STARTED if state in ("unknown", "sending") else None,
            lease_expires_at=STARTED if state == "sending" else None, fence=3,
            remote_id="9" if state == "delivered" else "",
            sent_values={"subject": "call"} if state == "delivered" else {},
            sent_version=1 if state == "delivered" else 0,
        )  # fmt: skip
        Attempt.objects.create(delivery=delivery, kind="create", started_at=STARTED)


if __name__ == "__main__":
    main(sys.argv[1])
