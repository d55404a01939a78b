from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from authmethods import addresses
from authmethods.views import pick_organisation
from integrations import registry
from integrations.base import Integration
from maker.context import page_context
from maker.pages import Page, register


def console_values() -> list[dict[str, str]]:
    return [
        {"id": "homepage", "label": _("Homepage URL"), "value": addresses.homepage(), "why": ""},
        {
            "id": "consent-return",
            "label": _("Authorized redirect URI 1"),
            "value": addresses.consent_return(),
            "why": _("Consent for API access"),
        },
        {
            "id": "sign-in-return",
            "label": _("Authorized redirect URI 2"),
            "value": addresses.sign_in_return(),
            "why": _("Sign-in (SSO)"),
        },
    ]


def with_consent() -> list[Integration]:
    return [registry.get(key) for key in registry.having("oauth")]


def setup_address(vendor: Integration) -> str:
    return reverse("admin:setup", args=[vendor.key.replace("_", "-")])


def setup(request: HttpRequest, vendor: str) -> HttpResponse:
    if not request.user.has_perm("authmethods.view_authenticationmethod"):
        raise PermissionDenied
    found = {one.key: one for one in with_consent()}.get(vendor.replace("-", "_"))
    if found is None:
        raise Http404
    context = {
        **page_context(request, _("Setup: %(vendor)s") % {"vendor": found.label}),
        "vendor": found,
        "values": console_values(),
        "may_add": request.user.has_perm("authmethods.add_authenticationmethod"),
    }
    return TemplateResponse(request, "authmethods/setup.html", context)


register(Page("setup/<slug:vendor>/", setup, "setup"))
register(Page("setup/organisation/<int:pending>/", pick_organisation, "pick-organisation"))
