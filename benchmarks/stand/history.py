"""A long history: what was written once is copied in the database until there is as much of it as after years."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import Model

from interactions.models import Attempt, Delivery, Interaction

STATES = "(ARRAY['dead','waiting','held','unknown','pending','skipped','discarded'])[1 + n %% 7]"
SPREAD = "now() - n * interval '7.3 seconds'"
"""Over twelve weeks for a million."""


def copied(count: int) -> None:
    """So many deliveries of so many interactions with one attempt each; of each thousand one is not delivered."""
    interaction, delivery = Interaction.objects.latest("pk"), Delivery.objects.latest("pk")
    _copy(interaction, count, {"reference": "'copy-' || n", "customer_phone": "'+336' || (10000000 + n)"})
    changes = {
        "interaction_id": f"{interaction.pk} + n",
        "marker": "'DL-' || n",
        "remote_id": "(9000000 + n)::text",
        "state": f"CASE WHEN n %% 1000 = 0 THEN {STATES} ELSE 'delivered' END",
        "delivered_at": f"CASE WHEN n %% 1000 = 0 THEN NULL ELSE {SPREAD} END",
        "reason": "CASE WHEN n %% 1000 = 0 THEN 'It was refused.' ELSE '' END",
        "reason_code": "CASE WHEN n %% 1000 = 0 THEN 'delivery.form' ELSE '' END",
    }
    _copy(delivery, count, changes)
    _copy(Attempt.objects.latest("pk"), count, {"delivery_id": f"{delivery.pk} + n", "started_at": SPREAD})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _copy(row: Model, count: int, changes: Mapping[str, str]) -> None:
    """Copies of a row, numbered by n, with ids that follow its own."""
    table, columns = row._meta.db_table, [str(field.column) for field in row._meta.concrete_fields]
    taken = {"id": f"{row.pk} + n", "created_at": SPREAD, **changes}
    values = ", ".join(taken.get(column, f"t.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
            f"FROM {table} t, generate_series(1, %s) n WHERE t.id = %s",
            [count, row.pk],
        )
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
