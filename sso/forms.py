from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from authmethods.models import AuthenticationMethod
from integrations import registry
from sso.models import Association, SSOConnector
from users import policy
from users.models import User


class SSOConnectorForm(forms.ModelForm):  # type: ignore[type-arg]
    actor: User  # who fills it in: set by the admin

    class Meta:
        model = SSOConnector
        fields = ("name", "reference", "type", "method")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "method" not in self.fields:
            return
        # A first sign-in is vouched for by the portal's own directory.
        usable = AuthenticationMethod.objects.filter(integration__in=registry.having("oauth", "sign_in", "directory"))
        self.fields["method"].queryset = usable  # type: ignore[attr-defined]
        if not usable.exists():
            self.fields["method"].help_text = _("There is none yet: create an authentication method first.")

    def clean_method(self) -> AuthenticationMethod:
        """An operator's own portal could vouch that they are a superuser who never signed in before."""
        method: AuthenticationMethod = self.cleaned_data["method"]
        if self.instance.pk is None or method == self.instance.method:
            return method
        invited = User.objects.filter(association__connector=self.instance, identity=None).select_related("role")
        if all(policy.may_touch(self.actor, user) for user in invited):
            return method
        raise ValidationError(
            _(
                "The connector has users with rights that you do not have, who have not signed in yet: the portal of "
                "its authentication method vouches for them. Ask a superuser to change it."
            )
        )


class AssociationForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Association
        fields = ("connector",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if connector := self.fields.get("connector"):  # not there for those who may only look
            connector.required = False
            connector.empty_label = _("None: no single sign-on")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("connector") is None:
            cleaned.pop("connector", None)  # the row keeps its own: it goes as a whole
        return cleaned


class AssociationFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Choosing no connector takes it away, so no bin is needed."""

    @property
    def deleted_forms(self) -> list[Any]:
        return [form for form in self.initial_forms if "connector" not in form.cleaned_data] if self.is_valid() else []
