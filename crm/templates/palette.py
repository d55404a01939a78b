from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROOTS = ("interaction", "card", "user", "crm")

PALETTE: tuple[tuple[str | Promise, tuple[tuple[str, str | Promise], ...]], ...] = (
    (
        _("Interaction"),
        (
            ("interaction.reference", _("Reference")),
            ("interaction.flow", _("Flow")),
            ("interaction.channel", _("Channel")),
            ("interaction.direction", _("Direction")),
            ("interaction.status", _("Status")),
            ("interaction.kind", _("Kind, where nobody talked")),
            ("interaction.customer_phone", _("Customer's phone")),
            ("interaction.customer_email", _("Customer's e-mail")),
            ("interaction.customer_name", _("Customer's name")),
            ("interaction.queue", _("Queue")),
            ("interaction.subject", _("Subject")),
            ("interaction.started_at|date.utc", _("Started at")),
            ("interaction.answered_at|date.utc", _("Answered at")),
            ("interaction.ended_at|date.utc", _("Ended at")),
            ("interaction.duration", _("Duration (seconds)")),
            ("interaction.waiting_seconds", _("Waiting (seconds)")),
            ("interaction.processing_seconds", _("Processing (seconds)")),
            ("interaction.post_interaction_seconds", _("Post-interaction (seconds)")),
            ("interaction.recording_url", _("Recording")),
            ("interaction.qualification", _("Qualification")),
        ),
    ),
    (
        _("Card"),
        (
            ("card.id", _("Id")),
            ("card.title", _("Title")),
            ("card.object", _("Object")),
            ("card.url", _("Link")),
        ),
    ),
    (_("User"), (("user.email", _("E-mail")), ("user.name", _("Name")))),
    (
        _("CRM"),
        (
            ("crm.department_id", _("Department")),
            ("crm.name", _("Name")),
            ("crm.reference", _("Reference")),
        ),
    ),
)
