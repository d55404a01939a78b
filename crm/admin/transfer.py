"""CRMs in and out of CSV files. A file with one bad row changes nothing, and no column reaches a secret."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from import_export import fields, resources, widgets
from import_export.formats.base_formats import CSV
from import_export.results import Result
from tablib import Dataset
from taggit.utils import edit_string_for_tags, parse_tags
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from authmethods.models import AuthenticationMethod, Status
from crm.admin import cells, table
from crm.admin.forms import refusal_of
from crm.admin.table import Table
from crm.models import CRM

LARGEST = 1_000_000
"""Bytes."""
MOST_ROWS = 1_000
MOST_TOLD, LONGEST_TOLD = 10, 60
COLUMNS = ("reference", "name", "tags", "kind", "integration", "method", "department_id", "on_none", "on_several")
EXAMPLE = ("zoho", "Zoho Desk", "sales, europe", "integration", "zoho_desk", "Zoho Desk", "", "create", "agent")


class MethodWidget(widgets.ForeignKeyWidget):
    """An authentication method by its name; only an enabled one can be taken."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> AuthenticationMethod | None:
        if not value:
            return None
        method = AuthenticationMethod.objects.filter(name=value, status=Status.ENABLED).first()
        if method is None:
            raise ValueError(_("There is no enabled authentication method of this name."))
        return method


class ChoiceWidget(widgets.CharWidget):
    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        taken = [str(word) for word, _label in getattr(CRM._meta.get_field(self.column), "choices", None) or ()]
        if value and value not in taken:
            told = {"given": str(value)[:LONGEST_TOLD], "taken": ", ".join(taken)}
            raise ValueError(_("“%(given)s” is none of: %(taken)s.") % told)
        return str(super().clean(value, row, **kwargs))


class TagsWidget(widgets.ManyToManyWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        tags = list(parse_tags(value or ""))
        if refusal := refusal_of(tags):
            raise ValueError(refusal)
        return tags

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(edit_string_for_tags(value.all())) if value else ""


class CRMResource(resources.ModelResource):
    """CRMs by reference: a known one is changed, an unknown one created."""

    method = fields.Field("method", "method", MethodWidget(AuthenticationMethod, "name"))
    tags = fields.Field("tags", "tags", TagsWidget(CRM))
    on_none = fields.Field("on_none", "on_none", ChoiceWidget("on_none"))
    on_several = fields.Field("on_several", "on_several", ChoiceWidget("on_several"))

    class Meta:
        model = CRM
        fields = COLUMNS
        export_order = COLUMNS
        import_order = COLUMNS
        import_id_fields = ("reference",)
        clean_model_instances = True
        skip_diff = True


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv"}),
        help_text=_("UTF-8, with the columns of the template."),
    )

    def clean_file(self) -> Table:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise ValidationError(_("The file is larger than 1 MB. Split it."))
        try:
            found = table.read(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValidationError(_("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error
        if missing := {"reference", "name"} - set(found.headers):
            raise ValidationError(_("Columns are missing: %(names)s.") % {"names": ", ".join(sorted(missing))})
        if unknown := sorted({name[:LONGEST_TOLD] for name in set(found.headers) - set(COLUMNS)})[:MOST_TOLD]:
            raise ValidationError(_("Unknown columns: %(names)s.") % {"names": ", ".join(unknown)})
        if len(set(found.headers)) < len(found.headers):
            raise ValidationError(_("A column is named twice."))
        if len(found.rows) > MOST_ROWS:
            raise ValidationError(_("The file has more than 1000 rows. Split it."))
        return found


class CSVActions:
    actions_list = [{"title": _("CSV"), "icon": "settings", "items": ["csv_template", "csv_import", "csv_export"]}]

    def has_import_permission(self: Any, request: HttpRequest) -> bool:
        """An import makes and changes CRMs, so it takes these rights too."""
        allowed = request.user.has_perm("crm.import_crm")
        return allowed and self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self: Any, request: HttpRequest) -> bool:
        return request.user.has_perm("crm.export_crm") and self.has_view_permission(request)

    @action(description=_("CSV template"), url_path="csv/template", icon="description", permissions=["import"])  # type: ignore[untyped-decorator]
    def csv_template(self, request: HttpRequest) -> HttpResponse:
        rows = Dataset(EXAMPLE, headers=COLUMNS)
        return _download(rows, "crms-template.csv")

    @action(description=_("Export"), url_path="csv/export", icon="download", permissions=["export"])  # type: ignore[untyped-decorator]
    def csv_export(self: Any, request: HttpRequest) -> HttpResponse:
        return _download(CRMResource().export(self.get_queryset(request)), "crms.csv")

    @action(description=_("Import"), url_path="csv/import", icon="upload", permissions=["import"])  # type: ignore[untyped-decorator]
    def csv_import(self: Any, request: HttpRequest) -> HttpResponse:
        """GET asks for a file, POST reads it: all of its rows, or none."""
        form = ImportForm(request.POST or None, request.FILES or None)
        validation_errors: list[dict[str, Any]] = []
        if request.method == "POST" and form.is_valid():
            found = form.cleaned_data["file"]
            rows = cells.unguarded(Dataset(*found.rows, headers=found.headers))
            result = CRMResource().import_data(rows, use_transactions=True, rollback_on_validation_errors=True)
            validation_errors = _validation_errors(result, found.lines)
            if not validation_errors:
                messages.success(request, _told(len(result.rows)))
                return HttpResponseRedirect(reverse("admin:crm_crm_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import CRMs"),
            "form": form,
            "validation_errors": validation_errors,
            "columns": ", ".join(COLUMNS),
        }
        return TemplateResponse(request, "crm/import.html", context)


def _told(count: int) -> str:
    return ngettext("%(count)d CRM was imported.", "%(count)d CRMs were imported.", count) % {"count": count}


def _download(rows: Dataset, name: str) -> HttpResponse:
    text = CSV().export_data(cells.guarded(rows))
    return HttpResponse(
        text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _validation_errors(result: Result, lines: list[int]) -> list[dict[str, Any]]:
    found = [{"line": "", "column": "", "text": str(error.error)} for error in result.base_errors]
    for number, errors in result.row_errors():
        found += [{"line": lines[number - 1], "column": "", "text": str(error.error)} for error in errors]
    for row in result.invalid_rows:
        line = lines[row.number - 1]
        for column, texts in row.field_specific_errors.items():
            found += [{"line": line, "column": column, "text": text} for text in texts]
        found += [{"line": line, "column": "", "text": text} for text in row.non_field_specific_errors]
    return found
