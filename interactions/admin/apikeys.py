from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from interactions.admin.shown import coloured
from interactions.api import keys
from interactions.models import ApiKey
from maker.admin import MakerAdmin
from maker.dialogs import History


@admin.register(ApiKey)
class ApiKeyAdmin(MakerAdmin):
    dialogs = (History,)
    list_display = ("name", "source", "prefix", "shown_active", "last_used_at", "created_by", "created_at")
    list_select_related = ("created_by",)
    list_filter = ("is_active",)
    search_fields = ("name", "source", "prefix")
    search_help_text = _("Name, source, or how the key begins")
    fields = ("name", "source", "is_active")

    @coloured(_("active"), {_("active"): "success", _("switched off"): "danger"})
    def shown_active(self, key: ApiKey) -> Any:
        return _("active") if key.is_active else _("switched off")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ("name", "source")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # References are unique within a source: another source would make twins of every repeated call.
        return ("source",) if obj else ()

    @sensitive_variables("text", "told")
    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if not change:
            text = keys.new_text()
            told = keys.parts(text)
            obj.prefix, obj.digest, obj.created_by = told["prefix"], told["digest"], request.user  # type: ignore[assignment]
            request.new_api_key = text  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """The one page that holds the key: no redirect, so that no session keeps it (and the admin caches nothing)."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("The new key"),
            "subtitle": str(obj),
            "key": request.new_api_key,  # type: ignore[attr-defined]
            "obj": obj,
        }
        return TemplateResponse(request, "interactions/key_created.html", context)
