from __future__ import annotations

import pytest

from authmethods.models import AuthenticationMethod
from tests.permissions import Case, check, pair_id, pairs

pytestmark = pytest.mark.django_db
ALL, WRITERS = "ada omar vera", "ada omar"


def row(world):
    return [world["method"].pk]


def view(name):
    return f"admin:authmethods_authenticationmethod_{name}"


TABLE = [
    Case("GET", "admin:setup", ALL, lambda world: ["zoho-desk"]),
    Case("GET", view("changelist"), ALL),
    Case("GET", view("add"), WRITERS),
    Case("POST", view("add"), WRITERS),
    Case("GET", view("change"), ALL, row),
    Case("POST", view("change"), WRITERS, row),
    Case("GET", view("delete"), "ada", row),
    Case("POST", view("delete"), "ada", row, {"post": "yes"}),
    Case("GET", view("dependencies"), ALL, row),
    Case("GET", view("history"), ALL, row),
    Case("POST", view("duplicate"), WRITERS, row),
    *(
        Case(verb, view(name), WRITERS, row)
        for name in ("enable", "enable-by-key", "disable", "reconnect", "test")
        for verb in ("GET", "POST")
    ),
]


@pytest.mark.parametrize(("case", "person"), pairs(TABLE), ids=pair_id)
def test_each_person_opens_what_the_role_allows(case, person, ada, omar, vera, sid, client):
    world = {"method": AuthenticationMethod.objects.create(name="Zoho Desk", client_id="1000.X")}
    check(case, person, {"ada": ada, "omar": omar, "vera": vera, "sid": sid}, client, world)
