"""The telephone system of the demo: an API key made in the Maker, then the public API and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import requests

from config.paths import VAR
from demo.journey.browser import StepFailed
from demo.journey.traffic import Planned
from demo.journey.traveller import Traveller
from demo.stack.files import write_private

TITLE = "API key"
PART = "interactions/apikey"
NAME = "Demo telephone system"
KEPT = VAR / "demo-api-key"
"""The Maker shows a key once; we keep ours beside the other keys of this machine."""
AT_ONCE = 20


def run(traveller: Traveller) -> str:
    kept = KEPT.read_text(encoding="utf-8") if KEPT.is_file() else ""
    if kept and Source(traveller.system.url, kept).is_let_in():
        traveller.api_key = kept
        return f"“{NAME}”, made before"
    traveller.add(PART, {"name": NAME, "source": "demo"})
    traveller.api_key = traveller.browser.value("#new-key", "the new key")
    write_private(Path(KEPT), traveller.api_key)
    return f"“{NAME}”, made in the Maker and shown once"


class Source:
    """Posts and changes interactions. Raises StepFailed with what the API said."""

    def __init__(self, url: str, key: str) -> None:
        self.url = f"{url}/api/v1/interactions"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {key}"

    def is_let_in(self) -> bool:
        return self.session.get(f"{self.url}/1", timeout=30).status_code != 401

    def post(self, planned: Sequence[Planned]) -> Iterator[int]:
        """The first alone, the others in lists; then the first once more. Yields how many were accepted each time."""
        first, rest = planned[0], planned[1:]
        self._keep([first], [self._ask("POST", self.url, first.body)])
        yield 1
        for start in range(0, len(rest), AT_ONCE):
            batch = rest[start : start + AT_ONCE]
            self._keep(batch, self._ask("POST", self.url, [item.body for item in batch]))
            yield len(batch)
        again = self._ask("POST", self.url, first.body)
        if again["created"] or again["id"] != first.id:
            raise StepFailed(f"The reference {first.reference} was posted twice and became two interactions.")

    def add_recording(self, item: Planned) -> None:
        self._ask("PATCH", f"{self.url}/{item.id}", {"recording_url": item.late_recording})

    def deliveries(self, item: Planned) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("GET", f"{self.url}/{item.id}")["deliveries"]
        return found

    def _keep(self, planned: Sequence[Planned], receipts: Sequence[dict[str, Any]]) -> None:
        for item, receipt in zip(planned, receipts, strict=True):
            if receipt["reference"] != item.reference or not receipt["created"]:
                raise StepFailed(f"The API did not take {item.reference} as a new interaction.")
            item.id = receipt["id"]

    def _ask(self, method: str, url: str, body: Any = None) -> Any:
        try:
            answer = self.session.request(method, url, json=body, timeout=60)
        except requests.RequestException as error:
            raise StepFailed(f"{method} {url} got no answer ({type(error).__name__}).") from None
        if answer.status_code >= 400:
            raise StepFailed(f"{method} {url} answered {answer.status_code}.", said=answer.text[:300])
        return answer.json()
