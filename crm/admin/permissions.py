"""The parts of a CRM have no rights of their own: who may modify CRMs may modify them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class FollowsCRM:
    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("crm.view_crm")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("crm.view_crm") or request.user.has_perm("crm.change_crm")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("crm.change_crm")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("crm.change_crm")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("crm.change_crm")
