"""Sessions in Django's table, each row under the digest of its key: a stolen copy of the database opens none."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

COLUMN = 40
"""Characters of the table's column for keys: 160 bits of the digest."""
SIGNED_IN_AT = "signed_in_at"
STEP = timedelta(minutes=2)
"""How much longer a row must be kept before it is written: people at work mean no write for each request."""


def digest(key: str) -> str:
    """A fast one is enough: the keys are random, there is nothing to guess."""
    return sha256(key.encode(errors="backslashreplace")).hexdigest()[:COLUMN]


class SessionStore(db.SessionStore):
    unattended = False
    """Whether the request came from a page by itself, with nobody doing anything."""
    kept_until: datetime | None = None
    """What the row said when it was read."""

    def load(self) -> dict[str, Any]:
        now = timezone.now()
        row = self._row(self.session_key or "").filter(expire_date__gt=now).first()
        data = self.decode(row.session_data) if row else {}
        # The limit may be a shorter one than when the row was written.
        if row is None or _last_moment(data.get(SIGNED_IN_AT)) <= now:
            self._session_key = None
            return {}
        self.kept_until = row.expire_date
        return data

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        if self.unattended and self.kept_until:
            return self.kept_until
        idle = timezone.now() + timedelta(minutes=settings.SESSION_IDLE_MINUTES)
        return min(super().get_expiry_date(**kwargs), idle, _last_moment(self.get(SIGNED_IN_AT)))

    def get_expiry_age(self, **kwargs: Any) -> int:
        """For how long the cookie is kept: longer than the row, so that a browser can hear that its session ended."""
        left = _last_moment(self.get(SIGNED_IN_AT)) - timezone.now()
        return min(super().get_expiry_age(**kwargs), int(left.total_seconds()))

    def keep(self) -> None:
        """Note that somebody does something. The data is left alone: another request may be changing it."""
        if self.unattended or self.kept_until is None or SESSION_KEY not in self:
            return
        until = self.get_expiry_date()
        if abs(until - self.kept_until) >= STEP:
            with suppress(DatabaseError):  # of a database that can only be read, the pages can be read
                self._row(self.session_key or "").update(expire_date=until)

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


def _last_moment(signed_in_at: int | None) -> datetime:
    since = datetime.fromtimestamp(signed_in_at, UTC) if signed_in_at else timezone.now()
    return since + timedelta(hours=settings.SESSION_MAX_HOURS)


@receiver(user_logged_in)
def begin(request: HttpRequest, **_event: Any) -> None:
    """Let the session last as long as every other, by whatever way the user signed in."""
    session = request.session
    if SIGNED_IN_AT in session:
        session.cycle_key()  # Django keeps the key of who signs in twice: whoever got hold of it would stay in longer
    session.set_expiry(None)
    session[SIGNED_IN_AT] = int(timezone.now().timestamp())
    list(messages.get_messages(request))  # that the last session ended is no news any more
