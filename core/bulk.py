"""Write many rows at once. Django's bulk methods are slower, match by the key alone and do not tell conflicts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, JSONField, Model
from django.db.models.expressions import DatabaseDefault


def update_each(
    model: type[Model], rows: Sequence[Mapping[str, object]], *, match: Collection[str], **where: object
) -> set[int]:
    """Set fields of each row where those of `match` (its key among them) and `where` hold; return the keys found."""
    if not rows:
        return set()
    quoted: Callable[[Any], str] = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    key = model._meta.pk
    assert key is not None  # noqa: S101 - every model of ours has one
    field_of: Callable[[str], Field[object, object]] = model._meta.get_field  # type: ignore[assignment]
    columns = {field_of(name): [row[name] for row in rows] for name in rows[0]}  # all rows name the same
    given, source, values = _given(columns, own=match)
    is_same = "IS" if connection.vendor == "sqlite" else "IS NOT DISTINCT FROM"
    holds = [f"{table}.{quoted(field.column)} {is_same} {source[field]}" for field in columns if field.name in match]
    holds += [f"{table}.{quoted(field_of(name).column)} = %s" for name in where]
    changed = [f"{quoted(field.column)} = {source[field]}" for field in columns if field.name not in match]
    parts = [  # only names of our own models and placeholders
        given,
        f"UPDATE {table} SET {', '.join(changed)} FROM given",  # noqa: S608
        f"WHERE {' AND '.join(holds)} RETURNING {table}.{quoted(key.column)}",
    ]
    values += [field_of(name).get_db_prep_save(value, connection) for name, value in where.items()]
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), values)
        return {found for (found,) in cursor.fetchall()}


def insert_each(
    rows: Sequence[Model], *, returning: Sequence[str] = (), ignore_conflicts: bool = False
) -> list[tuple[Any, ...]]:
    """Insert rows of one model, without signals or keys set on them; return columns of those that are new."""
    if not rows:
        return []
    quoted: Callable[[Any], str] = connection.ops.quote_name
    fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, AutoField)]
    columns = {field: [field.pre_save(row, add=True) for row in rows] for field in fields}
    columns = {field: column for field, column in columns.items() if not isinstance(column[0], DatabaseDefault)}
    given, source, values = _given(columns, own=[fields[0].name])
    parts = [  # only names of our own models and placeholders
        given,
        f"INSERT INTO {quoted(rows[0]._meta.db_table)} ({', '.join(quoted(field.column) for field in columns)})",
        f"SELECT {', '.join(source.values())} FROM given WHERE true",  # noqa: S608 - else SQLite takes ON for that of a join
        *(["ON CONFLICT DO NOTHING"] if ignore_conflicts else []),
        *([f"RETURNING {', '.join(map(quoted, returning))}"] if returning else []),
    ]
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), values)
        return list(cursor.fetchall()) if returning else []


Columns = Mapping["Field[object, object]", list[Any]]


def _given(columns: Columns, *, own: Collection[str]) -> tuple[str, dict[Field[object, object], str], list[Any]]:
    """Return the table `given` of `own` columns and those that differ, the SQL of each column, and all values."""
    source = {}
    for field, column in columns.items():
        if field.name in own:
            is_given = True
        elif isinstance(field, JSONField):  # Python takes 1, 1.0 and True for equal
            is_given = any(repr(value) != repr(column[0]) for value in column)
        else:
            is_given = any(value != column[0] for value in column)
        text = connection.ops.quote_name(f"v_{field.name}") if is_given else "%s"
        # PostgreSQL takes a column of VALUES for text; SQLite has no types to turn it into.
        source[field] = text if connection.vendor == "sqlite" else f"CAST({text} AS {field.db_type(connection)})"
    given = [field for field in columns if "%s" not in source[field]]
    shared = [field for field in columns if "%s" in source[field]]
    row = f"({', '.join(['%s'] * len(given))})"
    rows = len(next(iter(columns.values())))
    names = ", ".join(connection.ops.quote_name(f"v_{field.name}") for field in given)
    values = [field.get_db_prep_save(columns[field][place], connection) for place in range(rows) for field in given]
    values += [field.get_db_prep_save(columns[field][0], connection) for field in shared]
    return f"WITH given({names}) AS (VALUES {', '.join([row] * rows)})", source, values
