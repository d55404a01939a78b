from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from authmethods.fields import SealedField, seal
from integrations import registry
from integrations.base import Integration, OAuthClient
from integrations.errors import Misconfigured
from integrations.types import App
from maker.reasons import shown

LIMIT = 50
"""Authentication methods that an installation has at most."""


class Status(models.TextChoices):
    DISABLED = "disabled", _("Disabled")
    ENABLED = "enabled", _("Enabled")
    NEEDS_RECONNECTION = "needs_reconnection", _("Needs reconnection")


class Mode(models.TextChoices):
    OAUTH = "oauth", "OAuth"
    KEY = "key", _("Key")


class Kind(models.TextChoices):
    PRODUCTION = "production", _("Production")
    SANDBOX = "sandbox", _("Sandbox")


class AuthenticationMethod(models.Model):
    """A client registered at a vendor and, once enabled, the portal that it opens."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    integration = models.CharField(
        _("integration type"), max_length=40, choices=registry.choices, default=registry.DEFAULT
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.OAUTH, editable=False)
    environment_url = models.CharField(_("environment URL"), max_length=300, blank=True)
    client_id = models.CharField(_("client ID"), max_length=200, blank=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status.choices,
        default=Status.DISABLED,
        editable=False,
        db_index=True,
    )
    status_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    status_reason_code = models.CharField(max_length=60, blank=True, editable=False, db_default="")
    status_reason_values = models.JSONField(default=dict, editable=False, db_default={})
    kind = models.CharField(_("environment"), max_length=10, choices=Kind.choices, blank=True, editable=False)
    location = models.CharField(_("data centre"), max_length=100, blank=True, editable=False)
    organisation_id = models.CharField(_("organisation id"), max_length=100, blank=True, editable=False)
    organisation_name = models.CharField(_("organisation"), max_length=200, blank=True, editable=False)
    edition = models.CharField(_("edition"), max_length=40, blank=True, editable=False)
    granted_scopes = models.JSONField(_("granted scopes"), default=list, editable=False)
    enabled_at = models.DateTimeField(_("enabled at"), null=True, editable=False)
    enabled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("authentication method")
        verbose_name_plural = _("authentication methods")

    def __str__(self) -> str:
        return self.name

    @property
    def why(self) -> str:
        """Why it is in this status, as the reader reads it."""
        return shown(self, "status_reason")

    @property
    def vendor(self) -> Integration:
        return registry.get(self.integration)

    @property
    def oauth(self) -> OAuthClient:
        """Its vendor's consents and tokens. Raises Misconfigured where the vendor has none."""
        if self.vendor.oauth is None:
            raise Misconfigured(_("%(vendor)s asks for no consent.") % {"vendor": self.vendor.label})
        return self.vendor.oauth

    def app(self) -> App:
        """The client with its secret. Raises SecretUnreadable, or ClientSecret.DoesNotExist when none was entered."""
        return App(self.client_id, self.client_secret.open())


class ClientSecret(models.Model):
    method = models.OneToOneField(AuthenticationMethod, on_delete=models.CASCADE, related_name="client_secret")
    sealed = SealedField()
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("client secret")
        verbose_name_plural = _("client secrets")

    def __str__(self) -> str:
        return str(self.method)

    def open(self) -> str:
        """The secret. Raises SecretUnreadable."""
        return self.sealed.open(self.owner)

    def seal(self, secret: str) -> None:
        self.sealed = seal(self.owner, secret)

    @property
    def owner(self) -> str:
        return f"client_secret:{self.method_id}"


class StoredGrant(models.Model):
    """The tokens that a consent gave. `generation` grows with each refresh; the lease lets one worker refresh."""

    method = models.OneToOneField(AuthenticationMethod, on_delete=models.CASCADE, related_name="grant")
    access_token = SealedField()
    refresh_token = SealedField()
    expires_at = models.DateTimeField()
    generation = models.PositiveIntegerField(default=1)
    lease_expires_at = models.DateTimeField(null=True)
    requests = models.JSONField(default=list)
    """UTC times (ISO) of the latest token requests, of which a vendor takes only so many (`OAuthClient`)."""
    refreshed_at = models.DateTimeField()
    retry_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("stored tokens")
        verbose_name_plural = _("stored tokens")

    def __str__(self) -> str:
        return str(self.method)

    @property
    def owner(self) -> str:
        return f"grant:{self.method_id}"


class IssuedGrant(models.Model):
    """A refresh token that lives on at the vendor, as far as we know: it counts, whatever became of the method."""

    integration = models.CharField(max_length=40)
    client_id = models.CharField(max_length=200, db_index=True)
    location = models.CharField(max_length=10)
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("consent given")
        verbose_name_plural = _("consents given")

    def __str__(self) -> str:
        return self.client_id


class Consent(models.Model):
    """A consent that an administrator began: good for one return, of their own session, within ten minutes."""

    LIFETIME: ClassVar[timedelta] = timedelta(minutes=10)

    state_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64)
    method = models.ForeignKey(AuthenticationMethod, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    verifier = SealedField()
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("consent under way")
        verbose_name_plural = _("consents under way")

    @property
    def owner(self) -> str:
        return f"consent:{self.state_digest}"


class PendingGrant(models.Model):
    """Tokens that wait, sealed, until the same administrator in the same session has picked the organisation."""

    session_digest = models.CharField(max_length=64)
    method = models.ForeignKey(AuthenticationMethod, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    location = models.CharField(max_length=10)
    access_token = SealedField()
    refresh_token = SealedField()
    expires_at = models.DateTimeField()
    scopes = models.JSONField(default=list)
    organisations = models.JSONField()
    """What may be picked: the organisations as the vendor told them."""
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("consent under way")
        verbose_name_plural = _("consents under way")

    @property
    def owner(self) -> str:
        return f"pending:{self.method_id}:{self.session_digest}"


class RunningProcess(models.Model):
    """A web server, a worker or beat that is up, and which secrets it can open."""

    name = models.CharField(max_length=200, unique=True)
    keys = models.JSONField(default=list)
    """Digests of its FERNET_KEYS, newest first; the keys themselves are nowhere but in its environment."""
    unreadable = models.JSONField(default=list)
    """Ids of the methods whose secrets it cannot open."""
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        verbose_name = _("running process")
        verbose_name_plural = _("running processes")

    def __str__(self) -> str:
        return self.name
