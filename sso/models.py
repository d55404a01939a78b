from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from authmethods.models import AuthenticationMethod
from integrations import registry


class SSOConnector(models.Model):
    name = models.CharField(_("name"), max_length=100)
    reference = models.CharField(
        _("reference"),
        max_length=100,
        unique=True,
        validators=[
            # "." and ".." would be no addresses: browsers resolve them as paths.
            RegexValidator(r"^(?!\.{1,2}\Z)[A-Za-z0-9_.+@-]+\Z", _("Use letters, digits and _ . + - @ only.")),
        ],
        help_text=_("Part of the SSO login URL: letters, digits and _ . + - @"),
    )
    type = models.CharField(_("type"), max_length=10, choices=[("oauth2", "OAuth 2.0")], default="oauth2")
    method = models.ForeignKey(
        AuthenticationMethod,
        verbose_name=_("authentication method"),
        on_delete=models.PROTECT,
        related_name="connectors",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("SSO connector")
        verbose_name_plural = _("SSO connectors")

    def __str__(self) -> str:
        return self.name

    def login_url(self) -> str:
        return settings.PUBLIC_URL + reverse("sso-login", args=[self.reference])


class Association(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="association")
    connector = models.ForeignKey(
        SSOConnector, verbose_name=_("SSO connector"), on_delete=models.PROTECT, related_name="associations"
    )
    generation = models.PositiveIntegerField(default=0, editable=False)
    """Part of what the sessions opened through it must match: it grows when these are to end."""

    class Meta:
        default_permissions = ()  # who may change a user may say how they sign in
        verbose_name = _("SSO connector of a user")
        verbose_name_plural = _("SSO connector")

    def __str__(self) -> str:
        return str(self.connector)

    def as_dependent(self) -> str:
        return str(self.user)


class PinnedIdentity(models.Model):
    """Who a user is at the vendor, since their first sign-in. From then on this decides, not the e-mail."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identity")
    integration = models.CharField(_("integration type"), max_length=40, choices=registry.choices)
    location = models.CharField(_("data centre"), max_length=10)
    subject = models.CharField(_("subject"), max_length=100)
    pinned_at = models.DateTimeField(_("pinned at"), auto_now_add=True)

    class Meta:
        verbose_name = _("pinned identity")
        verbose_name_plural = _("pinned identities")
        default_permissions = ()
        permissions = [("unpin_identity", _("Can unpin identities"))]
        constraints = [
            models.UniqueConstraint(fields=["integration", "location", "subject"], name="one_user_per_identity")
        ]

    def __str__(self) -> str:
        return f"{self.get_integration_display()} · {self.location} · {self.subject}"


class SignInRefusal(models.Model):
    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    connector = models.ForeignKey(
        SSOConnector,
        verbose_name=_("SSO connector"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="refusals",
    )
    claimed = models.CharField(_("claimed e-mail"), max_length=254, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    address = models.GenericIPAddressField(_("address"), null=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("refused sign-in")
        verbose_name_plural = _("refused sign-ins")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["address", "at"], name="refusals_of_an_address")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.claimed}".strip()
