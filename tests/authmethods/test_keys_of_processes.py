"""Processes with other FERNET_KEYS than the rest: each says so, and none stores what the others could lose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.urls import reverse

from authmethods import agreement, consent, presence, readability, tokens
from authmethods.grants import SecretsUnreadable
from authmethods.models import Kind, RunningProcess, StoredGrant
from integrations.errors import NotSent
from tests.authmethods.test_rotation import NEW, OLD

pytestmark = pytest.mark.django_db
WRONG = "a-wrong-key-of-this-test"


@pytest.fixture
def method(zoho, ada, use_keys):
    use_keys(OLD)
    return zoho.method(by=ada)


def test_a_process_with_a_wrong_key_says_so_and_reads_nothing(method, use_keys, client, ada):
    use_keys(WRONG)
    presence.report("worker:1@one")
    use_keys(OLD)
    presence.report("worker:2@one")
    assert [one.unreadable for one in agreement.live()] == [[method.pk], []]
    assert readability.opens(method.pk)
    client.force_login(ada)
    page = client.get(reverse("admin:index")).content.decode()
    assert "worker:1@one cannot open the stored credentials" in page
    assert "worker:2@one" not in page
    use_keys(WRONG)
    assert not readability.opens(method.pk)
    with pytest.raises(SecretsUnreadable):
        tokens.token(method.pk)


def test_readiness_names_it_without_its_machine(method, use_keys, client):
    use_keys(WRONG)
    presence.report("beat:7@secret-host")
    answer = client.get("/readyz").content.decode()
    assert '"unreadable": ["beat:7"]' in answer
    assert "secret-host" not in answer


def test_no_key_and_no_part_of_one_is_stored(method, use_keys):
    use_keys(NEW, OLD)
    presence.report("web:1@one")
    stored = str(RunningProcess.objects.values())
    assert NEW not in stored
    assert presence.digests((NEW, OLD)) == RunningProcess.objects.get().keys
    assert all(len(digest) == 16 for digest in RunningProcess.objects.get().keys)


def test_who_lacks_the_newest_key_stores_no_credentials_while_another_has_it(method, ada, use_keys, client):
    use_keys(NEW, OLD)
    presence.report("web:1@one")
    use_keys(OLD)
    StoredGrant.objects.update(expires_at=F("refreshed_at"))
    with pytest.raises(NotSent, match="web:1@one"):
        tokens.token(method.pk)
    with pytest.raises(consent.ConsentFailed, match="web:1@one"):
        consent.begin(method, Kind.PRODUCTION, ada, client.session)
    RunningProcess.objects.update(seen_at=F("seen_at") - timedelta(minutes=2))
    assert tokens.token(method.pk), "who is gone hinders nobody"


def test_who_cannot_open_what_others_can_asks_for_no_token_and_makes_nobody_wait(method, use_keys):
    presence.report("worker:1@one")
    use_keys(WRONG)
    StoredGrant.objects.update(expires_at=F("refreshed_at"))
    with pytest.raises((SecretsUnreadable, NotSent)):
        tokens.token(method.pk)
    use_keys(OLD)
    assert tokens.token(method.pk)
    assert StoredGrant.objects.get().retry_at is None


def test_keys_are_not_rotated_while_a_process_lacks_the_newest(method, use_keys):
    use_keys(OLD)
    presence.report("worker:3@one")
    use_keys(NEW, OLD)
    with pytest.raises(CommandError, match="worker:3@one"):
        call_command("rotate_keys")
    presence.report("worker:3@one")
    call_command("rotate_keys")
    use_keys(NEW)
    assert readability.opens(method.pk)
