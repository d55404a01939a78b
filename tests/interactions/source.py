"""A telephone system at the public API."""

from __future__ import annotations

import json

from interactions.api import keys

URL = "/api/v1/interactions"
CALL = {
    "reference": "r1",
    "flow": "voice",
    "direction": "inbound",
    "customer_phone": "+33612345678",
    "started_at": "2026-11-23T09:30:00Z",
    "ended_at": "2026-11-23T09:31:00+00:00",
}


class Source:
    """A client with a key."""

    def __init__(self, client, source="pbx"):
        self.client = client
        self.key, self.text = keys.create("PBX", source)

    def send(self, method, url, data=None, **more):
        body = data if isinstance(data, (str, bytes)) else json.dumps(data)
        headers = {"Authorization": f"Bearer {self.text}"} | more
        return getattr(self.client, method)(url, body, content_type="application/json", headers=headers)

    def post(self, data, **headers):
        return self.send("post", URL, data, **headers)

    def post_whole(self, data):
        """A list that is kept as a whole or not at all."""
        return self.post(data, Prefer="all-or-nothing")

    def patch(self, number, data):
        return self.send("patch", f"{URL}/{number}", data)

    def get(self, number):
        return self.client.get(f"{URL}/{number}", headers={"Authorization": f"Bearer {self.text}"})
