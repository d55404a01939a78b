"""What the running processes have in common: who lacks which key, and what nobody can open."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from authmethods import readability
from authmethods.models import RunningProcess
from authmethods.presence import GONE, digests
from core import clock


def live() -> list[RunningProcess]:
    rows = RunningProcess.objects.annotate(now=clock.expression())
    return [one for one in rows.order_by("name") if one.seen_at > one.now - GONE]


def opened_by_nobody() -> set[int]:
    """Methods whose secrets no worker, nor beat in its place, can open."""
    delivering = [set(one.unreadable) for one in live() if not one.name.startswith("web:")]
    return set.intersection(*delivering) if delivering else set()


def lacking_our_newest() -> list[str]:
    """The processes that could not open what we seal now."""
    newest = digests(tuple(settings.FERNET_KEYS))[0]
    return [one.name for one in live() if newest not in one.keys]


def why_not_seal() -> str:
    """Empty where it may: what is sealed with an older key than others have is lost when that is thrown away, and what
    is sealed with a wrong one nobody else could open.
    """
    ours = digests(tuple(settings.FERNET_KEYS))
    for other in live():
        if ours[0] in other.keys[1:] and other.keys[0] not in ours:
            return _(
                "This process lacks the newest of FERNET_KEYS, which %(name)s has, so it stores no credentials. Give "
                "it the same keys and restart it (docs/keys.md)."
            ) % {"name": other.name}
    if readability.unreadable() and any(not other.unreadable for other in live()):
        return _(
            "This process cannot open the credentials that others can, so it stores none. Give it the same FERNET_KEYS "
            "and restart it (docs/keys.md)."
        )
    return ""


def warnings() -> list[str]:
    text = _(
        "%(name)s cannot open the stored credentials of some connections, so it delivers nothing there: its "
        "FERNET_KEYS are others than those of the process that stored them. Nothing is lost; see docs/keys.md."
    )
    closed = [text % {"name": one.name} for one in live() if one.unreadable]
    return closed + [why for why in [why_not_seal()] if why]
