from __future__ import annotations

from django.db.models import Q, QuerySet

from crm import identity
from interactions.models import Interaction

MOST = 1_000


def interactions(term: str) -> QuerySet[Interaction]:
    """Those whose reference or number begins so; a national number finds its international spelling too."""
    condition = Q(reference__startswith=term) | Q(customer_phone__startswith=term)
    if spelling := identity.international(term):
        condition |= Q(customer_phone=spelling)
    return Interaction.objects.filter(condition)


def ids(term: str) -> list[int]:
    return list(interactions(term).order_by("-pk").values_list("pk", flat=True)[:MOST])
