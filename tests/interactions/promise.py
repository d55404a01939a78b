"""What the promise is judged by: interactions go in, and the stand-in's records tell what came of them."""

from __future__ import annotations

import re
from collections import Counter

from authmethods.models import AuthenticationMethod
from crm import recommended
from crm.models import CRM, KnownCard
from crm.stores.opening import open_store
from fakezoho import surgery
from interactions.actions import accept
from interactions.models import Delivery, DeliveryState
from tests.interactions.steps import told
from tests.zoho import departments


def make_crm(method: AuthenticationMethod, reference: str) -> CRM:
    department = departments(method)[0].value
    crm = CRM.objects.create(name=reference, reference=reference, method=method, department_id=department)
    recommended.add_recommended(crm)
    recommended.recommended_assignment(crm.crm_objects.get(is_card=False))
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


def known_contact(phone: str) -> str:
    """The contact that is remembered for the number."""
    return KnownCard.objects.get(customer=f"phone:{phone}").card_id


def make_contact(phone: str, portal: str = "acme") -> str:
    """Somebody makes a contact in Zoho Desk; its id."""
    crm = CRM.objects.get(reference=portal)
    return open_store(crm).create(crm.crm_objects.get(is_card=True), {"lastName": "Remains", "phone": phone}).id


def merge(zoho, gone, remains):
    """Somebody merges a contact into another, who takes his calls."""
    zoho.stand_in.do(lambda: surgery.merge(zoho.stand_in.world, "eu", "acme", gone, remains))


def merge_away(zoho, phone):
    """Somebody makes another contact with this number and merges the known one into it; the id that remains."""
    gone, remains = known_contact(phone), make_contact(phone)
    merge(zoho, gone, remains)
    return remains


def trash(zoho, gone, *, shown_for=0, module="contacts"):
    """Somebody puts a record into the bin; the search goes on showing it for so many seconds."""
    world = zoho.stand_in.world
    records = world.portal("eu", "acme").modules[module]
    zoho.stand_in.do(lambda: records.remove(gone, world.clock.now(), search_lag=shown_for))
