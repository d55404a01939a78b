"""It never makes a second record: what may be written is looked for first, what is written is updated."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from integrations import registry
from interactions.models import Delivery
from interactions.queue import states, wakeup
from maker import history
from users.models import User

PERMISSION = "interactions.replay_delivery"
REPLAYABLE = states.Transition.REPLAY.sources
"""What is given up or set aside is taken up again; what waits for its next try is tried now."""
BATCH = 500


def may_replay(delivery: Delivery) -> bool:
    """Whether a replay would do anything: what is delivered, held or being sent needs none."""
    return delivery.state in REPLAYABLE and delivery.assignment_id is not None


def replay(deliveries: QuerySet[Delivery], by: User) -> int:
    """As if for the first time; how many. Raises PermissionDenied."""
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    taken = deliveries.filter(state__in=REPLAYABLE, assignment__isnull=False).exclude(_unseen())
    ids = list(taken.values_list("pk", flat=True))
    done = sum(_again(ids[start : start + BATCH], by) for start in range(0, len(ids), BATCH))
    methods = deliveries.filter(pk__in=ids[:BATCH]).order_by().values_list("method_id", flat=True).distinct()
    wakeup.notify_on_commit(methods)
    return done


def asks_a_person(delivery: Delivery) -> bool:
    """Whether it may have been written where Deskline cannot look: then somebody has to see that it was not."""
    return Delivery.objects.filter(_unseen(), pk=delivery.pk).exists()


def write_again(delivery: Delivery, by: User) -> int:
    """Replay one of which this person has seen at its vendor that it was not written. Raises PermissionDenied."""
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    with transaction.atomic():
        seen = Delivery.objects.filter(_unseen(), pk=delivery.pk)
        if not states.seen_absent(seen, now=clock.now()):
            return 0
        history.note(delivery, "state", str(delivery.get_state_display()), str(_("Seen absent, and replayed")))
    wakeup.notify_on_commit([delivery.method_id])
    return 1


def _unseen() -> Q:
    blind = [
        key for key in registry.INTEGRATIONS if not (registry.get(key).look_up or registry.get(key).writer.once_only)
    ]
    return states.MAY_EXIST & Q(method__integration__in=blind)


@transaction.atomic
def _again(ids: list[int], by: User) -> int:
    # A worker may have taken one up since: then the state is another, and it is left alone.
    rows = Delivery.objects.select_for_update().filter(pk__in=ids, state__in=REPLAYABLE).order_by("pk")
    taken = list(rows.only("pk", "marker", "state"))
    states.replay(Delivery.objects.filter(pk__in=[delivery.pk for delivery in taken]), now=clock.now())
    before = ((delivery, str(delivery.get_state_display())) for delivery in taken)
    history.note_each(before, "state", str(_("Replayed")), by)
    return len(taken)
