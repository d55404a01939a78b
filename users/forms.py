from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from users import policy
from users.models import Role, User
from users.permission_field import RightsField


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    actor: User  # who fills it in: set by the admin

    new_password = forms.CharField(
        label=_("New password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep things as they are. A user without a password signs in through SSO only."),
    )

    class Meta:
        model = User
        fields = ("username", "name", "role", "profiles", "is_active", "is_superuser")
        labels = {"is_superuser": _("Superuser")}
        help_texts = {
            "is_superuser": _("May do everything in the Maker, whatever the role says."),
            "is_active": _("A user who is not active cannot sign in; interactions and history stay."),
        }

    def clean_role(self) -> Role | None:
        role: Role | None = self.cleaned_data["role"]
        if role != self.instance.role and not policy.may_grant(self.actor, role):
            raise ValidationError(_("This role has rights that you do not have, so you cannot give it."))
        return role

    def clean_is_superuser(self) -> bool:
        wanted: bool = self.cleaned_data["is_superuser"]
        if wanted != self.instance.is_superuser and not self.actor.is_superuser:
            raise ValidationError(_("Only a superuser can change this."))
        return wanted

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        keeps = cleaned.get("is_active") and cleaned.get("is_superuser", self.instance.is_superuser)
        if not keeps and policy.is_last_superuser(self.instance):
            raise ValidationError(
                _(
                    "This is the last active superuser: without one, nobody could administer Deskline. "
                    "Make another one first."
                )
            )
        return cleaned

    def _post_clean(self) -> None:
        # After the instance is filled, since a password must not resemble the new e-mail or name.
        super()._post_clean()  # type: ignore[misc]
        password = self.cleaned_data.get("new_password")
        if password:
            try:
                password_validation.validate_password(password, self.instance)
            except ValidationError as error:
                self.add_error("new_password", error)

    def save(self, commit: bool = True) -> User:
        if password := self.cleaned_data["new_password"]:
            self.instance.set_password(password)
        elif self.instance._state.adding:
            self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    actor: User

    permissions = RightsField(label=_("Rights"), required=False)

    class Meta:
        model = Role
        fields = ("name", "permissions")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].queryset = policy.grantable(self.actor)  # type: ignore[attr-defined]

    def clean_permissions(self) -> list[Permission]:
        """Keep the rights that the form does not show: those of parts that it does not list."""
        chosen = list(self.cleaned_data["permissions"])
        if self.instance.pk:
            shown = self.fields["permissions"].queryset  # type: ignore[attr-defined]
            chosen += list(self.instance.permissions.exclude(pk__in=shown))
        return chosen
