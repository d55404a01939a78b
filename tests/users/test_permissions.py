from __future__ import annotations

import pytest

from tests.permissions import Case, check, pair_id, pairs
from users.models import Profile, Role

pytestmark = pytest.mark.django_db
ALL, WRITERS = "ada omar vera", "ada omar"


def cases(model, *extra):
    def row(world):
        return [world[model].pk]

    def view(name):
        return f"admin:users_{model}_{name}"

    return [
        Case("GET", view("changelist"), ALL),
        Case("GET", view("add"), WRITERS),
        Case("GET", view("change"), ALL, row),
        Case("GET", view("dependencies"), ALL, row),
        Case("GET", view("history"), ALL, row),
        Case("GET", view("delete"), "ada", row),
        Case("POST", view("delete"), "ada", row, {"post": "yes"}),
        *(Case("POST", view(name), allowed, row) for name, allowed in extra),
    ]


TABLE = [
    Case("GET", "admin:index", ALL),
    *cases("user", ("remove-password", WRITERS)),
    *cases("role", ("duplicate", WRITERS)),
    *cases("profile"),
]


@pytest.mark.parametrize(("case", "person"), pairs(TABLE), ids=pair_id)
def test_each_person_opens_what_the_role_allows(case, person, ada, omar, vera, sid, client):
    world = {"user": sid, "role": Role.objects.create(name="Empty"), "profile": Profile.objects.create(name="Support")}
    check(case, person, {"ada": ada, "omar": omar, "vera": vera, "sid": sid}, client, world)
