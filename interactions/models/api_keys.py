from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiKey(models.Model):
    """Lets a source post interactions. Only a digest is kept; the source outlives the key, so keys can be changed."""

    name = models.CharField(_("name"), max_length=100)
    source = models.SlugField(
        _("source"),
        max_length=60,
        help_text=_(
            "A short name for the system that posts with this key, like “pbx-paris”: letters, digits, - and _. It "
            "tells its interactions from those of other systems, so keep it when you make a new key for the same one."
        ),
    )
    prefix = models.CharField(_("begins with"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return self.name
