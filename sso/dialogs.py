from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin.utils import quote
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maker import history
from maker.rows import Dialog
from sso.models import PinnedIdentity, SSOConnector
from users.models import User


class CopyLoginURL(Dialog[SSOConnector]):
    name = "login-url"
    title = _("Copy SSO login URL")
    icon = "link"
    template = "sso/login_url.html"
    wide = True


class Unpin(Dialog[User]):
    name = "unpin"
    title = _("Unpin identity")
    icon = "person_off"
    permissions: ClassVar[tuple[str, ...]] = ("change", "sso.unpin_identity")
    template = "sso/unpin.html"
    submit = _("Unpin")
    danger = True

    def offered(self) -> bool:
        return PinnedIdentity.objects.filter(user=self.obj).exists()

    def context(self) -> dict[str, Any]:
        return {"identity": PinnedIdentity.objects.filter(user=self.obj).first()}

    def perform(self, form: Form) -> str:
        for identity in PinnedIdentity.objects.filter(user=self.obj):
            history.note(self.obj, str(_("pinned identity")), str(identity), "")
            identity.delete()
        self.say(_("The next sign-in of this user counts as their first."))
        return reverse("admin:users_user_change", args=[quote(self.obj.pk)])


def unpin_url(user: User) -> str:
    return reverse("admin:users_user_unpin", args=[quote(user.pk)])
