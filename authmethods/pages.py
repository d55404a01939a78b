"""The pages of this room in the Maker: what to enter at the vendor, and the choice of an organisation."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from authmethods import addresses
from authmethods.views import pick_organisation
from integrations import registry
from maker.context import page_context
from maker.pages import Page, register


def console_values() -> list[dict[str, str]]:
    """What to paste into the vendor's console for this installation."""
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


def setup_zoho_desk(request: HttpRequest) -> HttpResponse:
    """How to register this installation in Zoho's API console."""
    if not request.user.has_perm("authmethods.view_authenticationmethod"):
        raise PermissionDenied
    context = {
        **page_context(request, _("Setup: Zoho Desk")),
        "vendor": registry.get("zoho_desk"),
        "values": console_values(),
        "may_add": request.user.has_perm("authmethods.add_authenticationmethod"),
    }
    return TemplateResponse(request, "authmethods/setup.html", context)


register(Page("setup/zoho-desk/", setup_zoho_desk, "setup-zoho-desk"))
register(Page("setup/organisation/<int:pending>/", pick_organisation, "pick-organisation"))
