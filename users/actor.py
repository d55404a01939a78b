from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from users.models import User


def actor(request: HttpRequest) -> User:
    """Return the signed-in user of a request. Raises PermissionDenied for a stranger."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class FormKnowsActor:
    """Give the form class the user who fills it in, as `actor`: it decides by their rights."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        return type("FormOfActor", (form,), {"actor": request.user})
