"""A million deliveries: how long the Maker's lists, its first page, a search and `/metrics` take."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from authmethods.models import AuthenticationMethod
from benchmarks.figure import Figure
from benchmarks.stand import history, traffic
from benchmarks.stand.installation import Installation
from crm.models import Assignment
from users.models import User

ROWS, TIMES = 1_000_000, 5
DELIVERIES, INTERACTIONS = "/maker/interactions/delivery/", "/maker/interactions/interaction/"


def measure(installation: Installation) -> Iterator[Figure]:
    traffic.post(1, "copied")
    with installation.worker():
        traffic.deliver("copied", 60.0)
    history.copied(ROWS)
    call_command("collectstatic", verbosity=0, interactive=False)
    idle = AuthenticationMethod.objects.create(name="Idle", client_id="idle")
    client = Client()
    client.force_login(User.objects.filter(is_superuser=True)[0])
    rule = Assignment.objects.get(target__crm=installation.crm)
    pages = {
        "Deliveries": DELIVERIES,
        "Deliveries, page 20": f"{DELIVERIES}?p=20",
        "given up": f"{DELIVERIES}?state__exact=dead",
        "one reason": f"{DELIVERIES}?reason=delivery.form",
        "delivered": f"{DELIVERIES}?state__exact=delivered",
        "of one connection": f"{DELIVERIES}?method__id__exact={installation.crm.method_id}",
        "of a connection that has none": f"{DELIVERIES}?method__id__exact={idle.pk}",
        "given up, of a connection that has none": f"{DELIVERIES}?state__exact=dead&method__id__exact={idle.pk}",
        "of one rule": f"{DELIVERIES}?assignment__id__exact={rule.pk}",
        "a number": f"{DELIVERIES}?q=%2B33610500000",
        "the id of a record": f"{DELIVERIES}?q=9500000",
        "nothing is found": f"{DELIVERIES}?q=nobody",
        "by reference, ordered": f"{DELIVERIES}?o=1",
        "Interactions": INTERACTIONS,
        "Interactions, missed ones": f"{INTERACTIONS}?status__exact=missed",
        "the first page": "/maker/",
    }
    for what, address in pages.items():
        yield Figure(what, _milliseconds(client, address), "ms", 150)
    settings.METRICS_TOKEN = "measured"
    scraper = Client(headers={"Authorization": "Bearer measured"})
    yield Figure("/metrics", _milliseconds(scraper, "/metrics"), "ms", 100)


def _milliseconds(client: Client, address: str) -> float:
    """The median of some times, after one to warm up."""
    taken = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        answer = client.get(address)
        taken.append(time.perf_counter() - began)
        assert answer.status_code == 200, (address, answer)
    return traffic.percentile(taken[1:], 0.5) * 1e3
