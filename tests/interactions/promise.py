"""What the promise is judged by: interactions go in, and the stand-in's records tell what came of them."""

from __future__ import annotations

import re
from collections import Counter

from authmethods import tokens
from authmethods.models import AuthenticationMethod
from crm import preset
from crm.models import CRM
from interactions import accept
from interactions.models import Delivery, DeliveryState
from tests.interactions.steps import told


def make_crm(method: AuthenticationMethod, reference: str) -> CRM:
    department = method.vendor.departments(tokens.connect(method))[0].value
    crm = CRM.objects.create(name=reference, reference=reference, method=method, department_id=department)
    preset.add_recommended(crm)
    preset.recommended_assignment(crm.crm_objects.get(is_card=False))
    return crm


def post(count: int, *, customers: int = 20, start: int = 0) -> None:
    """Calls of known and unknown customers, several each; in lists of ten, as sources do."""
    items = [
        told(
            f"ref-{number}",
            customer_phone=f"+336129900{number % customers:02d}",
            customer_name=f"Customer {number % customers}",
        )
        for number in range(start, start + count)
    ]
    for first in range(0, count, 10):
        accept.accept_all("pbx", items[first : first + 10])


def done() -> bool:
    return not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists()


def assert_exactly_once(zoho, count, dc="eu", portal="acme"):
    """Each delivery is one call that carries its marker, and is known here by its id."""
    marker = re.compile(r"\[(DL-[a-z0-9]+)\]$")
    records = zoho.stand_in.records(dc, portal, "calls")
    written = {record["id"]: found[1] for record in records if (found := marker.search(record["subject"]))}
    assert max(Counter(written.values()).values()) == 1
    assert written == dict(Delivery.objects.values_list("remote_id", "marker"))
    assert len(written) == count
