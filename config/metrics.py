"""Figures for Prometheus, asked for at each scrape, so that every process reports the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from authmethods import agreement
from authmethods.models import AuthenticationMethod, Status
from config import database, outage
from config.broker import junk_dropped
from config.health import holds, redis_answers
from interactions.models import Delivery, DeliveryState
from interactions.queue import stalled

UNSETTLED = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN)


class StateCollector(Collector):
    def describe(self) -> Iterable[Metric]:
        """Nothing in advance: registering must not query the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        stored: list[Metric] = []
        with outage.told_once():
            stored += _stored()
        yield from stored
        text = "1 while the database can be read and written, and has its tables."
        yield GaugeMetricFamily("deskline_database_up", text, value=float(holds(database.is_usable)))
        text = "1 while Redis answers. While it is 0, beat delivers by itself, slowly, one after the other."
        yield GaugeMetricFamily("deskline_redis_up", text, value=float(holds(redis_answers)))
        text = "Messages of the queue that Deskline did not write, and dropped, since Redis was emptied."
        yield CounterMetricFamily("deskline_queue_junk", text, value=_junk())


def _stored() -> Iterator[Metric]:
    deliveries = GaugeMetricFamily("deskline_deliveries", "Deliveries by state.", labels=["state"])
    counts = dict(Delivery.objects.order_by().values_list("state").annotate(Count("id")))
    for state in DeliveryState.values:
        deliveries.add_metric([state], counts.get(state, 0))
    yield deliveries
    oldest = Delivery.objects.filter(state__in=UNSETTLED).aggregate(at=Min("created_at"))["at"]
    age = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    yield GaugeMetricFamily("deskline_oldest_unsettled_seconds", "Age of the oldest delivery under way.", value=age)
    methods = GaugeMetricFamily("deskline_methods", "Authentication methods by status.", labels=["status"])
    known = list(AuthenticationMethod.objects.order_by("pk").only("pk", "name", "status"))
    statuses = Counter(method.status for method in known)
    for status in Status.values:
        methods.add_metric([status], statuses[status])
    yield methods
    yield from _connections(known)
    yield from _processes()


def _connections(known: Iterable[AuthenticationMethod]) -> Iterator[Metric]:
    """Each by its number and its name: whoever holds the token may know it, and nothing else of it is told."""
    labels = ["method", "name"]
    text = "1 where something is due and no worker began anything for 30 s."
    stopped = GaugeMetricFamily("deskline_connection_stalled", text, labels=labels)
    text = "For how long the delivery that has waited longest is due."
    due = GaugeMetricFamily("deskline_connection_due_seconds", text, labels=labels)
    names, waiting = stalled.connections(), stalled.due_seconds()
    for method_id, name in [(None, ""), *((method.pk, method.name) for method in known)]:
        place = [str(method_id or "local"), name]
        stopped.add_metric(place, method_id in names)
        due.add_metric(place, waiting.get(method_id, 0.0))
    yield from (stopped, due)


def _processes() -> Iterator[Metric]:
    text = "1 where a running process cannot open some of the stored credentials with its FERNET_KEYS."
    closed = GaugeMetricFamily("deskline_process_without_keys", text, labels=["process"])
    for one in agreement.live():
        closed.add_metric([one.name], bool(one.unreadable))
    yield closed


def _junk() -> float:
    try:
        return float(junk_dropped())
    except Exception:  # noqa: BLE001 - whatever a driver raises, nobody knows
        return 0.0


REGISTRY.register(StateCollector())


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For holders of METRICS_TOKEN alone. Loopback is not enough: behind a proxy on this machine, everybody is."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse("Send Authorization: Bearer with METRICS_TOKEN.\n", status=401, content_type="text/plain")
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
