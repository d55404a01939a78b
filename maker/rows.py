"""The cogwheel, the pencil and the bin of each row. Unfold's own row actions run on GET and ask for no permission on
the row. Ours are dialogs: GET shows, only POST acts.
"""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

Row = TypeVar("Row", bound=Model)
Text = str | Promise


class Refused(Exception):
    """Raised in `perform`: nothing was done; the text tells the person why, inside the dialog."""


class Dialog(Generic[Row]):
    """A window about one row, at `<list>/<id>/<name>/`. POST runs `perform` when there is a `submit` label.
    `permissions`: the admin's `has_…_permission`, or rights (with a dot); all must hold for the row.
    """

    name: ClassVar[str]
    title: Text
    icon: ClassVar[str] = "settings"
    permissions: ClassVar[tuple[str, ...]] = ("view",)
    template: ClassVar[str] = "maker/dialogs/text.html"
    submit: Text = ""
    danger: ClassVar[bool] = False
    wide: ClassVar[bool] = False
    in_menu: ClassVar[bool] = True
    form_class: ClassVar[type[Form]] = Form

    admin: Any
    """That of the row's list (a `maker.admin.MakerAdmin`), with the hooks that the dialog names."""

    def __init__(self, admin: RowDialogs, request: HttpRequest, obj: Row) -> None:
        self.admin = admin
        self.request = request
        self.obj = obj

    # What a dialog says and does
    def text(self) -> Text:
        return ""

    def offered(self) -> bool:
        """Whether the cogwheel lists it for this row now. It says nothing about rights."""
        return True

    def context(self) -> dict[str, Any]:
        return {}

    def initial(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Form) -> HttpResponse | str | None:
        """Do it. None leads back to the list, a string to that address; Refused shows why it was not done."""
        raise NotImplementedError

    # How it is asked
    def allowed(self) -> bool:
        """Asked again on each request."""
        return all(self._has(permission) for permission in self.permissions)

    def respond(self) -> HttpResponse:
        if not self.allowed():
            raise PermissionDenied
        if self.request.method in ("GET", "HEAD"):
            return self.render(self.form_class(initial=self.initial()))
        if self.request.method != "POST" or not self.submit:
            return HttpResponseNotAllowed(["GET", "POST"] if self.submit else ["GET"])
        form = self.form_class(self.request.POST)
        if not form.is_valid():
            return self.render(form)
        try:
            done = self.perform(form)
        except Refused as refusal:
            return self.render(form, refusal=str(refusal))
        return done if isinstance(done, HttpResponse) else self.redirect(done or self.list_url())

    def redirect(self, url: str) -> HttpResponse:
        """Leave the dialog for `url`: with htmx, too, the whole page goes there and not the window alone."""
        return HttpResponseClientRedirect(url) if self._by_htmx() else HttpResponseRedirect(url)

    def render(self, form: Form, **extra: Any) -> HttpResponse:
        context = {
            **self.admin.admin_site.each_context(self.request),
            "opts": self.admin.opts,
            "dialog": self,
            "obj": self.obj,
            "form": form,
            "title": self.title,
            "subtitle": str(self.obj),
            "back": self.list_url(),
            **self.context(),
            **extra,
        }
        name = "maker/dialog.html" if self._by_htmx() else "maker/dialog_page.html"
        return TemplateResponse(self.request, name, context)

    def url(self) -> str:
        return str(self.admin.row_url(self.obj, self.name))

    def list_url(self) -> str:
        opts = self.admin.opts
        return reverse(f"{self.admin.admin_site.name}:{opts.app_label}_{opts.model_name}_changelist")

    def say(self, text: Text) -> None:
        messages.success(self.request, str(text))

    def _has(self, permission: str) -> bool:
        if "." in permission:
            return bool(self.request.user.has_perm(permission))
        check = getattr(self.admin, f"has_{permission}_permission")
        return bool(check(self.request) if permission == "add" else check(self.request, self.obj))

    def _by_htmx(self) -> bool:
        return bool(getattr(self.request, "htmx", False))


class RowDialogs:
    dialogs: ClassVar[tuple[type[Dialog[Any]], ...]] = ()

    def get_urls(self: Any) -> list[URLPattern]:
        opts = self.opts
        return [
            *(
                path(
                    f"<path:object_id>/{dialog.name}/",
                    self.admin_site.admin_view(partial(self.dialog_view, dialog)),
                    name=f"{opts.app_label}_{opts.model_name}_{dialog.name}",
                )
                for dialog in self.dialogs
            ),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def dialog_view(self: Any, dialog: type[Dialog[Any]], request: HttpRequest, object_id: str) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        return dialog(self, request, obj).respond()

    def get_list_display(self: Any, request: HttpRequest) -> list[Any]:
        columns = super().get_list_display(request)  # type: ignore[misc]
        return [*columns, self._row_menu(request)]

    def _row_menu(self: Any, request: HttpRequest) -> Any:
        kept = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        back = partial(add_preserved_filters, kept)

        def row_menu(obj: Model) -> SafeString:
            offered = (dialog(self, request, obj) for dialog in self.dialogs if dialog.in_menu)
            context = {
                "menu": [dialog for dialog in offered if dialog.allowed() and dialog.offered()],
                "obj": obj,
                "edit": back(self.row_url(obj, "change")) if self.has_change_permission(request, obj) else "",
                "delete": back(self.row_url(obj, "delete")) if self.has_delete_permission(request, obj) else "",
            }
            return render_to_string("maker/row.html", context)

        row_menu.short_description = _("Actions")  # type: ignore[attr-defined]
        return row_menu

    def row_url(self: Any, obj: Model, view: str) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{view}"
        return reverse(name, args=[quote(obj.pk)])
