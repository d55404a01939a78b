"""What each use of a connection may come to, judged by the journal of the local Zoho and by its own records."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import connection as database

from authmethods import token_refresh, tokens
from authmethods.models import AuthenticationMethod, Status, StoredGrant
from fakezoho.hashing import hashed
from fakezoho.journal import fingerprint
from integrations.errors import IntegrationError, NeedsReconnection, NotSent, Throttled, Unauthorised
from tests.authmethods.restarting import RestartingZoho
from tests.zoho import departments

TOKEN = "/oauth/v2/token"
THROTTLES = ("throttled", "429_concurrency", "429_credits")
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Entry = dict[str, Any]


def _free_the_places() -> None:
    """Real time hardly passes here, so the places kept for unanswered requests (redis_pace) would not come back."""
    server = redis.Redis.from_url(settings.REDIS_URL)
    for key in server.scan_iter("pace:*:places"):
        server.delete(key)


class Judge:
    """Knows what one connection must be like, from what Zoho was asked and what it said."""

    def __init__(self, zoho: RestartingZoho, method: AuthenticationMethod) -> None:
        self.zoho, self.method = zoho, method
        self.held: list[str] = []
        self.note_grant()

    def note_grant(self) -> None:
        """Remember what the latest consent gave, by its journal entry and by what we stored of it."""
        self.status: str = Status.ENABLED
        self.key, self.mark = hashed(self.stored()), fingerprint(self.stored())
        redeemed = [entry for entry in self.zoho.journal() if entry["operation"] == "authorization_code"]
        self.used_at: list[float] = [redeemed[-1]["at"]]
        """When the refresh token was used, by Zoho's clock; its exchange counts."""
        self.spent = [datetime.now(UTC)]
        self.uses = 0
        self.troubled_at = self.throttled_at = START - timedelta(days=1)

    def stored(self) -> str:
        """The refresh token that we keep."""
        grant = StoredGrant.objects.get()
        return grant.refresh_token.open(grant.owner)

    def use(self, used: list[str | None]) -> list[IntegrationError | None]:
        """Read something at Desk, each worker with that token first (None: the stored one), and judge what came."""
        _free_the_places()
        was, since = self.status, len(self.zoho.journal())
        if len(used) == 1:
            outcomes = [self._read(used[0])]
        else:
            with ThreadPoolExecutor(len(used)) as threads:
                outcomes = list(threads.map(self._read_in_thread, used))
        self.uses += 1
        asked = self.zoho.journal()[since:]
        self._learn(asked, outcomes)
        for outcome in outcomes:
            self._judge(outcome, asked, was)
        return outcomes

    def _read_in_thread(self, used: str | None) -> IntegrationError | None:
        try:
            return self._read(used)
        finally:
            database.close()

    def _read(self, used: str | None) -> IntegrationError | None:
        try:
            link = tokens.connect(AuthenticationMethod.objects.get(pk=self.method.pk))
            token = used or link.token()
            self.held.append(token)
            departments(self.method, replace(link, token=lambda: token))
        except IntegrationError as error:
            return error
        return None

    def _learn(self, asked: list[Entry], outcomes: list[IntegrationError | None]) -> None:
        """What the token endpoint said by the journal: its own refusal, its throttle, or nothing usable."""
        now = datetime.now(UTC)
        for entry in asked:
            if entry["path"] != TOKEN:
                continue
            assert entry["token"] in {self.mark, ""}  # "" where a fault came before the form was read
            self.used_at.append(entry["at"])
            self.spent.append(now)
            if "invalid_code" in {entry["fault"], "" if entry["fault"] else entry["note"]}:
                self.status = Status.NEEDS_RECONNECTION
            elif entry["fault"] in THROTTLES or (entry["note"] and not entry["fault"]):
                self.throttled_at = now
            elif entry["fault"]:
                self.troubled_at = now
        if not self.zoho.is_up and any(isinstance(outcome, NotSent) for outcome in outcomes):
            self.spent.append(now)
            self.troubled_at = now

    def _judge(self, outcome: IntegrationError | None, asked: list[Entry], was: str) -> None:
        at_desk = [entry for entry in asked if entry["path"].startswith("/api/")]
        if was == Status.NEEDS_RECONNECTION:
            assert isinstance(outcome, NeedsReconnection)
            assert not asked
        elif outcome is None:
            assert any(entry["status"] == 200 for entry in at_desk)
        elif isinstance(outcome, NeedsReconnection):
            assert self.status == Status.NEEDS_RECONNECTION
        elif isinstance(outcome, Throttled):
            assert self._must_wait(), outcome.message
        elif isinstance(outcome, NotSent):
            assert not self.zoho.is_up or any(entry["fault"] for entry in asked), outcome.message
        else:
            # Two tokens were refused: by a fault, or since the one that others renewed was ended early as well.
            assert isinstance(outcome, Unauthorised), outcome
            assert [entry["status"] for entry in at_desk].count(401) > 1

    def _must_wait(self) -> bool:
        """Whether there is a reason to ask for no token now."""
        now = datetime.now(UTC)
        return (
            now < self.troubled_at + token_refresh.COOL_DOWN
            or now < self.throttled_at + token_refresh.LONGEST_REST
            or sum(at > now - token_refresh.LONGEST_REST for at in self.spent) >= 6
        )
