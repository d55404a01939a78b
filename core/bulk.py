"""Write many rows at once. Django's bulk methods are slower, match by the key alone and do not tell conflicts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
    table = _quoted(model._meta.db_table)
    columns = {_field(model, name): [row[name] for row in rows] for name in rows[0]}  # all rows name the same
    source = {field: _cast(field, sql) for field, sql in _sources(columns, own=match).items()}
    matched = [field for field in columns if field.name in match]
    changed = [field for field in columns if field.name not in match]
    holds = [_equals(f"{table}.{_column(field)}", source[field]) for field in matched]
    holds += [f"{table}.{_column(_field(model, name))} = %s" for name in where]
    given, values = _given(columns, source)
    key = f"{table}.{_quoted(_key(model))}"
    parts = [  # only names of our own models and placeholders
        given,
        f"UPDATE {table} SET {', '.join(f'{_column(field)} = {source[field]}' for field in changed)} FROM given",  # noqa: S608
        f"WHERE {' AND '.join(holds)} RETURNING {key}",
    ]
    values += [_field(model, name).get_db_prep_save(value, connection) for name, value in where.items()]
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), values)
        return {found for (found,) in cursor.fetchall()}


def insert_each(
    rows: Sequence[Model], *, returning: Sequence[str] = (), ignore_conflicts: bool = False
) -> list[tuple[Any, ...]]:
    """Insert rows of one model, without signals or keys set on them; return columns of those that are new."""
    if not rows:
        return []
    table = _quoted(rows[0]._meta.db_table)
    fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, AutoField)]
    columns = {field: [field.pre_save(row, add=True) for row in rows] for field in fields}
    columns = {field: column for field, column in columns.items() if not isinstance(column[0], DatabaseDefault)}
    source = {field: _cast(field, sql) for field, sql in _sources(columns, own=[fields[0].name]).items()}
    given, values = _given(columns, source)
    parts = [  # only names of our own models and placeholders
        given,
        f"INSERT INTO {table} ({', '.join(map(_column, columns))})",
        f"SELECT {', '.join(source.values())} FROM given WHERE true",  # noqa: S608 - else SQLite takes ON for that of a join
        *(["ON CONFLICT DO NOTHING"] if ignore_conflicts else []),
        *([f"RETURNING {', '.join(map(_quoted, returning))}"] if returning else []),
    ]
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), values)
        return list(cursor.fetchall()) if returning else []


Columns = Mapping["Field[object, object]", list[Any]]


def _sources(columns: Columns, *, own: Collection[str]) -> dict[Field[object, object], str]:
    return {
        field: _quoted(f"v_{field.name}") if field.name in own or _differ(field, column) else "%s"
        for field, column in columns.items()
    }


def _differ(field: Field[object, object], column: Sequence[object]) -> bool:
    if isinstance(field, JSONField):  # Python takes 1, 1.0 and True for equal
        return any(repr(value) != repr(column[0]) for value in column)
    return any(value != column[0] for value in column)


def _given(columns: Columns, source: Mapping[Field[object, object], str]) -> tuple[str, list[Any]]:
    own = [field for field in columns if "%s" not in source[field]]
    shared = [field for field in columns if "%s" in source[field]]
    row = f"({', '.join(['%s'] * len(own))})"
    rows = len(next(iter(columns.values())))
    names = ", ".join(_quoted(f"v_{field.name}") for field in own)
    values = [field.get_db_prep_save(columns[field][place], connection) for place in range(rows) for field in own]
    values += [field.get_db_prep_save(columns[field][0], connection) for field in shared]
    return f"WITH given({names}) AS (VALUES {', '.join([row] * rows)})", values


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
    return f"{one} IS {other}" if connection.vendor == "sqlite" else f"{one} IS NOT DISTINCT FROM {other}"
