from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from authmethods.models import AuthenticationMethod
from crm.models import Assignment
from interactions.models.interaction import Interaction


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


class DeliveryRows(models.QuerySet["Delivery"]):
    """Deliveries, whose state changes in `interactions.queue.states` alone."""

    def update(self, **changes: Any) -> int:
        if "state" in changes:
            raise StateIsNotYours
        return super().update(**changes)

    def move(self, *, state: Any, **changes: Any) -> int:
        return super().update(state=state, **changes)


class StateIsNotYours(TypeError):
    def __init__(self) -> None:
        super().__init__("A delivery changes its state by a transition of interactions.queue.states.")


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
    reason_code = models.CharField(max_length=60, blank=True, db_default="")
    reason_values = models.JSONField(default=dict, blank=True, db_default={})
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
    portal = models.CharField(max_length=210, blank=True)
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
    alone = models.BooleanField(default=False, db_default=False)
    """Its last worker did not survive it or its batch: it is tried with nothing beside it, so that it ends nobody."""
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)

    objects = DeliveryRows.as_manager()

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
            models.Index(fields=["reason_code"], name="delivery_reason", condition=~models.Q(reason_code="")),
            models.Index(fields=["lease_expires_at"], name="delivery_lease", condition=models.Q(state="sending")),
        ]
        permissions = [
            ("replay_delivery", _("Can replay deliveries")),
            ("discard_delivery", _("Can discard deliveries")),
        ]

    def __str__(self) -> str:
        return self.marker

    def save(self, *args: Any, **named: Any) -> None:
        if not self._state.adding and "state" in (named.get("update_fields") or ("state",)):
            raise StateIsNotYours
        super().save(*args, **named)

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
    message_code = models.CharField(max_length=60, blank=True, db_default="")
    message_values = models.JSONField(default=dict, blank=True, db_default={})

    class Meta:
        default_permissions = ()  # who may see a delivery may see what was tried
        ordering = ["id"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [models.Index(fields=["started_at"], name="attempt_started")]
