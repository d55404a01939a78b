from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class KnownCard(models.Model):
    """Kept because the vendor's search shows a new card only after minutes. Without `card_id` it is a claim; who
    takes one over looks for `marker` first if `write_began_at` is set.
    """

    object = models.ForeignKey("crm.CRMObject", on_delete=models.CASCADE, related_name="known_cards")
    customer = models.CharField(max_length=260)
    """`phone:+33612345678` or `email:someone@example.com`, see `crm.identity`; or a form, see `claims.of_form`."""
    card_id = models.CharField(max_length=40, blank=True)
    marker = models.CharField(max_length=20, blank=True, db_index=True)
    claimed_by = models.CharField(max_length=40, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    write_began_at = models.DateTimeField(null=True)
    sent_values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    """What the create under way was given: by this a lost one is recognised, whatever the next to come would write."""
    searched_at = models.DateTimeField(null=True)
    """When a search last showed nobody but this card."""

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["object", "customer"], name="one_card_per_customer")]


class RememberedCard(models.Model):
    """The card to which an interaction of the customer was last assigned; it adds to what a search finds."""

    object = models.ForeignKey("crm.CRMObject", on_delete=models.CASCADE, related_name="remembered_cards")
    customer = models.CharField(max_length=260)
    """As in `KnownCard`."""
    card_id = models.CharField(max_length=40)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["object", "customer"], name="one_remembered_card_per_customer")]
