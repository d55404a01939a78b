"""What the page of the API shows works as it stands."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from interactions.api import keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def examples(client):
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    return lambda name: schemas[name]["examples"][0]


def test_the_examples_are_accepted_as_they_stand(client: Client, examples):
    headers = {"Authorization": f"Bearer {keys.create('PBX', 'pbx')[1]}"}

    def send(method, address, data):
        return getattr(client, method)(address, json.dumps(data), content_type="application/json", headers=headers)

    posted = send("post", "/api/v1/interactions", examples("InteractionIn"))
    assert posted.status_code == 201
    changed = send("patch", f"/api/v1/interactions/{posted.json()['id']}", examples("InteractionChange"))
    assert changed.status_code == 200
    assert changed.json()["recording_url"].endswith(".mp3")
