from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from authmethods import creation, status
from authmethods.dialogs import Disable, Enable, EnableByKey, Reconnect, TestConnection
from authmethods.forms import MethodForm
from authmethods.models import AuthenticationMethod, Status, StoredGrant
from authmethods.pages import console_values, setup_address, with_consent
from authmethods.revocation import after_commit
from maker.admin import MakerAdmin
from maker.dialogs import Dependencies, Duplicate, History
from maker.rows import Refused


@admin.register(AuthenticationMethod)
class AuthenticationMethodAdmin(MakerAdmin):
    dialogs = (Enable, EnableByKey, Disable, Reconnect, TestConnection, Duplicate, Dependencies, History)
    duplicate_help = _("The copy has the same client and secret. It starts disabled and asks for a consent of its own.")
    form = MethodForm
    list_display = ("name", "integration", "shown_mode", "status", "environment", "client_id")
    list_filter = ("status", "kind", "integration")
    search_fields = ("name", "client_id", "organisation_name")
    change_form_before_template = "authmethods/form_hint.html"
    readonly_fields = ("shown_mode",)
    fields = ("name", "integration", "shown_mode", "environment_url", "client_id", "client_secret")

    @display(description=_("mode"))
    def shown_mode(self, method: AuthenticationMethod) -> str:
        return method.get_mode_display()

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        may_change = self.has_change_permission(request)

        @display(description=_("status"), ordering="status")
        def status_cell(method: AuthenticationMethod) -> SafeString:
            """Opens the window of the next step, for those who may take it."""
            enable = Enable if method.vendor.oauth else EnableByKey
            name = Disable.name if method.status == Status.ENABLED else enable.name
            url = reverse(f"admin:authmethods_authenticationmethod_{name}", args=[method.pk]) if may_change else ""
            return render_to_string("authmethods/status_cell.html", {"method": method, "url": url})

        return [status_cell if name == "status" else name for name in super().get_list_display(request)]

    @display(description=_("environment"), ordering="kind")
    def environment(self, method: AuthenticationMethod) -> SafeString:
        return render_to_string("authmethods/environment.html", {"method": method})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        context = {"console_values": console_values(), "consoles": _consoles(), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(
        self, request: HttpRequest, obj: AuthenticationMethod, form: ModelForm[AuthenticationMethod], change: bool
    ) -> None:
        ends = change and form.ends_consent  # type: ignore[attr-defined]
        if ends:  # with the old client still stored, by which its grant is revoked
            status.disable(obj)
            obj.status = Status.DISABLED
        super().save_model(request, obj, form, change)
        if secret := form.cleaned_data["client_secret"]:
            creation.store_secret(obj, secret)
        if ends:
            messages.warning(
                request,
                _("“%(method)s” is disabled now: its consent was for the old values. Click its status to enable it.")
                % {"method": obj},
            )

    def response_add(
        self, request: HttpRequest, obj: AuthenticationMethod, post_url_continue: str | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        messages.info(request, _("It is not enabled yet: click its status in the list."))
        return response

    def delete_model(self, request: HttpRequest, obj: AuthenticationMethod) -> None:
        grant = StoredGrant.objects.filter(method=obj).first()
        if grant:
            after_commit(obj, grant.refresh_token, grant.owner)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for method in queryset:
            self.delete_model(request, method)

    def make_duplicate(self, request: HttpRequest, obj: Model) -> Model:
        try:
            return creation.duplicate(obj)  # type: ignore[arg-type]
        except creation.LimitReached as reached:
            raise Refused(str(reached)) from None


def _consoles() -> list[dict[str, str]]:
    return [
        {"name": vendor.oauth.setup.console_name, "url": setup_address(vendor)}
        for vendor in with_consent()
        if vendor.oauth
    ]
