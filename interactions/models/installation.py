from __future__ import annotations

from secrets import token_hex
from typing import Self

from django.db import models


def _new_key() -> str:
    return token_hex(32)


class Installation(models.Model):
    """`marker_key` is never changed, or a restored backup would write everything twice."""

    marker_key = models.CharField(max_length=64, default=_new_key)
    written_since = models.DateTimeField(null=True)
    """After a restore: what the backup does not know of was written since then (UTC)."""
    look_first_until = models.DateTimeField(null=True)
    """After a restore: of interactions that began before this, the record is looked for before it is written (UTC)."""

    class Meta:
        default_permissions = ()

    @classmethod
    def load(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]
