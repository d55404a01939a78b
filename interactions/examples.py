"""What the page of the API offers to be sent: it is accepted as it stands."""

from __future__ import annotations

from pydantic.config import JsonDict

FINISHED_CALL: JsonDict = {
    "reference": "1763904712.4711",
    "flow": "voice",
    "direction": "inbound",
    "status": "completed",
    "customer_phone": "+33612345678",
    "customer_name": "Claire Martin",
    "agent": "grace@acme.example",
    "queue": "Support",
    "started_at": "2026-11-23T09:30:00Z",
    "answered_at": "2026-11-23T09:30:08Z",
    "ended_at": "2026-11-23T09:33:00Z",
    "subject": "Inbound call from +33612345678",
}
LATE_RECORDING: JsonDict = {"recording_url": "https://pbx.example.com/recordings/1763904712.4711.mp3"}
