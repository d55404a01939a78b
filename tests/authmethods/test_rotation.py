from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from authmethods import creation, rotation
from authmethods.fields import SealedField
from authmethods.models import AuthenticationMethod, ClientSecret

pytestmark = pytest.mark.django_db
OLD, NEW = "the-old-key-of-this-test", "the-new-key-of-this-test"


def a_method(name="One"):
    method = AuthenticationMethod.objects.create(name=name, client_id="1000.X")
    creation.store_secret(method, f"secret of {name}")
    return method


def secrets():
    return [stored.open() for stored in ClientSecret.objects.order_by("pk")]


def run(**options):
    out = io.StringIO()
    call_command("rotate_keys", stdout=out, **options)
    return out.getvalue()


def test_after_the_rotation_the_old_key_can_be_thrown_away(use_keys):
    use_keys(OLD)
    a_method("One")
    a_method("Two")
    use_keys(NEW, OLD)
    assert "ClientSecret.sealed: 2 rotated, 0 with the newest key already" in run()
    use_keys(NEW)
    assert secrets() == ["secret of One", "secret of Two"]


def test_a_second_run_has_nothing_to_do(use_keys):
    use_keys(OLD)
    a_method()
    use_keys(NEW, OLD)
    run()
    assert "ClientSecret.sealed: 0 rotated, 1 with the newest key already" in run()


def test_a_dry_run_counts_and_changes_nothing(use_keys):
    use_keys(OLD)
    a_method()
    use_keys(NEW, OLD)
    assert "ClientSecret.sealed: 1 to rotate" in run(dry_run=True)
    use_keys(OLD)
    assert secrets() == ["secret of One"]


def test_what_no_key_opens_is_left_alone_and_reported(use_keys):
    use_keys(OLD)
    a_method()
    use_keys(NEW)
    with pytest.raises(CommandError, match="none of FERNET_KEYS"):
        run()
    use_keys(OLD)
    assert secrets() == ["secret of One"]


def test_more_rows_than_a_batch_are_all_rotated(use_keys, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    use_keys(OLD)
    for number in range(5):
        a_method(f"Method {number}")
    use_keys(NEW, OLD)
    assert "ClientSecret.sealed: 5 rotated" in run()


def test_a_value_that_a_worker_wrote_meanwhile_is_not_overwritten(use_keys):
    use_keys(OLD)
    stored = ClientSecret.objects.get(method=a_method())
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM authmethods_clientsecret")
        before = bytes(cursor.fetchone()[0])
    stored.seal("newer")
    stored.save()
    field = ClientSecret._meta.get_field("sealed")
    assert not rotation._write(field, stored.pk, before, b"stale")
    assert secrets() == ["newer"]


def test_every_secret_of_the_project_is_covered():
    names = {f"{field.model._meta.label}.{field.name}" for field in rotation.sealed_fields()}
    assert {"authmethods.ClientSecret.sealed", "authmethods.StoredGrant.refresh_token"} <= names
    assert all(isinstance(field, SealedField) for field in rotation.sealed_fields())
