from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import StackedInline

from crm import unapplied
from crm.admin.forms import FieldForm
from crm.admin.permissions import FollowsCRM
from crm.models import CRMField, CRMObject
from maker.admin import MakerAdmin
from maker.inlines import BoundedRows


class FieldInline(FollowsCRM, BoundedRows, StackedInline):
    most_rows = 500
    model = CRMField
    form = FieldForm
    fields = (
        ("name", "api_name"),
        ("type", "position"),
        ("required", "in_list", "searchable"),
        ("default", "pattern"),
        "template",
        "choices",
    )
    extra = 0
    collapsible = True


@admin.register(CRMObject)
class CRMObjectAdmin(FollowsCRM, MakerAdmin):
    """Reached from the page of its CRM, on which it is also added."""

    list_display = ("name", "crm", "api_name", "is_card", "priority")
    list_select_related = ("crm",)
    list_filter = ("crm",)
    search_fields = ("name", "api_name")
    fields = ("crm", "name", "api_name", "is_card", "priority")
    readonly_fields = ("crm",)
    inlines = (FieldInline,)
    change_form_outer_before_template = "crm/object_panel.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        fields = CRMField.objects.filter(object=kwargs["obj"])
        return super().render_change_form(request, {**context, "unapplied": unapplied.among(fields)}, *args, **kwargs)
