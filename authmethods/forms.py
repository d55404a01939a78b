from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from authmethods import agreement
from authmethods.creation import LimitReached, require_room
from authmethods.models import AuthenticationMethod, ClientSecret, Mode, Status
from integrations import registry
from integrations.base import Integration
from integrations.errors import IntegrationError

CLIENT = ("client_id", "client_secret", "environment_url", "integration")
"""What a consent is bound to: changing one of them ends it."""


class MethodForm(forms.ModelForm):  # type: ignore[type-arg]
    client_secret = forms.CharField(
        label=_("Client secret/token"),
        required=False,
        max_length=500,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = AuthenticationMethod
        fields = ("name", "integration", "environment_url", "client_id", "client_secret")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "environment_url" in self.fields:
            vendor = self._vendor()
            self.fields["environment_url"].label = vendor.environment_label
            self.fields["environment_url"].help_text = vendor.environment_help
            self.fields["client_id"].required = vendor.oauth is not None  # without consents the secret alone is the key
            self._describe_secret(vendor)

    def _vendor(self) -> Integration:
        chosen = self.data.get("integration") or self.initial.get("integration")
        return registry.get(chosen if chosen in registry.INTEGRATIONS else self.instance.integration)

    def _describe_secret(self, vendor: Integration) -> None:
        field = self.fields["client_secret"]
        stored = ClientSecret.objects.filter(method_id=self.instance.pk).only("set_at").first()
        field.required = stored is None
        if stored:
            field.help_text = gettext("Set %(time)s ago and never shown. Leave it empty to keep it.") % {
                "time": timesince(stored.set_at, depth=1)
            }
        else:
            stored_how = gettext("It is stored encrypted and never shown again.")
            field.help_text = f"{vendor.secret_help} {stored_how}"

    def clean_client_id(self) -> str:
        return _one_word(self.cleaned_data["client_id"])

    def clean_client_secret(self) -> str:
        return _one_word(self.cleaned_data["client_secret"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        integration, url = cleaned.get("integration"), cleaned.get("environment_url", "")
        if integration and url:
            try:
                registry.get(integration).read_environment(url)
            except IntegrationError as error:
                self.add_error("environment_url", error.message)
        if integration:
            self.instance.mode = Mode.OAUTH if registry.get(integration).oauth else Mode.KEY
        if cleaned.get("client_secret") and (why := agreement.why_not_seal()):
            self.add_error("client_secret", why)
        if self.instance._state.adding:
            try:
                require_room()
            except LimitReached as reached:
                raise ValidationError(str(reached)) from None
        return cleaned

    @property
    def ends_consent(self) -> bool:
        """Whether the change takes away what the present consent is bound to."""
        changed = {name for name in self.changed_data if name != "client_secret" or self.cleaned_data["client_secret"]}
        return self.instance.status != Status.DISABLED and bool(changed.intersection(CLIENT))


def _one_word(text: str) -> str:
    if len(text.split()) > 1:
        raise ValidationError(_("It holds a space or a line break: paste it again, alone."))
    return text.strip()
