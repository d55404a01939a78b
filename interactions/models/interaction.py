from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models import CRM
from crm.vocabulary import FINISHED, Direction, Flow, Kind, Status


class Channel(models.TextChoices):
    """The service through which a message came."""

    CHAT = "chat", _("Chat")
    WHATSAPP = "whatsapp", _("WhatsApp")
    MESSENGER = "messenger", _("Messenger")
    TELEGRAM = "telegram", _("Telegram")
    SMS = "sms", _("SMS")


class Interaction(models.Model):
    """A call, an e-mail or a chat as its source reported it. Times are UTC, durations whole seconds."""

    source = models.CharField(_("source"), max_length=60)
    reference = models.CharField(_("reference"), max_length=200, db_index=True)
    flow = models.CharField(_("flow"), max_length=10, choices=Flow.choices)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, blank=True)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.COMPLETED)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True, db_default="")
    customer_phone = models.CharField(_("customer's phone"), max_length=50, blank=True, db_index=True)
    customer_email = models.CharField(_("customer's e-mail"), max_length=254, blank=True)
    customer_name = models.CharField(_("customer's name"), max_length=200, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agent"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interactions",
    )
    agent_email = models.CharField(_("agent's e-mail"), max_length=254, blank=True)
    """As the source gave it: kept even when nobody here has it."""
    queue = models.CharField(_("queue"), max_length=100, blank=True)
    started_at = models.DateTimeField(_("started at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    waiting_seconds = models.PositiveIntegerField(_("waiting (seconds)"), null=True, blank=True)
    processing_seconds = models.PositiveIntegerField(_("processing (seconds)"), null=True, blank=True)
    post_interaction_seconds = models.PositiveIntegerField(_("post-interaction (seconds)"), null=True, blank=True)
    recording_url = models.CharField(_("recording"), max_length=2500, blank=True)
    qualification = models.CharField(_("qualification"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    extra = models.JSONField(_("extra data"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    """Grows with each change, so that a delivery knows whether what it sent is still true."""
    created_at = models.DateTimeField(_("received at"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        default_permissions = ("view", "delete")  # sources write them
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        constraints = [models.UniqueConstraint(fields=["source", "reference"], name="one_interaction_per_reference")]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="interaction_newest"),
            models.Index(fields=["agent", "-created_at"], name="interaction_of_agent"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED

    @property
    def duration(self) -> int:
        """Whole seconds of conversation: as the source counted them, else from the answer to the end, else 0."""
        if self.processing_seconds is not None:
            return self.processing_seconds
        began = self.answered_at or (self.started_at if self.status == Status.COMPLETED else None)
        return max(0, int((self.ended_at - began).total_seconds())) if began and self.ended_at else 0


class DeletedInteraction(models.Model):
    """Enough to tell why it is nowhere, and to never write it again. Nothing of the customer stays."""

    source = models.CharField(_("source"), max_length=60)
    reference = models.CharField(_("reference"), max_length=200, db_index=True)
    interaction_id = models.BigIntegerField(db_index=True)
    """Its id, by which its source may ask for it."""
    version = models.PositiveIntegerField(default=1)
    deliveries = models.JSONField(_("deliveries"), default=dict)
    """How many there were in each state."""
    deleted_by = models.CharField(_("deleted by"), max_length=254, blank=True)
    """The username, which outlives the user; empty when no person did it (a command)."""
    deleted_at = models.DateTimeField(_("deleted at"), auto_now_add=True)

    class Meta:
        ordering = ["-deleted_at", "-id"]
        default_permissions = ()  # who may see interactions may see which were deleted
        verbose_name = _("deleted interaction")
        verbose_name_plural = _("deleted interactions")
        constraints = [models.UniqueConstraint(fields=["source", "reference"], name="one_deletion_per_reference")]
        indexes = [models.Index(fields=["-deleted_at", "-id"], name="deletion_newest")]

    def __str__(self) -> str:
        return self.reference


class CardChoice(models.Model):
    """The card that an agent picked for an interaction in a CRM: it wins over what a search finds."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="choices")
    crm = models.ForeignKey(CRM, on_delete=models.CASCADE, related_name="+")
    card_object = models.CharField(max_length=60)
    card_id = models.CharField(max_length=40)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    chosen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["interaction", "crm"], name="one_choice_per_crm")]


class OpenForm(models.Model):
    """An agent has the form of a new card open for an interaction; see `interactions.open_forms`."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="open_forms")
    crm = models.ForeignKey(CRM, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=40)
    """The form that was renewed last: a second tab has another."""
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["interaction", "crm", "agent"], name="one_open_form_per_agent")]
