from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models import Installation
from telephony.calls.layout import CLOSED, INBOUND, OUTBOUND, Layout, among
from telephony.recordings import Link, by_us, where_it_lies


def validate_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no time zone of this name; write it like Europe/Paris."))


class TelephonySystem(models.Model):
    """What is peculiar to one telephone system whose calls become interactions."""

    class Kind(models.TextChoices):
        FILES = "files", _("Files")

    class RecordingLinks(models.TextChoices):
        WHERE_IT_LIES = "direct", _("Address of the file")
        BY_US = "permanent", _("Address of Deskline, which can be revoked")

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.FILES)
    source = models.CharField(
        _("source"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9_.-]+\Z", _("Use letters, digits and _ . - only."))],
        help_text=_("References are unique within a source; import_cdr names it with --source."),
    )
    zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="UTC",
        validators=[validate_zone],
        help_text=_("Of the times in its files: its own, as Europe/Paris, or UTC with usegmtime in cdr.conf."),
    )
    trunks = models.JSONField(_("trunks"), default=list, blank=True)
    inbound_contexts = models.JSONField(_("contexts of calls from outside"), default=list, blank=True)
    outbound_contexts = models.JSONField(_("contexts in which telephones call"), default=list, blank=True)
    closed_contexts = models.JSONField(_("contexts outside business hours"), default=list, blank=True)
    longest_extension = models.PositiveSmallIntegerField(
        _("digits of the longest extension"), default=5, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    outside_prefix = models.CharField(
        _("outside-line prefix"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^[0-9*#]*\Z", _("Use digits, * and # only."))],
        help_text=_("What people dial before a number outside, as 9 or 0. It is taken off."),
    )
    recordings = models.CharField(
        _("address of recordings"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("With the name of a recording's file after it, it is the link that is written into the CRM."),
    )
    recording_links = models.CharField(
        _("links to recordings"),
        max_length=10,
        choices=RecordingLinks.choices,
        default=RecordingLinks.WHERE_IT_LIES,
        help_text=_(
            "An address of Deskline leads to the file wherever it lies by then: it goes on working in Zoho when the "
            "address of recordings changes. Links that were written before stay as they are."
        ),
    )
    recordings_days = models.PositiveSmallIntegerField(
        _("days that a link works"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Counted from the call, for addresses of Deskline. Empty: for ever."),
    )
    revoked_recordings = models.JSONField(_("revoked recordings"), default=list, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("telephone system")
        verbose_name_plural = _("telephone systems")

    def __str__(self) -> str:
        return self.name

    def layout(self) -> Layout:
        return Layout(
            trunks=self.trunks,
            extensions=frozenset(self.extensions.values_list("number", flat=True)),
            longest_extension=self.longest_extension,
            outside_prefix=self.outside_prefix,
            inbound=self.inbound_contexts or INBOUND,
            outbound=self.outbound_contexts or OUTBOUND,
            closed=self.closed_contexts or CLOSED,
        )

    def agents(self) -> dict[str, str]:
        return dict(self.extensions.values_list("number", "user__username"))

    def is_revoked(self, name: str) -> bool:
        return name in self.revoked_recordings or among(name, self.revoked_recordings)

    def link_of_recording(self) -> Link:
        if self.recording_links == self.RecordingLinks.BY_US:
            return by_us(self.pk, Installation.load().marker_key)
        return where_it_lies(self.recordings)


class Extension(models.Model):
    system = models.ForeignKey(TelephonySystem, on_delete=models.CASCADE, related_name="extensions")
    number = models.CharField(
        _("extension"),
        max_length=60,
        validators=[RegexValidator(r"^[^\s/@;]+\Z", _("Write it as in the name of its channel: 201 of PJSIP/201-…"))],
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.PROTECT, related_name="extensions"
    )

    class Meta:
        default_permissions = ()  # who may change a telephone system may say whose telephones it has
        ordering = ["number", "id"]
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [models.UniqueConstraint(fields=["system", "number"], name="one_user_per_extension")]

    def __str__(self) -> str:
        return self.number

    def as_dependent(self) -> str:
        return f"{self.number} ({self.system})"


class UnknownExtension(models.Model):
    """An extension that talked in calls that were read, and that is in nobody's row of the table."""

    system = models.ForeignKey(TelephonySystem, on_delete=models.CASCADE, related_name="unknown_extensions")
    number = models.CharField(max_length=60)
    talked_at = models.DateTimeField()
    """The last time that is known (UTC)."""

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["system", "number"], name="one_row_per_unknown_extension")]

    def __str__(self) -> str:
        return self.number
