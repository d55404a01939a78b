"""Who acts."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from users.models import User


def actor(request: HttpRequest) -> User:
    """The signed-in user of a request. Raises PermissionDenied for a stranger."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
