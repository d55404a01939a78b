"""The table of a telephone system: whose telephone is which extension."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maker import history
from telephony.models import Extension, TelephonySystem, UnknownExtension
from users.models import User

MOST, LONGEST_LINE, LONGEST_NUMBER = 1_000, 320, 60


def as_text(system: TelephonySystem) -> str:
    """One on each line, as `read` takes it."""
    return "\n".join(f"{one.number} {one.user.username}" for one in system.extensions.select_related("user"))


def read(text: str) -> dict[str, User]:
    """Users by extension. Raises ValidationError, which names each line that cannot be read."""
    lines = [line.replace(",", " ").replace(";", " ").split() for line in text.splitlines()]
    if len(lines) > MOST:
        raise ValidationError(_("The table has at most %(most)d lines.") % {"most": MOST})
    wanted = {words[-1].lower() for words in lines if words}
    users = {user.username.lower(): user for user in User.objects.filter(username__in=wanted)}
    found: dict[str, User] = {}
    problems = []
    for number, words in enumerate(lines, 1):
        if words and (problem := _problem(words, users, found)):
            problems.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": problem})
        elif words:
            found[words[0]] = users[words[1].lower()]
    if problems:
        raise ValidationError(problems)
    return found


def replace(system: TelephonySystem, users: Mapping[str, User]) -> None:
    """Make this the table; a change is noted in the history of the system."""
    before = as_text(system)
    with transaction.atomic():
        system.extensions.all().delete()
        system.unknown_extensions.filter(number__in=list(users)).delete()
        Extension.objects.bulk_create(Extension(system=system, number=one, user=user) for one, user in users.items())
    if (after := as_text(system)) != before:
        history.note(system, _("extensions"), before.replace("\n", ", "), after.replace("\n", ", "))


def note_unknown(system: TelephonySystem, talked: Mapping[str, datetime]) -> None:
    """Extensions that nobody has, and when they talked (UTC): the Maker shows them beside the table."""
    known = dict(system.unknown_extensions.values_list("number", "talked_at"))
    new = [
        UnknownExtension(system=system, number=number, talked_at=at)
        for number, at in talked.items()
        if number not in known and len(number) <= LONGEST_NUMBER
    ]
    UnknownExtension.objects.bulk_create(new[: max(0, MOST - len(known))], ignore_conflicts=True)
    for number, at in talked.items():
        if number in known and at > known[number]:
            system.unknown_extensions.filter(number=number).update(talked_at=at)


def _problem(words: list[str], users: Mapping[str, User], found: Mapping[str, User]) -> str:
    if len(words) != 2 or any(len(word) > LONGEST_LINE for word in words):
        return _("Write an extension and a user, as 201 grace@acme.example.")
    extension, username = words
    try:
        Extension._meta.get_field("number").clean(extension, None)
    except ValidationError as error:
        return " ".join(error.messages)
    if username.lower() not in users:
        return _("There is no user %(username)s.") % {"username": username[:100]}
    return _("%(extension)s is there twice.") % {"extension": extension} if extension in found else ""
