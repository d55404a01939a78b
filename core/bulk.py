"""One statement that gives many rows values of their own.

Django's `bulk_update` asks for no other condition than the key, and spends more time on its expressions than the
database on the rows; deliveries are written by their fence, twenty at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import connection
from django.db.models import Field, Model


def update_each(
    model: type[Model], rows: Sequence[Mapping[str, object]], *, match: Collection[str], **where: object
) -> set[int]:
    """Set the fields of each row where those of `match` (its primary key among them) and `where` hold; the keys of the
    rows that were found. Every row names the same fields.
    """
    if not rows:
        return set()
    table, names = _quoted(model._meta.db_table), list(rows[0])
    fields = {name: _field(model, name) for name in names}
    given = ", ".join([f"({', '.join(['%s'] * len(names))})"] * len(rows))
    alias = {name: _quoted(f"v_{name}") for name in names}
    sets = [f"{_column(fields[name])} = {_cast(fields[name], alias[name])}" for name in names if name not in match]
    holds = [_equals(f"{table}.{_column(fields[name])}", _cast(fields[name], alias[name])) for name in match]
    holds += [f"{table}.{_column(_field(model, name))} = %s" for name in where]
    key = f"{table}.{_quoted(_key(model))}"
    parts = [  # only names of our own models and placeholders
        f"WITH given({', '.join(alias.values())}) AS (VALUES {given})",
        f"UPDATE {table} SET {', '.join(sets)} FROM given WHERE {' AND '.join(holds)} RETURNING {key}",  # noqa: S608
    ]
    values = [fields[name].get_db_prep_save(row[name], connection) for row in rows for name in names]
    values += [_field(model, name).get_db_prep_save(value, connection) for name, value in where.items()]
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), values)
        return {found for (found,) in cursor.fetchall()}


def _field(model: type[Model], name: str) -> Field[object, object]:
    field: Field[object, object] = model._meta.get_field(name)  # type: ignore[assignment]
    return field


def _key(model: type[Model]) -> str:
    key = model._meta.pk
    assert key is not None  # noqa: S101 - every model of ours has one
    return str(key.column)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _column(field: Field[object, object]) -> str:
    return _quoted(str(field.column))


def _cast(field: Field[object, object], text: str) -> str:
    """PostgreSQL takes a column of VALUES for text; SQLite has no types to turn it into."""
    return text if connection.vendor == "sqlite" else f"CAST({text} AS {field.db_type(connection)})"


def _equals(one: str, other: str) -> str:
    """Also where both are NULL."""
    return f"{one} IS {other}" if connection.vendor == "sqlite" else f"{one} IS NOT DISTINCT FROM {other}"
