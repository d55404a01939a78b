from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin import display
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.forms import Form, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maker import history
from maker.admin import MakerAdmin
from maker.dependencies import EXAMPLES, Dependents
from maker.dialogs import Dependencies, Duplicate, History, copy_of
from maker.rows import Dialog, Refused
from users import deletions, permission_field, policy  # noqa: F401 - `deletions` registers a list of its own
from users.actor import FormKnowsActor, actor
from users.forms import RoleForm, UserForm
from users.models import Profile, Role, User


class RemovePassword(Dialog[User]):
    name = "remove-password"
    title = _("Remove password")
    icon = "lock_reset"
    permissions: ClassVar[tuple[str, ...]] = ("change",)
    submit = _("Remove")
    danger = True

    def text(self) -> Any:
        return _("The user can then sign in through an SSO connector only, and is signed out everywhere.")

    def offered(self) -> bool:
        return self.obj.has_usable_password()

    def perform(self, form: Form) -> None:
        with transaction.atomic():
            if policy.is_last_superuser(self.obj):
                raise Refused(_("The last active superuser keeps a password: it opens the Maker when SSO does not."))
            self.obj.set_unusable_password()
            self.obj.save(update_fields=["password"])
        history.note(self.obj, str(_("password")), "", str(_("removed")))
        self.say(_("The password was removed."))


@admin.register(User)
class UserAdmin(FormKnowsActor, MakerAdmin):
    """Rooms above add inlines (the SSO connector) to `inlines`."""

    dialogs = (RemovePassword, Dependencies, History)
    form = UserForm
    list_display = ("username", "name", "role", "profile_names", "is_active")
    list_filter = ("is_active", "role", "profiles", "is_superuser")
    list_select_related = ("role",)
    search_fields = ("username__istartswith", "name")
    search_help_text = _("Beginning of the e-mail, or part of the name")
    autocomplete_fields = ("profiles",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (_("Card"), {"fields": ("username", "name", "is_active", "new_password", "last_login", "date_joined")}),
        (_("Rights in the Maker"), {"fields": ("role", "is_superuser")}),
        (_("What the Banner shows"), {"fields": ("profiles",)}),
    )

    @display(description=_("profiles"))
    def profile_names(self, user: User) -> str:
        return ", ".join(profile.name for profile in user.profiles.all())

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("profiles")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or policy.may_touch(actor(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or (obj != request.user and policy.may_touch(actor(request), obj)))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[str]]:
        rows = list(objs)
        to_delete, counts, perms_needed, kept = super().get_deleted_objects(rows, request)
        going = {row.pk for row in rows if row.is_superuser and row.is_active}
        if going and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk__in=going).exists():
            kept = [*kept, str(_("Deskline itself: one active superuser must remain"))]
        return to_delete, counts, perms_needed, kept

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not form.cleaned_data["new_password"]:
            return
        if obj == request.user:
            obj.way_in = actor(request).way_in
            update_session_auth_hash(request, obj)
        elif change:
            messages.info(request, _("The new password is valid from now on; open sessions of the user have ended."))


@admin.register(Role)
class RoleAdmin(FormKnowsActor, MakerAdmin):
    dialogs = (Duplicate, Dependencies, History)
    form = RoleForm
    list_display = ("name", "number_of_members", "number_of_rights")
    search_fields = ("name",)
    fields = ("name", "permissions")

    @display(description=_("users"))
    def number_of_members(self, role: Role) -> int:
        return role.members.count()

    @display(description=_("rights"))
    def number_of_rights(self, role: Role) -> int:
        return permission_field.meaningful(role.permissions.all()).count()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            return RoleForm.base_fields["permissions"]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and policy.may_grant(actor(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and policy.may_grant(actor(request), obj)

    def make_duplicate(self, request: HttpRequest, obj: Any) -> Role:
        copy = Role(name=copy_of(Role, "name", obj.name))
        copy.save()
        copy.permissions.set(obj.permissions.filter(pk__in=policy.grantable(actor(request))))
        return copy


@admin.register(Profile)
class ProfileAdmin(MakerAdmin):
    """Rooms above add inlines (the CRMs it shows) to `inlines`."""

    list_display = ("name", "description", "number_of_users")
    search_fields = ("name", "description")

    @display(description=_("users"))
    def number_of_users(self, profile: Profile) -> str:
        count = profile.users.count()
        return ngettext("%(count)d user", "%(count)d users", count) % {"count": count}

    def get_dependents(self, obj: Any) -> list[Dependents]:
        """Its users too: without it they would see nothing in the Banner."""
        users = obj.users.all()
        names = tuple(str(user) for user in users[:EXAMPLES])
        own = [Dependents(str(_("Users")), users.count(), names)] if names else []
        return own + super().get_dependents(obj)
