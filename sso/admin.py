from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from maker.admin import MakerAdmin
from maker.dialogs import Dependencies, Duplicate, History, copy_of
from maker.inlines import BoundedRows
from maker.readonly import KeptForGood
from sso.dialogs import CopyLoginURL, Unpin, unpin_url
from sso.forms import AssociationForm, AssociationFormSet, SSOConnectorForm
from sso.models import Association, PinnedIdentity, SignInRefusal, SSOConnector
from users.actor import FormKnowsActor
from users.admin import UserAdmin
from users.models import User


@admin.register(SSOConnector)
class SSOConnectorAdmin(FormKnowsActor, MakerAdmin):
    dialogs = (CopyLoginURL, Duplicate, Dependencies, History)
    duplicate_help = _("The copy gets a reference of its own and no users.")
    form = SSOConnectorForm
    list_display = ("name", "reference", "type", "method")
    list_filter = ("method",)
    list_select_related = ("method",)
    search_fields = ("name", "reference__startswith")
    fields = ("name", "reference", "type", "method", "address")
    readonly_fields = ("address",)

    @admin.display(description=_("SSO login URL"))
    def address(self, connector: SSOConnector) -> str:
        if connector._state.adding:
            return str(_("It is shown here once the connector is saved."))
        context = {"id": "sso-login-url", "value": connector.login_url(), "label": _("SSO login URL")}
        return render_to_string("maker/copy.html", context)

    def make_duplicate(self, request: HttpRequest, obj: Any) -> SSOConnector:
        return SSOConnector.objects.create(
            name=f"{obj.name[:90]} {_('copy')}",
            reference=copy_of(SSOConnector, "reference", obj.reference, joiner="-"),
            type=obj.type,
            method=obj.method,
        )


@admin.register(SignInRefusal)
class SignInRefusalAdmin(KeptForGood, MakerAdmin):
    dialogs = ()
    when_empty = _("Everybody who is refused at sign-in is listed here with the reason.")
    list_display = ("time", "claimed", "reason", "connector", "address")
    list_filter = ("connector",)
    list_select_related = ("connector",)
    search_fields = ("claimed__istartswith", "address__startswith")
    search_help_text = _("Beginning of the e-mail or of the address")

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return list(self.list_display)  # without row actions: there are none

    @admin.display(description=_("at"), ordering="at")
    def time(self, refusal: SignInRefusal) -> SafeString:
        at = date_format(localtime(refusal.at), "SHORT_DATETIME_FORMAT")
        return format_html('<span class="whitespace-nowrap">{}</span>', at)


class AssociationInline(BoundedRows, StackedInline):
    """It has no rights of its own: who may change this user may change how they sign in."""

    model = Association
    form = AssociationForm
    formset = AssociationFormSet
    verbose_name = verbose_name_plural = _("Single sign-on")
    max_num = 1
    extra = 1
    can_delete = False
    hide_title = True
    fields = ("connector", "pinned")
    readonly_fields = ("pinned",)

    @admin.display(description=_("pinned identity"))
    def pinned(self, association: Association) -> str:
        identity = PinnedIdentity.objects.filter(user=association.user_id).first()
        if identity is None:
            return str(_("None yet: it is pinned by the first sign-in."))
        return render_to_string("sso/pinned.html", {"identity": identity, "unpin": unpin_url(identity.user)})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self._of_user.has_view_permission(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._of_user.has_change_permission(request, obj) if obj else self._of_user.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    @property
    def _of_user(self) -> UserAdmin:
        return UserAdmin(User, self.admin_site)


UserAdmin.inlines = [*UserAdmin.inlines, AssociationInline]
UserAdmin.dialogs = (*UserAdmin.dialogs, Unpin)  # type: ignore[assignment] # one more than its own three
