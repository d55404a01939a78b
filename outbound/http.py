"""The only way out: no redirect, proxy, netrc or private address, and a failure says whether anything was sent."""

from __future__ import annotations

import json as jsonlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from outbound.addresses import Origin, origin_of
from outbound.errors import Misconfigured, OutcomeUnknown
from outbound.per_thread import PerThread
from outbound.reasons import BROKEN_OFF, INVALID, NO_ANSWER, PLAIN_HTTP, TOO_LONG
from outbound.sockets import GuardedAdapter, TooMuch

CONNECT_SECONDS = 3.05
READ_SECONDS = 15.0
BODY_SECONDS = 30.0
"""How much longer the whole answer may take than its first byte."""
BODY_BYTES = 1024 * 1024
HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""How JSON writes half of a character; two of them may be a whole one."""
HEAD_BYTES = 64 * 1024
HEADERS = {"Accept-Encoding": "gzip, deflate", "User-Agent": "Deskline"}

Slot = Callable[[Callable[[], requests.PreparedRequest]], AbstractContextManager[requests.PreparedRequest]]
"""What holds a place for a request while it is under way, given what makes the request ready."""


@contextmanager
def unbounded(prepare: Callable[[], requests.PreparedRequest]) -> Iterator[requests.PreparedRequest]:
    yield prepare()


@dataclass(frozen=True)
class Answer:
    """The whole body, within the cap. It is customers' data, and headers hold cookies: never log it."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        try:
            value = jsonlib.loads(self.body)
            return without_halves(value) if HALF.search(self.body) else value
        except RecursionError:
            raise ValueError("nested too deeply") from None


def without_halves(value: Any) -> Any:
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)  # no page and no database can hold these
    if isinstance(value, list):
        return [without_halves(one) for one in value]
    if isinstance(value, dict):
        return {without_halves(name): without_halves(one) for name, one in value.items()}
    return value


class Client:
    def __init__(
        self,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        body_seconds: float = BODY_SECONDS,
        body_bytes: int = BODY_BYTES,
    ) -> None:
        self._timeouts = (connect_seconds, read_seconds)
        self._body_seconds = body_seconds
        self._body_bytes = body_bytes
        self._trusted: set[Origin] = set()
        # The adapter alone: what a session adds (redirects, cookies, merged settings) we want none of, and it costs.
        self._adapters = PerThread(partial(GuardedAdapter, self._trusted))

    def trust(self, url: str) -> None:
        """Let this origin be plain http and live at a private address: the operator named it himself."""
        self._trusted.add(origin_of(url))

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        read_seconds: float | None = None,  # for the whole answer, once connected
        slot: Slot = unbounded,
    ) -> Answer:
        """Raise Misconfigured (address refused), NotSent (no connection) or OutcomeUnknown (it may have arrived)."""
        scheme, host, _ = origin = origin_of(url)
        if scheme != "https" and origin not in self._trusted:
            raise Misconfigured(PLAIN_HTTP(host=host))
        given = {"headers": {**HEADERS, **(headers or {})}, "params": params, "json": json, "data": form}
        with slot(partial(prepared, host, method, url, given)) as request:
            return self._exchange(request, host, read_seconds)

    def _exchange(self, request: requests.PreparedRequest, host: str, read_seconds: float | None) -> Answer:
        connect, read = self._timeouts[0], read_seconds or self._timeouts[1]
        try:
            with self._adapters.taken() as adapter:
                adapter.terms.answer_seconds = read_seconds or read + self._body_seconds
                adapter.terms.answer_bytes = HEAD_BYTES + 2 * self._body_bytes  # pieces may weigh as much as the body
                with adapter.send(request, timeout=(connect, read), stream=True) as response:
                    return Answer(response.status_code, response.headers, read_body(response, self._body_bytes))
        except TooMuch:
            raise OutcomeUnknown(TOO_LONG(host=host, most=str(self._body_bytes // 1024))) from None
        except (requests.Timeout, ReadTimeoutError, TimeoutError):
            raise OutcomeUnknown(NO_ANSWER(host=host)) from None
        except (requests.RequestException, HTTPError, OSError):
            raise OutcomeUnknown(BROKEN_OFF(host=host)) from None


def read_body(response: requests.Response, most: int) -> bytes:
    chunks, size = [], 0
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            raise TooMuch
    return b"".join(chunks)


def prepared(host: str, method: str, url: str, given: dict[str, Any]) -> requests.PreparedRequest:
    request = requests.PreparedRequest()
    try:
        request.prepare(method, url, **given)
        "".join(request.headers.values()).encode("latin-1")  # else the error that comes later holds the value
    except (requests.RequestException, ValueError, TypeError):
        raise Misconfigured(INVALID(host=host)) from None
    return request


client = Client()
"""The client of this process. `client.trust(url)` is called for the operator's own addresses at start."""
