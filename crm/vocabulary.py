"""The words for interactions that conditions and magic fields use, whatever the source calls them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Flow(models.TextChoices):
    VOICE = "voice", _("Voice")
    EMAIL = "email", _("E-mail")
    MESSAGING = "messaging", _("Messaging")


class Direction(models.TextChoices):
    INBOUND = "inbound", _("Inbound")
    OUTBOUND = "outbound", _("Outbound")


class Status(models.TextChoices):
    RINGING = "ringing", _("Ringing")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    MISSED = "missed", _("Missed")
    CANCELED = "canceled", _("Canceled")


class Kind(models.TextChoices):
    """Why nobody talked."""

    ABANDONED = "abandoned", _("Abandoned in a queue")
    IVR = "ivr", _("Left in a menu")
    VOICEMAIL = "voicemail", _("Voicemail")
    UNANSWERED = "unanswered", _("Unanswered")
    BUSY = "busy", _("Busy")
    FAILED = "failed", _("Failed")
    CLOSED = "closed", _("Outside business hours")


FINISHED = (Status.COMPLETED, Status.MISSED, Status.CANCELED)
