"""What happened in the contact centre, and the promise to write each of it exactly once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from authmethods.models import AuthenticationMethod
from crm.models import CRM, Assignment
from crm.vocabulary import FINISHED, Direction, Flow, Status


class ApiKey(models.Model):
    """Lets a source post interactions. Only a digest is kept; the source outlives the key, so keys can be changed."""

    name = models.CharField(_("name"), max_length=100)
    source = models.SlugField(
        _("source"),
        max_length=60,
        help_text=_(
            "A short name for the system that posts with this key, like “pbx-paris”: letters, digits, - and _. It "
            "tells its interactions from those of other systems, so keep it when you make a new key for the same one."
        ),
    )
    prefix = models.CharField(_("begins with"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return self.name


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
    """What stays of an interaction that was deleted: enough to tell why it is nowhere, and to never write it again.

    Nothing of the customer stays.
    """

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


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Pending")
    SENDING = "sending", _("Sending")
    UNKNOWN = "unknown", _("Outcome unknown")
    DELIVERED = "delivered", _("Delivered")
    WAITING = "waiting", _("Waiting for a card")
    HELD = "held", _("Held")
    SKIPPED = "skipped", _("Skipped by rule")
    DISCARDED = "discarded", _("Discarded")
    DEAD = "dead", _("Given up")


class Delivery(models.Model):
    """One interaction to be written by one rule: the row is the promise, which any worker may keep."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="deliveries")
    assignment = models.ForeignKey(
        Assignment, verbose_name=_("rule"), null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    method = models.ForeignKey(
        AuthenticationMethod,
        verbose_name=_("authentication method"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
    )
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    error_kind = models.CharField(_("kind of error"), max_length=20, blank=True)
    error_code = models.CharField(_("vendor's code"), max_length=60, blank=True)
    error_fields = models.JSONField(default=dict, blank=True)
    attempts_made = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    """Those that count towards giving up, since it was promised, delivered or replayed."""
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)
    lease_expires_at = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    """Grows with each claim: a result is kept only if the claim that made it still holds."""
    write_began_at = models.DateTimeField(null=True)
    """Set before the create is sent. While it is set and no remote id is known, look before writing again."""
    portal = models.CharField(max_length=40, blank=True)
    """Where the create was sent (`portal.of`): what a method or a CRM leads to can change afterwards."""
    sent_values = models.JSONField(default=dict, blank=True)
    """What the record was given, by API name: a later change sends the difference only."""
    looks_made = models.PositiveSmallIntegerField(default=0)
    marker = models.CharField(_("marker"), max_length=20, unique=True)
    card_object = models.CharField(_("object of the card"), max_length=60, blank=True)
    card_id = models.CharField(_("card"), max_length=40, blank=True)
    remote_id = models.CharField(_("record id"), max_length=40, blank=True, db_index=True)
    remote_url = models.CharField(_("record"), max_length=500, blank=True)
    sent_version = models.PositiveIntegerField(default=0)
    """The interaction's version in `sent_values`; set before the create is sent, so that a found record has it too."""
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        default_permissions = ("view",)  # the engine writes them
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["interaction", "assignment"], name="one_delivery_per_rule")]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
            models.Index(fields=["state", "-created_at", "-id"], name="delivery_state"),
            models.Index(fields=["delivered_at"], name="delivery_delivered"),
            # For claims. A condition that SQLite recognises in the query, and the id, so that nothing is left to sort
            # even when a hundred thousand fall due at the same moment, as after a reconnection.
            models.Index(
                fields=["method", "next_attempt_at", "id"],
                name="delivery_next",
                condition=models.Q(next_attempt_at__isnull=False),
            ),
            models.Index(fields=["lease_expires_at"], name="delivery_lease", condition=models.Q(state="sending")),
        ]
        permissions = [
            ("replay_delivery", _("Can replay deliveries")),
            ("discard_delivery", _("Can discard deliveries")),
        ]

    def __str__(self) -> str:
        return self.marker

    @property
    def may_exist(self) -> bool:
        """Whether a create went out whose outcome nobody saw."""
        return self.write_began_at is not None and not self.remote_id


class Attempt(models.Model):
    """One try, written before the request goes out and closed after it."""

    class Kind(models.TextChoices):
        CREATE = "create", _("Create")
        UPDATE = "update", _("Update")
        LOOK = "look", _("Look")
        PREPARE = "prepare", _("Find the card, fill the form")

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    kind = models.CharField(_("step"), max_length=8, choices=Kind.choices)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    """By the database's clock where the engine writes it: times are compared with each other."""
    by_fallback = models.BooleanField(_("begun by beat in the workers' place"), default=False)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=20, default="sending")
    """`sending` while it is out; `delivered`, `found`, `absent`, `interrupted`, or the kind of the error."""
    status = models.PositiveSmallIntegerField(_("HTTP status"), default=0)
    code = models.CharField(_("vendor's code"), max_length=60, blank=True)
    message = models.CharField(_("message"), max_length=500, blank=True)

    class Meta:
        default_permissions = ()  # who may see a delivery may see what was tried
        ordering = ["id"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [models.Index(fields=["started_at"], name="attempt_started")]
