"""Who acts: the signed-in user of a request, and the forms that must know them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from users.models import User


def actor(request: HttpRequest) -> User:
    """The signed-in user of a request. Raises PermissionDenied for a stranger."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class FormKnowsActor:
    """For an admin whose form decides by the rights of whoever fills it in: the form class gets them as `actor`."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        return type("FormOfActor", (form,), {"actor": request.user})
