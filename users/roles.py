from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from users.models import User


class RoleBackend(ModelBackend):
    """Django's own backend, reading the user's one role instead of groups."""

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj: User) -> QuerySet[Permission]:
        if user_obj.role_id is None:
            return Permission.objects.none()
        return Permission.objects.filter(group=user_obj.role_id)

    def with_perm(self, *args: Any, **kwargs: Any) -> QuerySet[User]:
        raise NotImplementedError("Nobody asks who holds a right; Django's query reads groups.")
