from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from crm.vocabulary import FINISHED
from interactions.models import CardChoice, Delivery, Interaction
from users.models import User

FORGOTTEN = timedelta(hours=12)
"""After this, an interaction whose end was never reported no longer counts as under way."""


def under_way(agent: User) -> QuerySet[Interaction]:
    return _of(agent).filter(_under_way())


def recent(agent: User) -> QuerySet[Interaction]:
    """All the others, newest first: an hour later one may still wait for the agent's choice of card."""
    return _of(agent).exclude(_under_way())


def load_writing(interactions: Sequence[Interaction], crm_ids: Collection[int]) -> None:
    """`seen_deliveries` and `seen_choices`, of the given CRMs only: an agent sees what the profile grants."""
    deliveries = Delivery.objects.filter(assignment__target__crm__in=crm_ids)
    deliveries = deliveries.select_related("assignment__target__crm").order_by("pk")
    choices = CardChoice.objects.filter(crm__in=crm_ids).order_by("pk")
    prefetch_related_objects(
        interactions,
        Prefetch("deliveries", deliveries, to_attr="seen_deliveries"),
        Prefetch("choices", choices, to_attr="seen_choices"),
    )


def _of(agent: User) -> QuerySet[Interaction]:
    return Interaction.objects.filter(agent=agent).select_related("agent").defer("extra")


def _under_way() -> Q:
    return ~Q(status__in=FINISHED) & Q(created_at__gte=timezone.now() - FORGOTTEN)
