from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import unapplied
from crm.models import CRM, Assignment, CRMField, ProfileAccess
from maker.home import Card, Step, register, register_step


@register
def patterns_that_are_not_applied(request: HttpRequest) -> Card | None:
    if not request.user.has_perm("crm.view_crm"):
        return None
    found = unapplied.among(CRMField.objects.all())
    if not found:
        return None
    return Card(_("Patterns that are not applied"), "crm/unapplied_card.html", {"unapplied": found}, order=5, wide=True)


@register_step
def connected(request: HttpRequest) -> Step | None:
    if not request.user.has_perm("crm.add_crm"):
        return None
    return Step(
        label=_("Create the CRM"),
        help=_("Type Integration; then add the recommended objects, choose the department and the profiles."),
        url=reverse("admin:crm_crm_changelist"),
        done=ProfileAccess.objects.exists(),
        order=40,
    )


@register_step
def assigned(request: HttpRequest) -> Step | None:
    if not request.user.has_perm("crm.change_crm"):
        return None
    return Step(
        label=_("Assign interactions"),
        help=_("On the page of the CRM, say which interactions are written into its calls, and how."),
        url=_page_of_the_crm(),
        done=Assignment.objects.exists(),
        order=50,
    )


def _page_of_the_crm() -> str:
    crms = list(CRM.objects.values_list("pk", flat=True)[:2])
    if len(crms) == 1:
        return reverse("admin:crm_crm_change", args=crms)
    return reverse("admin:crm_crm_changelist")
