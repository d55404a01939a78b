"""Faults that a test orders for one request, for the next few, or for a share of them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
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
    "answer": "an answer of your own with `status`, `body` and `headers`, nothing done",
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
MATCH = {"method", "path"}
ORDER = {"fault", "match", "count", "share", "seconds", "knobs"}
ANSWER = {"status", "body", "headers"}
HEADER = re.compile(r"[!-9;-~]+:[ -~]*")
FOR_EVER = -1


@dataclass
class Fault:
    fault: str
    method: str = ""
    path: str = ""
    count: int = FOR_EVER
    share: float = 1.0
    seconds: float = 5.0
    knobs: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    hits: int = 0

    def meets(self, method: str, path: str) -> bool:
        """Compare; a path ending in ``*`` meets all that begin alike, an empty one meets everything."""
        if self.method and self.method != method:
            return False
        if self.path.endswith("*"):
            return path.startswith(self.path[:-1])
        return self.path in {"", path}


def parsed(data: dict[str, Any]) -> Fault:
    """Read a fault from JSON; raises ValueError or TypeError for what is unknown: a slip must not meet all requests."""
    kind = str(data.get("fault", ""))
    if kind not in KNOWN:
        raise ValueError(f"There is no fault {kind!r}. Known: {', '.join(KNOWN)}.")
    match = data.get("match") or {}
    if not isinstance(match, dict):
        raise TypeError("`match` is an object with `method` and `path`, or one of them.")
    _refuse_others(match, MATCH)
    _refuse_others(data, ORDER | (ANSWER if kind == "answer" else set()))
    turned = dict(data.get("knobs") or {})
    change(Knobs(), turned)
    if bool(turned) != (kind == "knobs"):
        raise ValueError("The fault `knobs`, and only it, comes with `knobs`: names and values.")
    return Fault(
        kind,
        method=str(match.get("method", "")).upper(),
        path=str(match.get("path", "")),
        count=_count(data),
        share=_number(data, "share", 1.0, 0.000_001, 1.0),
        seconds=_number(data, "seconds", 5.0, 0.0, 86_400.0),
        knobs=turned,
        answer=_answer(data) if kind == "answer" else {},
    )


def _refuse_others(data: dict[str, Any], known: set[str]) -> None:
    others = sorted(set(data) - known)
    if others:
        raise ValueError(f"A fault of this kind has no `{others[0]}` there. It may have: {', '.join(sorted(known))}.")


def _count(data: dict[str, Any]) -> int:
    count = data.get("count", FOR_EVER if "share" in data else 1)
    if not isinstance(count, int) or (count < 1 and count != FOR_EVER):
        raise ValueError("`count` is how many requests meet the fault: 1 or more, -1 for all until it is taken back.")
    return count


def _number(data: dict[str, Any], name: str, default: float, least: float, most: float) -> float:
    try:
        number = float(data.get(name, default))
    except (TypeError, ValueError):
        number = -1.0
    if not least <= number <= most:
        raise ValueError(f"`{name}` is a number from {least:g} to {most:g}.")
    return number


def _answer(data: dict[str, Any]) -> dict[str, Any]:
    status, headers = data.get("status"), data.get("headers") or {}
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise ValueError("`status` is the answer's, from 200 to 599.")
    if not isinstance(headers, dict) or not all(HEADER.fullmatch(f"{n}:{v}") for n, v in headers.items()):
        raise ValueError("`headers` is an object of names and values, each on one line.")
    return {"status": status, "body": data.get("body"), "headers": {n: str(v) for n, v in headers.items()}}


class Faults:
    """The faults in force, and those of the start, which a reset brings back."""

    def __init__(self, start: Iterable[dict[str, Any]] = ()) -> None:
        self._start = list(start)
        self.ordered = [parsed(data) for data in self._start]

    def anew(self) -> Faults:
        return Faults(self._start)

    def order(self, data: dict[str, Any]) -> Fault:
        fault = parsed(data)
        self.ordered.append(fault)
        return fault

    def next_for(self, method: str, path: str) -> Fault | None:
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
