from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.db import transaction
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from crm import preview
from crm.admin.parameters import primary_key
from crm.admin.permissions import FollowsCRM
from crm.admin.rule_form import PREFIX, RuleForm, form_of, templates_in
from crm.models import Assignment, CRMObject, FormValue
from crm.templates.palette import PALETTE
from crm.vocabulary import Direction, Flow, Kind, Status
from maker.admin import MakerAdmin
from users.actor import actor

CONDITIONS = ("flows", "directions", "card_objects", "statuses", "kinds", "queues", "min_duration", "max_duration")
SHOWN_CONDITIONS = ("shown_conditions", "card_objects", "min_duration", "max_duration")
"""For those who may not change them."""


@admin.register(Assignment)
class AssignmentAdmin(FollowsCRM, MakerAdmin):
    """Reached from the page of the CRM; a new rule is `add/?target=<object>`."""

    list_display = ("name", "shown_crm", "target", "shown_conditions", "is_active")
    list_select_related = ("target__crm",)
    list_filter = ("is_active", "target__crm")
    search_fields = ("name", "target__crm__name", "target__crm__reference")
    change_form_template = "crm/assignment_form.html"
    show_add_link = False  # it would not know for which object

    @display(description=_("CRM"), ordering="target__crm__name")
    def shown_crm(self, rule: Assignment) -> str:
        return rule.target.crm.name

    @display(description=_("conditions"))
    def shown_conditions(self, rule: Assignment) -> str:
        parts = [
            *_labels(Flow, rule.flows), *_labels(Direction, rule.directions), *_labels(Status, rule.statuses),
            *_labels(Kind, rule.kinds), *rule.queues,
        ]  # fmt: skip
        return ", ".join(parts) or str(_("every interaction"))

    @display(description=_("form"))
    def shown_form(self, rule: Assignment) -> str:
        lines = ((value.field.name, value.template) for value in rule.values.select_related("field"))
        return format_html_join("", "<p>{}: <code>{}</code></p>", lines)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("preview/<int:target_id>/", view, name="crm_assignment_preview"), *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=form_of(_target(request, obj)), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        target = _target(request, obj)
        conditions: tuple[str, ...] = CONDITIONS
        lines: tuple[str, ...] = tuple(PREFIX + field.api_name for field in target.fields.all())
        if not self.has_change_permission(request, obj):
            conditions, lines = SHOWN_CONDITIONS, ("shown_form",)
        return (
            (None, {"fields": ("name", "is_active")}),
            (
                _("Conditions"),
                {"fields": conditions, "description": _("An empty condition matches all.")},
            ),
            (_("Form: what is written into %(object)s") % {"object": target}, {"fields": lines}),
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not CRMObject.objects.filter(pk=primary_key(request.GET.get("target"))).exists():
            messages.warning(request, _("Choose the object on the page of its CRM, then add the rule there."))
            return HttpResponseRedirect(reverse("admin:crm_crm_changelist"))
        response: HttpResponse = super().add_view(request, form_url, extra_context)
        return response

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        rule = self.get_object(request, object_id) if object_id else None
        if object_id and rule is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        target = _target(request, rule)
        context = {
            "target": target,
            "palette": PALETTE,
            "samples": preview.samples(target.crm, actor(request)),
            "show_save_and_add_another": False,
        }
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Assignment, form: ModelForm[Assignment], change: bool) -> None:
        assert isinstance(form, RuleForm)  # noqa: S101  # what get_form gave
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            _save_lines(obj, form.templates())

    def response_add(self, request: HttpRequest, obj: Assignment, post_url_continue: Any = None) -> HttpResponse:
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        _warn(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Assignment) -> HttpResponse:
        response: HttpResponse = super().response_change(request, obj)
        _warn(request, obj)
        return response

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:crm_crm_change", args=[obj.target.crm_id]))

    response_post_save_change = response_post_save_add

    def preview_view(self, request: HttpRequest, target_id: int) -> HttpResponse:
        """What the form as it stands would write. By POST, since forms can be long; nothing is changed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise Http404
        target = get_object_or_404(CRMObject, pk=target_id)
        offered = preview.samples(target.crm, actor(request))
        chosen = next((one for one in offered if one.key == request.POST.get("sample")), offered[0])
        lines = preview.lines(target, _templates(request, target), chosen)
        return TemplateResponse(request, "crm/preview.html", {"lines": lines, "sample": chosen})


def _target(request: HttpRequest, rule: Assignment | None) -> CRMObject:
    if rule is not None:
        return rule.target
    return get_object_or_404(CRMObject, pk=primary_key(request.GET.get("target")))


def _templates(request: HttpRequest, target: CRMObject) -> dict[int, str]:
    if not any(name.startswith(PREFIX) for name in request.POST):
        rule = target.assignments.filter(pk=primary_key(request.POST.get("rule"))).first()
        if rule:
            return _kept(rule)
    return templates_in(target, request.POST)


def _kept(rule: Assignment) -> dict[int, str]:
    return {value.field_id: value.template for value in rule.values.all()}


def _warn(request: HttpRequest, rule: Assignment) -> None:
    """Warn of what the example would be refused for; the rule is saved, as real interactions may hold other values."""
    lines = preview.lines(rule.target, _kept(rule), preview.example(rule.target.crm))
    troubles = [f"{line.name}: {line.problem or line.hint}" for line in lines if line.problem or line.hint]
    if troubles:
        text = _("The rule is saved, but look at its preview before you rely on it. %(troubles)s")
        messages.warning(request, text % {"troubles": " ".join(troubles)})


def _labels(words: Any, values: list[str]) -> list[str]:
    return [str(words(value).label) for value in values if value in words.values]


def _save_lines(rule: Assignment, templates: dict[int, str]) -> None:
    before = _kept(rule)
    for field_id, template in templates.items():
        if before.get(field_id) != template:
            FormValue.objects.update_or_create(assignment=rule, field_id=field_id, defaults={"template": template})
