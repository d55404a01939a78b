"""One statement that gives many rows values of their own.

Django's `bulk_update` asks for no other condition than the key, and its `bulk_create` does not tell which rows a
conflict left out; both spend more time on their expressions than the database on the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model
from django.db.models.expressions import DatabaseDefault


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


def insert_each(
    rows: Sequence[Model], *, returning: Sequence[str] = (), ignore_conflicts: bool = False
) -> list[tuple[Any, ...]]:
    """Insert rows of one model, and give the columns `returning` of those that are new. No signal is sent, and the rows
    learn nothing of their keys. What all of them have in common is sent once.
    """
    if not rows:
        return []
    table = _quoted(rows[0]._meta.db_table)
    fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, AutoField)]
    values = {field: [field.pre_save(row, add=True) for row in rows] for field in fields}
    values = {field: column for field, column in values.items() if not isinstance(column[0], DatabaseDefault)}
    own = [field for field, column in values.items() if any(value != column[0] for value in column)] or fields[:1]
    alias = {field: _quoted(f"v_{field.name}") for field in own}
    sources = [_cast(field, alias.get(field, "%s")) for field in values]
    given = ", ".join([f"({', '.join(['%s'] * len(own))})"] * len(rows))
    parts = [  # only names of our own models and placeholders
        f"WITH given({', '.join(alias.values())}) AS (VALUES {given})",
        f"INSERT INTO {table} ({', '.join(map(_column, values))}) SELECT {', '.join(sources)} FROM given WHERE true",  # noqa: S608
        *(["ON CONFLICT DO NOTHING"] if ignore_conflicts else []),
        *([f"RETURNING {', '.join(map(_quoted, returning))}"] if returning else []),
    ]
    sent = [field.get_db_prep_save(values[field][place], connection) for place in range(len(rows)) for field in own]
    sent += [field.get_db_prep_save(column[0], connection) for field, column in values.items() if field not in alias]
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), sent)
        return list(cursor.fetchall()) if returning else []


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
