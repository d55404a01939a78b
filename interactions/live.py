"""What an agent sees of the interactions of the moment."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from crm.models import CRM
from crm.vocabulary import FINISHED
from interactions.models import CardChoice, Delivery, Interaction
from users.models import User

RECENT = timedelta(minutes=30)
"""How long a finished interaction stays in sight."""
FORGOTTEN = timedelta(hours=12)
"""An interaction that its source never ended is not of the moment for ever."""
MOST = 20


def of_agent(agent: User, crms: QuerySet[CRM], *, most: int = MOST) -> list[Interaction]:
    """The agent's interactions under way and those just ended, newest first.

    Each with `seen_deliveries` and `seen_choices`: those of the given CRMs only, since an agent sees nothing that his
    profile does not grant.
    """
    deliveries = Delivery.objects.filter(assignment__target__crm__in=crms).select_related("assignment__target__crm")
    return list(
        _of_the_moment(agent)
        .select_related("agent")
        .prefetch_related(
            Prefetch("deliveries", deliveries.order_by("pk"), to_attr="seen_deliveries"),
            Prefetch("choices", CardChoice.objects.filter(crm__in=crms), to_attr="seen_choices"),
        )
        .order_by("-started_at", "-pk")[:most]
    )


def fingerprint(agent: User) -> str:
    """Changes whenever what `of_agent` shows changes; two short queries, to be asked every second or so."""
    rows = list(_of_the_moment(agent).values_list("pk", "version", "status").order_by("-started_at", "-pk")[:MOST])
    states = Delivery.objects.filter(interaction__in=[row[0] for row in rows])
    told = list(states.values_list("pk", "state", "remote_id", "sent_version").order_by("pk"))
    return sha256(repr((rows, told)).encode()).hexdigest()[:16]


def _of_the_moment(agent: User) -> QuerySet[Interaction]:
    now = timezone.now()
    just_ended = Q(status__in=FINISHED) & (Q(ended_at__gte=now - RECENT) | Q(created_at__gte=now - RECENT))
    under_way = ~Q(status__in=FINISHED) & Q(created_at__gte=now - FORGOTTEN)
    return Interaction.objects.filter(just_ended | under_way, agent=agent)
