"""Encrypting all that is sealed with the newest key, so that an old one can be thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.db import connection, transaction

from authmethods.fields import SealedField

BATCH = 500


@dataclass
class Count:
    field: str
    current: int = 0
    """Sealed with the first key already."""
    rotated: int = 0
    unreadable: int = 0
    """None of FERNET_KEYS opens them; they are left alone, since their key may come back."""


def rotate(*, dry_run: bool = False) -> list[Count]:
    """Encrypt anew, with the first of FERNET_KEYS, every value of every sealed field. Safe to interrupt and repeat."""
    return [_rotate(field, dry_run) for field in sealed_fields()]


def sealed_fields() -> list[SealedField]:
    models_ = apps.get_models(include_auto_created=True)
    return [field for model in models_ for field in model._meta.local_fields if isinstance(field, SealedField)]


def _rotate(field: SealedField, dry_run: bool) -> Count:
    count = Count(field.model._meta.label + "." + field.name)
    newest = Fernet(field.fernet_keys[0])
    for batch in _batches(field):
        with transaction.atomic():
            for pk, token in batch:
                _one(field, pk, token, newest, count, dry_run)
    return count


def _one(field: SealedField, pk: int, token: bytes, newest: Fernet, count: Count, dry_run: bool) -> None:
    try:
        newest.decrypt(token)
    except InvalidToken:
        pass
    else:
        count.current += 1
        return
    try:
        plain = field.fernet.decrypt(token)
    except InvalidToken:
        count.unreadable += 1
        return
    if dry_run or _write(field, pk, token, newest.encrypt(plain)):
        count.rotated += 1
    else:
        count.current += 1  # a worker wrote a new value meanwhile, with the first key of its own


def _batches(field: SealedField) -> Iterator[list[tuple[int, bytes]]]:
    table, column, key = _names(field)
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {column} FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT {BATCH}",  # noqa: S608
                [last],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield [(pk, bytes(token)) for pk, token in rows if token is not None]


def _write(field: SealedField, pk: int, old: bytes, new: bytes) -> bool:
    table, column, key = _names(field)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608
            [new, pk, old],
        )
        return bool(cursor.rowcount == 1)


def _names(field: SealedField) -> tuple[str, str, str]:
    options = field.model._meta
    names = (options.db_table, str(field.column), str(options.pk.column))
    table, column, key = (connection.ops.quote_name(name) for name in names)
    return table, column, key
