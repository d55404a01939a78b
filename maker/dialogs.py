from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.forms import Form
from django.utils.translation import gettext_lazy as _

from maker import history
from maker.rows import Dialog, Text


class Duplicate(Dialog[Model]):
    """Copies the row by the admin's `make_duplicate(request, obj) -> Model`, which may raise `rows.Refused`."""

    name = "duplicate"
    title = _("Duplicate")
    icon = "content_copy"
    permissions: ClassVar[tuple[str, ...]] = ("view", "add")
    submit = _("Duplicate")

    def text(self) -> Text:
        told: Text = self.admin.duplicate_help
        return told

    def perform(self, form: Form) -> str | None:
        copy = self.admin.make_duplicate(self.request, self.obj)
        self.say(_("“%(copy)s” was made as a copy of “%(original)s”.") % {"copy": copy, "original": self.obj})
        if not self.admin.has_change_permission(self.request, copy):
            return None
        return str(self.admin.row_url(copy, "change"))


class Dependencies(Dialog[Model]):
    name = "dependencies"
    title = _("Dependencies")
    icon = "account_tree"
    template = "maker/dialogs/dependencies.html"

    def context(self) -> dict[str, Any]:
        return {"dependents": self.admin.get_dependents(self.obj)}


class History(Dialog[Model]):
    """It takes the place of Django's own history page."""

    name = "history"
    title = _("History")
    icon = "history"
    template = "maker/dialogs/history.html"
    wide = True

    def context(self) -> dict[str, Any]:
        return {"changes": history.of(self.obj, self._parts()), "most": history.MOST}

    def _parts(self) -> list[tuple[type[Model], str]]:
        inlines = self.admin.get_inline_instances(self.request, self.obj)
        return [(inline.model, inline.get_formset(self.request, self.obj).fk.name) for inline in inlines]


def copy_of(model: type[Model], field: str, value: str, *, joiner: str = " ") -> str:
    """A free value for a unique text field of a copy: “Zoho copy”, “Zoho copy 2”; joiner "-" for references."""
    longest = getattr(model._meta.get_field(field), "max_length", None) or 100
    taken = set(model._base_manager.values_list(field, flat=True))
    for number in range(1, len(taken) + 2):
        ending = f"{joiner}copy" if number == 1 else f"{joiner}copy{joiner}{number}"
        candidate = value[: longest - len(ending)] + ending
        if candidate not in taken:
            return candidate
    raise AssertionError("more candidates than rows: one is free")
