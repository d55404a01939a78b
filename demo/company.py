"""Acme, the demo company: its people, roles and profiles, as the stand-in of Zoho knows them.

Its configuration is left out: a person, or `manage.py demo`, does that in six steps.
"""

from __future__ import annotations

import sys

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from config.environment import required
from users.models import Profile, Role, User

ROOMS = ("users", "authmethods", "sso", "crm", "interactions")
ADMINISTRATOR, OPERATOR, VIEWER = "Administrator", "Operator", "Viewer"
OPERATED = Q(content_type__app_label__in=("crm", "interactions")) & ~Q(content_type__model="apikey")
"""What an operator changes. People, rights, credentials and sign-in they may look at, but leave to administrators."""
OPERATES = r"^(add|change|replay|create)_"

PASSWORD_HOLDERS = {
    "ada": ("Ada Lovelace", ADMINISTRATOR),
    "omar": ("Omar Haddad", OPERATOR),
    "vera": ("Vera Rubin", VIEWER),
}
AGENTS = {"grace": "Grace Hopper", "alan": "Alan Turing", "linus": "Linus Torvalds"}
PROFILES = {"Support": "Answers customers", "Sales": "Calls prospects"}


SOMEBODY_ELSES = "This database has users of its own: the demo company was not loaded into it."


class NotLoaded(Exception): ...


def load() -> bool:
    """Make Acme, or complete it, with the password of this machine. False when it says why not."""
    try:
        load_with(password())
    except NotLoaded as reason:
        sys.stdout.write(f"{reason}\n")
        return False
    return True


def password() -> str:
    return required("DEMO_PASSWORD", "the administrators of the demo company sign in with it")


@transaction.atomic
def load_with(password: str) -> None:
    """Make Acme, or complete it. Raises NotLoaded when the database belongs to somebody else."""
    if User.objects.exists() and not User.objects.filter(username=email("ada")).exists():
        raise NotLoaded(SOMEBODY_ELSES)
    roles = _roles()
    profiles = [Profile.objects.get_or_create(name=n, defaults={"description": d})[0] for n, d in PROFILES.items()]
    for name, (full_name, role) in PASSWORD_HOLDERS.items():
        user = _person(name, full_name, profiles, role=roles[role], is_superuser=role == ADMINISTRATOR)
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
    for name, full_name in AGENTS.items():
        _person(name, full_name, profiles)


def email(name: str) -> str:
    return f"{name}@acme.example"


def _person(name: str, full_name: str, profiles: list[Profile], **fields: object) -> User:
    found = User.objects.filter(username=email(name)).first()
    if found:
        return found
    user = User.objects.create_user(email(name), None, name=full_name, **fields)
    user.profiles.set(profiles)
    return user


def _roles() -> dict[str, Group]:
    """The three roles; their rights are given once, and then belong to the administrator."""
    every = Permission.objects.filter(content_type__app_label__in=ROOMS)
    view = Q(codename__startswith="view_")
    operate = view | (OPERATED & Q(codename__regex=OPERATES))
    roles = {}
    for name, rights in ((ADMINISTRATOR, Q()), (OPERATOR, operate), (VIEWER, view)):
        role = Role.objects.filter(name=name).first()
        if role is None:
            role = Role.objects.create(name=name)
            role.permissions.set(every.filter(rights))
        roles[name] = role
    return roles
