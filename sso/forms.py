"""The form of a connector."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from authmethods.models import AuthenticationMethod
from sso.models import SSOConnector
from users import policy
from users.models import User


class SSOConnectorForm(forms.ModelForm):  # type: ignore[type-arg]
    """A connector; `actor`, who fills it in, is set by the admin."""

    actor: User

    class Meta:
        model = SSOConnector
        fields = ("name", "reference", "type", "method")

    def clean_method(self) -> AuthenticationMethod:
        """Keep the portal that vouches for people out of the hands of those with fewer rights.

        The attack: an operator points the connector of a superuser who never signed in with Zoho at a portal of his
        own, makes himself an agent there under that e-mail, and comes in as superuser.
        """
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
