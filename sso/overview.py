from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from maker.home import Step, register_step
from sso.models import Association


@register_step
def single_sign_on(request: HttpRequest) -> Step | None:
    if not request.user.has_perm("sso.add_ssoconnector"):
        return None
    return Step(
        label=_("Set up Single Sign-On"),
        help=_("Create an SSO connector, add it in the card of each user, and send them its login URL."),
        url=reverse("admin:sso_ssoconnector_changelist"),
        done=Association.objects.exists(),
        order=30,
    )
