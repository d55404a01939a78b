"""Who may open what: one table per room, judged for the five people of every permission test.

    TABLE = [
        Case("GET", "admin:users_user_changelist", allowed="ada omar vera"),
        Case("POST", "admin:users_user_delete", "ada", lambda world: [world["user"].pk], {"post": "yes"}),
    ]

    @pytest.mark.parametrize(("case", "person"), pairs(TABLE), ids=pair_id)
    def test_…(case, person, people, client): check(case, person, people, client, world)

"Allowed" is a page or a redirect inside the product; everybody else gets 403, or the sign-in page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from users.models import User

PEOPLE = ("ada", "omar", "vera", "sid", "anonymous")
World = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One request. `allowed` names those who may; `args` picks the row out of the room's own world."""

    method: str
    view: str
    allowed: str
    args: Callable[[World], list[Any]] = lambda world: []
    data: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.view.removeprefix('admin:')}"


def pairs(cases: list[Case]) -> list[tuple[Case, str]]:
    """Each case with each person, for parametrize."""
    return [(case, person) for case in cases for person in PEOPLE]


def pair_id(value: object) -> str:
    """Readable ids for parametrize."""
    return str(value)


def check(case: Case, person: str, people: Mapping[str, User], client: Client, world: World) -> None:
    """Ask as that person, and compare with the table."""
    if person != "anonymous":
        client.force_login(people[person])
    address = reverse(case.view, args=case.args(world))
    response = client.generic(case.method, address) if case.method != "POST" else client.post(address, case.data)
    location = response.headers.get("Location", "")
    let_in = response.status_code == 200 or (response.status_code == 302 and "/login/" not in location)
    assert let_in == (person in case.allowed.split()), f"{person}: {response.status_code} {location}"
    if not let_in:
        assert response.status_code in (302, 403), f"{person}: {response.status_code}"
