from __future__ import annotations

from authmethods.models import AuthenticationMethod, ClientSecret, Status, StoredGrant


def opens(method_id: int | None) -> bool:
    """Whether nothing of the connection is closed to this process; what is not there hinders nobody."""
    return method_id is None or method_id not in _closed(method_id=method_id)


def unreadable() -> list[int]:
    """The enabled methods of which some secret is closed to this process."""
    enabled = AuthenticationMethod.objects.filter(status=Status.ENABLED)
    return sorted(_closed(method__in=enabled))


def _closed(**which: object) -> set[int]:
    secrets = [*ClientSecret.objects.filter(**which).values_list("method_id", "sealed")]
    for method_id, access_token, refresh_token in StoredGrant.objects.filter(**which).values_list(
        "method_id", "access_token", "refresh_token"
    ):
        secrets += [(method_id, access_token), (method_id, refresh_token)]
    return {method_id for method_id, secret in secrets if not secret.is_readable}
