from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget

from authmethods import connection_test, consent, issued_grants, key_access, status
from authmethods.models import AuthenticationMethod, Kind, Status
from integrations.errors import IntegrationError
from maker.rows import Dialog, Refused, Text
from users.actor import actor


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Environment"),
        choices=[(Kind.SANDBOX, Kind.SANDBOX.label), (Kind.PRODUCTION, Kind.PRODUCTION.label)],
        widget=UnfoldAdminRadioSelectWidget(),
        error_messages={"required": _("Choose Sandbox or Production.")},
    )


class Enable(Dialog[AuthenticationMethod]):
    name = "enable"
    title = _("Enable")
    icon = "power_settings_new"
    permissions: ClassVar[tuple[str, ...]] = ("change",)
    submit = _("Continue to the consent")
    in_menu = False
    form_class = KindForm
    template = "authmethods/enable.html"

    def context(self) -> dict[str, Any]:
        return {"warnings": issued_grants.warnings([self.obj])}

    def text(self) -> Text:
        return _(
            "Choose the environment that this method is for. You then consent at the vendor with an account that "
            "administers the portal, and come back to the list."
        )

    def perform(self, form: forms.Form) -> HttpResponse:
        try:
            address = consent.begin(self.obj, form.cleaned_data["kind"], actor(self.request), self.request.session)
        except consent.ConsentFailed as problem:
            raise Refused(str(problem)) from None
        return self.redirect(address)


class EnableByKey(Dialog[AuthenticationMethod]):
    name = "enable-by-key"
    title = Enable.title
    icon = Enable.icon
    permissions = Enable.permissions
    submit = _("Enable")
    in_menu = False

    def text(self) -> Text:
        return _("The secret of the method is the key with which the vendor is asked from now on.")

    def perform(self, form: forms.Form) -> None:
        try:
            key_access.enable(self.obj, actor(self.request))
        except IntegrationError as problem:
            raise Refused(str(problem)) from None
        self.say(_("“%(method)s” is enabled.") % {"method": self.obj})


class Reconnect(Enable):
    name = "reconnect"
    title = _("Reconnect")
    icon = "sync"
    in_menu = True

    def text(self) -> Text:
        return _(
            "A new consent takes the place of the present one, which goes on working until then. Needed only when the "
            "vendor refuses the present one, or when rights are missing: “Test connection” tells."
        )

    def initial(self) -> dict[str, Any]:
        return {"kind": self.obj.kind}

    def offered(self) -> bool:
        return self.obj.status != Status.DISABLED and self.obj.vendor.oauth is not None


class Disable(Dialog[AuthenticationMethod]):
    name = "disable"
    title = _("Disable")
    icon = "power_off"
    permissions: ClassVar[tuple[str, ...]] = ("change",)
    template = "authmethods/disable.html"
    submit = _("Disable")
    danger = True
    in_menu = False

    def context(self) -> dict[str, Any]:
        return {"dependents": self.admin.get_dependents(self.obj)}

    def perform(self, form: forms.Form) -> None:
        status.disable(self.obj)
        self.say(_("“%(method)s” is disabled.") % {"method": self.obj})


class TestConnection(Dialog[AuthenticationMethod]):
    name = "test"
    title = _("Test connection")
    icon = "network_check"
    permissions: ClassVar[tuple[str, ...]] = ("change",)
    template = "authmethods/test.html"
    submit = _("Test now")
    wide = True

    def text(self) -> Text:
        return _("Tries what deliveries need: secret, token, organisation, rights, and reading from the portal.")

    def perform(self, form: forms.Form) -> HttpResponse:
        return self.render(form, steps=connection_test.run(self.obj), done=True)
