from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authmethods.pages import setup_address, with_consent

Item = dict[str, Any]


def _lists(*lists: tuple[str | Promise, str, str]) -> list[Item]:
    items = []
    for title, icon, model in lists:
        app_label, model_name = model.split(".")
        if not admin.site.is_registered(apps.get_model(model)):
            continue
        address = reverse(f"admin:{app_label}_{model_name}_changelist")
        items.append(_item(title, icon, address, partial(_sees, model)))
    return items


def _has(right: str, request: HttpRequest) -> bool:
    return bool(request.user.has_perm(right))


def _sees(model: str, request: HttpRequest) -> bool:
    """By its name: Unfold copies the menu deeply."""
    return admin.site.get_model_admin(apps.get_model(model)).has_view_permission(request)


def _item(title: str | Promise, icon: str, link: str, permission: Callable[[HttpRequest], bool]) -> Item:
    return {"title": title, "icon": icon, "link": link, "permission": permission}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups and items. Unfold hides what `permission` denies, and groups that are left empty."""
    see_methods = partial(_has, "authmethods.view_authenticationmethod")
    return [
        {"items": [_item(_("Overview"), "dashboard", reverse("admin:index"), lambda request: True)]},
        {
            "title": _("Connect"),
            "items": [
                *(
                    _item(f"{_('Setup')}: {vendor.label}", "checklist", setup_address(vendor), see_methods)
                    for vendor in with_consent()
                ),
                *_lists(
                    (_("Authentication methods"), "key", "authmethods.authenticationmethod"),
                    (_("SSO connectors"), "login", "sso.ssoconnector"),
                    (_("CRM v2"), "contacts", "crm.crm"),
                    (_("Telephone systems"), "deskphone", "telephony.telephonysystem"),
                ),
            ],
        },
        {
            "title": _("Work"),
            "items": _lists(
                (_("Interactions"), "call", "interactions.interaction"),
                (_("Deliveries"), "outbox", "interactions.delivery"),
                (_("Deleted interactions"), "phone_disabled", "interactions.deletedinteraction"),
                (_("API keys"), "vpn_key", "interactions.apikey"),
            ),
        },
        {
            "title": _("People"),
            "items": _lists(
                (_("Users"), "person", "users.user"),
                (_("Profiles"), "badge", "users.profile"),
                (_("Roles"), "shield_person", "users.role"),
                (_("Refused sign-ins"), "block", "sso.signinrefusal"),
                (_("Deletions"), "auto_delete", "users.deletion"),
            ),
        },
    ]
