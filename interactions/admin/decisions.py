from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from interactions.actions import discard, replay
from interactions.models import Delivery
from maker.rows import Dialog, Refused, Text
from users.models import User


class DeliveryDialog(Dialog[Delivery]):
    """A dialog that leads back to the delivery's page when it was opened there."""

    def back(self) -> str | None:
        own = reverse("admin:interactions_delivery_change", args=[self.obj.pk])
        came_from = self.request.htmx.current_url_abs_path if self.request.htmx else None  # type: ignore[attr-defined]
        return own if came_from == own else None


class Replay(DeliveryDialog):
    name = "replay"
    title = _("Replay")
    icon = "replay"
    permissions: ClassVar[tuple[str, ...]] = ("view", replay.PERMISSION)
    submit = _("Replay")

    def text(self) -> Text:
        if replay.asks_a_person(self.obj):
            return _(
                "The record may have been written, and cannot be looked for from here. See at the vendor whether it is "
                "there. Replay only if it is not: it is written again. If it is there, discard the delivery."
            )
        if self.obj.may_exist:
            return _(
                "The record may have been written. It is looked for first; only if it is not there, it is written."
            )
        if self.obj.remote_id:
            return _("The record exists already. What changed since is sent as an update; no second record is made.")
        return _("It is tried again now, with the rule and the form as they are today.")

    def offered(self) -> bool:
        return replay.may_replay(self.obj)

    def perform(self, form: Form) -> str | None:
        by: User = self.request.user  # type: ignore[assignment]
        own = Delivery.objects.filter(pk=self.obj.pk)
        if not (replay.write_again(self.obj, by) if replay.asks_a_person(self.obj) else replay.replay(own, by)):
            raise Refused(_("It is delivered, held or being sent now, so there is nothing to replay."))
        self.say(_("The delivery is tried again now."))
        return self.back()


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=discard.LONGEST_REASON,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("It is shown with the delivery, beside your name."),
    )


class Discard(DeliveryDialog):
    name = "discard"
    title = _("Discard")
    icon = "do_not_disturb_on"
    permissions: ClassVar[tuple[str, ...]] = ("view", discard.PERMISSION)
    submit = _("Discard")
    danger = True
    form_class = ReasonForm

    def text(self) -> Text:
        if self.obj.remote_id:
            return _("The record stays as it is; what changed since is not sent. A replay sends it after all.")
        if self.obj.may_exist:
            return _("The record may have been written already: look for it first. Discarded, it is not looked for.")
        return _("The interaction stays here and no record is written. A replay writes it after all.")

    def offered(self) -> bool:
        return discard.may_discard(self.obj)

    def perform(self, form: Any) -> str | None:
        if not discard.discard(self.obj, form.cleaned_data["reason"], self.request.user):  # type: ignore[arg-type]
            raise Refused(_("It is delivered or under way, so there is nothing to discard."))
        self.say(_("The delivery was discarded."))
        return self.back()
