from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from authmethods import agreement, issued_grants
from authmethods.models import AuthenticationMethod, Status
from authmethods.pages import setup_address, with_consent
from integrations import registry
from maker.home import Card, Step, register, register_step

LIST = "admin:authmethods_authenticationmethod_changelist"
ADD = "admin:authmethods_authenticationmethod_add"
ORDER = {Status.NEEDS_RECONNECTION: 0, Status.DISABLED: 1, Status.ENABLED: 2}


@register
def connections(request: HttpRequest) -> Card | None:
    if not request.user.has_perm("authmethods.view_authenticationmethod"):
        return None
    methods = sorted(AuthenticationMethod.objects.all(), key=lambda one: (ORDER[Status(one.status)], one.name))
    warnings = issued_grants.warnings(methods) + agreement.warnings()
    context = {"methods": methods, "warnings": warnings, "list": reverse(LIST)}
    return Card(str(_("Connections")), "authmethods/card.html", context, order=10)


@register_step
def credentials(request: HttpRequest) -> Step | None:
    if not request.user.has_perm("authmethods.add_authenticationmethod"):
        return None
    vendor = next(iter(with_consent()), None)
    if vendor is None or vendor.oauth is None:
        return None
    return Step(
        label=str(_("Register Deskline in %(console)s") % {"console": vendor.oauth.setup.console_name}),
        help=str(_("The setup page shows what to paste; you get a client ID and a client secret for the next step.")),
        url=setup_address(vendor),
        done=AuthenticationMethod.objects.exists(),
        order=10,
    )


@register_step
def method(request: HttpRequest) -> Step | None:
    if not request.user.has_perm("authmethods.add_authenticationmethod"):
        return None
    label = registry.get(registry.DEFAULT).environment_label
    return Step(
        label=str(_("Create an authentication method")),
        help=str(_("Paste what the step before gave you; the %(label)s helps to find your portal.") % {"label": label}),
        url=reverse(ADD),
        done=AuthenticationMethod.objects.exists(),
        order=20,
    )


@register_step
def enabled(request: HttpRequest) -> Step | None:
    if not request.user.has_perm("authmethods.change_authenticationmethod"):
        return None
    return Step(
        label=str(_("Enable it")),
        help=str(_("Click its status, choose Sandbox or Production, and consent at the vendor.")),
        url=reverse(LIST),
        done=AuthenticationMethod.objects.filter(status=Status.ENABLED).exists(),
        order=30,
    )
