"""Faults that a test orders for one request, for the next few, or for a share of them (issue 3)."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from typing import Any

from fakezoho.knobs import Knobs, change

# What happens before anything is done, and what happens to the answer of a request that was carried out.
BEFORE = {
    "drop_before": "closes the connection before anything is done",
    "slow": "waits `seconds` (default 5), then goes on",
    "html_401": "401 with Zoho's HTML error page",
    "invalid_oauth": "401 INVALID_OAUTH, whatever the token",
    "429_concurrency": "429 TOO_MANY_REQUESTS without Retry-After",
    "429_credits": "429 THRESHOLD_EXCEEDED with Retry-After",
    "500": "500 INTERNAL_SERVER_ERROR, nothing done",
    "502_html": "502 with an HTML page of a proxy, nothing done",
    "503": "503 with an empty body, nothing done",
    "throttled": "the token endpoint's throttle",
    "invalid_code": "the token endpoint's refusal",
    "redirect": "302 to another data centre",
    "forbidden": "403 FORBIDDEN",
    "knobs": "carried out with other `knobs` for this request alone",
}
AFTER = {
    "lost_answer": "carried out, then the connection closes without an answer",
    "slow_answer": "carried out, then waits `seconds` (default 5) before the answer",
    "500_after": "carried out, then 500",
    "502_after": "carried out, then 502 with an HTML page",
    "truncated_json": "carried out, the body stops half-way and the connection closes",
    "200_with_error": "carried out, but the answer is 200 with an error in the body",
    "empty_200": "carried out, the answer is 200 without a body",
}
KNOWN = BEFORE | AFTER


@dataclass
class Fault:
    fault: str
    method: str = ""
    path: str = ""
    count: int = -1
    share: float = 1.0
    seconds: float = 5.0
    knobs: dict[str, Any] = field(default_factory=dict)
    hits: int = 0

    def meets(self, method: str, path: str) -> bool:
        """A path ending in ``*`` meets all that begin alike; an empty one meets everything."""
        if self.method and self.method != method:
            return False
        if self.path.endswith("*"):
            return path.startswith(self.path[:-1])
        return self.path in {"", path}


def parsed(data: dict[str, Any]) -> Fault:
    """A fault from JSON; raises ValueError with a sentence for people."""
    kind = str(data.get("fault", ""))
    if kind not in KNOWN:
        raise ValueError(f"There is no fault {kind!r}. Known: {', '.join(KNOWN)}.")
    turned = dict(data.get("knobs") or {})
    change(Knobs(), turned)
    if bool(turned) != (kind == "knobs"):
        raise ValueError("The fault `knobs`, and only it, comes with `knobs`: names and values.")
    match = data.get("match") or {}
    share = float(data.get("share", 1.0))
    if not 0 < share <= 1:
        raise ValueError("`share` is a part of the requests: more than 0, at most 1.")
    count = int(data.get("count", -1 if "share" in data else 1))
    method, path = str(match.get("method", "")).upper(), str(match.get("path", ""))
    return Fault(kind, method, path, count, share, float(data.get("seconds", 5.0)), turned)


class Faults:
    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def order(self, data: dict[str, Any]) -> Fault:
        fault = parsed(data)
        self.ordered.append(fault)
        return fault

    def next_for(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, used up if it was the last one."""
        for fault in self.ordered:
            if fault.meets(method, path) and (fault.share >= 1 or random.random() < fault.share):  # noqa: S311
                fault.hits += 1
                fault.count -= fault.count > 0
                if fault.count == 0:
                    self.ordered.remove(fault)
                return fault
        return None

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self.ordered]

    def clear(self) -> None:
        self.ordered.clear()
