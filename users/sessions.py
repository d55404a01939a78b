"""Where sessions are kept: Django's table, each row under the digest of its key.

The attack: a copy of the database (a backup, a replica, an injection that reads) holds the keys of all sessions, and
whoever reads it sets one as cookie. A fast digest is enough: the keys are random, there is nothing to guess.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

COLUMN = 40
"""Characters of the table's column for keys: 160 bits of the digest."""


def digest(key: str) -> str:
    """What is kept of a session's key."""
    return sha256(key.encode(errors="backslashreplace")).hexdigest()[:COLUMN]


class SessionStore(db.SessionStore):
    """Django's own, which never writes a key. `SESSION_ENGINE` names this module."""

    def load(self) -> dict[str, Any]:
        row = self._row(self.session_key or "").filter(expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row.session_data)

    def exists(self, session_key: str) -> bool:
        return bool(self._row(session_key).exists())

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row: AbstractBaseSession = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        self._row(session_key or self.session_key or "").delete()

    def _row(self, key: str) -> Any:
        return self.model.objects.filter(session_key=digest(key))

    # The same for callers that must not block; Django's own would ask for the bare key.
    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    async def asave(self, must_create: bool = False) -> None:
        await sync_to_async(self.save)(must_create)

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)
