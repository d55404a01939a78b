"""Nobody touches a user or a role with rights that they lack themselves, and nobody grants what they lack.

Otherwise an operator could take a role with more rights, or set the password or e-mail of somebody who has more.
"""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from users.models import Role, User


def grantable(actor: User) -> QuerySet[Permission]:
    if actor.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(group=actor.role_id) if actor.role_id else Permission.objects.none()


def may_grant(actor: User, role: Role | None) -> bool:
    """Whether `actor` may give this role to somebody, or change it: it holds nothing that they lack."""
    if role is None or actor.is_superuser:
        return True
    return not role.permissions.exclude(pk__in=grantable(actor)).exists()


def may_touch(actor: User, target: User) -> bool:
    """Whether `actor` may change or delete `target`, who has no right that they lack."""
    return actor.is_superuser or (not target.is_superuser and may_grant(actor, target.role))


def is_last_superuser(user: User) -> bool:
    """Whether without `user` nobody could administer. Locks the superusers: two might remove each other."""
    if not (user.pk and User.objects.filter(pk=user.pk, is_superuser=True, is_active=True).exists()):
        return False
    others = User.objects.select_for_update().filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return not others.exists()
