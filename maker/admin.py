from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ManyToManyField, Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from maker import dependencies
from maker.addresses import CheckedAddress
from maker.dependencies import Dependents
from maker.dialogs import Dependencies, History
from maker.keys import could_be_key
from maker.paginator import CappedCountPaginator
from maker.rows import Dialog, Refused, RowDialogs, Text


class MakerAdmin(CheckedAddress, RowDialogs, ModelAdmin):
    """Subclasses name their `dialogs`; one with `Duplicate` writes `make_duplicate`."""

    dialogs: ClassVar[tuple[type[Dialog[Any]], ...]] = (Dependencies, History)
    when_empty: Text = ""
    """Shown in an empty list to which nobody adds by hand: what fills it."""
    duplicate_help: Text = _("A copy is made, which you can then change.")
    list_per_page = 50
    list_filter_submit = True
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    paginator = CappedCountPaginator
    warn_unsaved_form = True
    view_on_site = False
    delete_confirmation_template = "maker/delete.html"
    delete_selected_confirmation_template = "maker/delete_selected.html"

    def make_duplicate(self, request: HttpRequest, obj: Model) -> Model:
        """Save and return a copy of `obj`. Raises `rows.Refused` with the reason when there may be none."""
        raise NotImplementedError

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """`maker.addresses` has left out by then what no filter takes."""
        offered = any(f"{lookup}__".startswith(f"{name}__") for name in self._filter_names(request))
        return offered and bool(super().lookup_allowed(lookup, value, request))

    def _filter_names(self, request: HttpRequest) -> list[str]:
        filters = (entry[0] if isinstance(entry, (list, tuple)) else entry for entry in self.get_list_filter(request))
        return [str(getattr(entry, "parameter_name", entry)) for entry in filters]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        told = super().get_changeform_initial_data(request)
        return {name: value for name, value in told.items() if self._could_begin_with(name, value)}

    def _could_begin_with(self, name: str, value: Any) -> bool:
        try:
            field = self.opts.get_field(name)
        except FieldDoesNotExist:
            return True
        keys = value if isinstance(value, list) else [value]
        return not field.related_model or all(could_be_key(field.related_model, key) for key in keys)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """A relation to what cannot be a row is refused as one to nothing, beside its field."""
        # Tags are named, and no keys.
        many = [field for field in self.opts.many_to_many if isinstance(field, ManyToManyField)]
        relations = {field.name: field.related_model for field in many}
        posted = request.POST.copy()
        for name in relations.keys() & posted.keys():
            keys = posted.getlist(name)
            posted.setlist(name, [key if could_be_key(relations[name], key) else "" for key in keys])
        request.POST = posted  # type: ignore[assignment] # what Django reads of it is the same
        return super().changeform_view(request, *args, **options)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        if all(could_be_key(self.model, key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            return super().response_action(request, queryset)
        messages.warning(request, _("Nothing was done: not all of what was chosen are rows of this list."))
        return None

    def get_dependents(self, obj: Model) -> list[Dependents]:
        """Extend it for dependents that no PROTECT tells of."""
        return dependencies.dependents(obj)

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> tuple[Any, Any, Any, list[str]]:
        rows = list(objs)
        to_delete, counts, perms_needed, _protected = super().get_deleted_objects(rows, request)
        kept = [f"{row}: {dependent}" for row in rows for dependent in self.get_dependents(row)]
        return to_delete, counts, perms_needed, kept

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self._unless_kept(request, partial(super().delete_view, request, object_id, extra_context))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self._unless_kept(request, partial(super().changelist_view, request, extra_context))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> Any:
        """Back to the list as it was filtered. Django would leave it where rows can be deleted and not changed."""
        answer = super().response_delete(request, obj_display, obj_id)
        if self.has_change_permission(request) or not self.has_view_permission(request):
            return answer
        url = reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")
        kept = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(kept, url))

    def _unless_kept(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            return view()
        except ProtectedError:
            messages.error(request, _("Nothing was deleted: something has just begun to depend on it."))
        except Refused as reason:
            messages.error(request, str(reason))
        return HttpResponseRedirect(request.get_full_path())

    # auditlog keeps the history, with its secrets masked; Django's own log would be a second one.
    def log_addition(self, *args: Any) -> None:
        return

    def log_change(self, *args: Any) -> None:
        return

    def log_deletions(self, *args: Any) -> None:
        return
