from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from banner.card_creation import BeingMade, MayNotChange, Unsure
from integrations import errors


@dataclass(frozen=True)
class Trouble:
    """`detail` is for the administrator to whom the agent shows it; it holds no secret (integrations.errors)."""

    title: str
    advice: str
    detail: str = ""


def of_reading(error: errors.IntegrationError) -> Trouble:
    if isinstance(error, errors.RecordGone):
        return Trouble(_("This card is no longer there"), _("It was deleted or merged into another. Look again."))
    if isinstance(error, errors.OutcomeUnknown):
        return Trouble(_("The CRM did not answer in time"), _("Nothing was changed. Try again in a moment."))
    return _common(error)


def of_writing(error: errors.IntegrationError) -> Trouble:
    if isinstance(error, BeingMade):
        return Trouble(
            _("This card is being made already"),
            _(
                "By a colleague, by Deskline itself, or by your first click, whose answer is missing. What you typed "
                "stays here: press Create card again in a few seconds. Deskline looks first, makes no second card and "
                "adds what you typed."
            ),
        )
    if isinstance(error, MayNotChange):
        return Trouble(
            _("Nothing was saved"),
            _(
                "This customer's card was made meanwhile, and your profile does not let you change cards. What you "
                "typed stays here: show it to a colleague who may, or to your administrator."
            ),
        )
    if isinstance(error, errors.OutcomeUnknown):
        advice = _(
            "The CRM did not answer in time. What you typed stays here: send it again. Deskline looks first and "
            "changes nothing twice."
        )
        if isinstance(error, Unsure):
            advice = _(
                "The CRM did not answer in time, so the card may be there. What you typed stays here: look for the "
                "card in a new tab, and have it created all the same only if it is not there."
            )
        return Trouble(_("Nobody knows whether this was saved"), advice)
    if isinstance(error, errors.RecordGone):
        return Trouble(
            _("This card is no longer there"),
            _("It was deleted or merged into another, so nothing was saved. Copy what you typed, then look again."),
        )
    return _common(error)


def _common(error: errors.IntegrationError) -> Trouble:
    if isinstance(error, errors.Throttled):
        advice = _("Too much is asked of it at the moment. Nothing was changed; try again in a few seconds.")
        if error.until is not None:
            when = date_format(localtime(error.until), "TIME_FORMAT")
            advice = _("Too much was asked of it. Nothing was changed; try again after %(when)s.") % {"when": when}
        return Trouble(_("The CRM asks for a little patience"), advice)
    if isinstance(error, errors.NotSent):
        return Trouble(
            _("The CRM cannot be reached"),
            _("Nothing was changed. Try again in a moment; if this goes on, tell your administrator."),
        )
    if isinstance(error, errors.Refused):
        return Trouble(_("The CRM refused this"), _("Nothing was changed."), str(error))
    return Trouble(
        _("The connection to the CRM needs your administrator"),
        _("Your interactions are kept and written later. Show this to your administrator, then try again."),
        str(error),
    )
