from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Model


def could_be_key(model: type[Model], text: str) -> bool:
    """Whether a row could have this key. Asked with anything else, a database fails instead of finding nothing."""
    try:
        model._meta.pk.clean(text, None)
    except ValidationError:
        return False
    return True
