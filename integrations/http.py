"""The one client through which this house speaks to the outside.

It keeps connections alive per thread, follows no redirect, reads no proxy or netrc from the environment, caps what it
reads, and refuses private addresses at the moment when the socket opens, so that neither DNS nor a redirect leads it
inside. It says whether a failed request can have reached the other side.
"""

from __future__ import annotations

import json as jsonlib
import os
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.connection import create_connection

from integrations.addresses import is_public
from integrations.errors import IntegrationError, Misconfigured, NotSent, OutcomeUnknown

CONNECT_SECONDS = 3.05
READ_SECONDS = 15.0
BODY_SECONDS = 30.0
"""How long a body may take as a whole; the read time-out alone would let a server drip for ever."""
BODY_BYTES = 1024 * 1024
PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]


def origin_of(url: str) -> Origin:
    """Scheme, host and port of a URL. Raises Misconfigured for one that is not a plain http(s) address."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Misconfigured("The address is not a valid http or https address: correct it.") from None
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise Misconfigured("The address needs a host name and may not hold a user name: correct it.")
    return parts.scheme, parts.hostname.lower(), port


@dataclass(frozen=True)
class Answer:
    """What came back: the whole body, within the cap. The body is a customer's data and stays out of every log."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON; ValueError when it is not JSON, or is not whole."""
        return jsonlib.loads(self.body)


class Client:
    """Sends one request at a time for each thread; safe to share between threads and across fork."""

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
        self._local = threading.local()

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
    ) -> Answer:
        """One request, one answer of whatever status.

        Raises Misconfigured for an address that may not be asked, NotSent when no connection came about, and
        OutcomeUnknown when the request may have arrived but no whole answer came back.
        """
        scheme, host, _ = origin = origin_of(url)
        if scheme != "https" and origin not in self._trusted:
            raise Misconfigured(f"{host} is not asked over plain http: use an https address.")
        session = self._session()
        try:
            with session.request(
                method, url, headers=headers, params=params, json=json, data=form,
                timeout=self._timeouts, allow_redirects=False, stream=True,
            ) as response:  # fmt: skip
                return Answer(response.status_code, response.headers, self._body(response, host))
        except (requests.Timeout, TimeoutError):
            raise OutcomeUnknown(f"{host} took the request but did not answer in time.") from None
        except (requests.RequestException, HTTPError, OSError):
            raise OutcomeUnknown(f"{host} broke the connection before its answer was complete.") from None

    def session(self) -> requests.Session:
        """A new requests session under the same rules, for a library that wants one of its own."""
        session = requests.Session()
        session.trust_env = False
        session.max_redirects = 0
        # One session serves many customers: a cookie of one must never travel with another.
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in PORTS:
            session.mount(f"{scheme}://", _Adapter(self._trusted))
        return session

    def _session(self) -> requests.Session:
        """This thread's session; a forked child makes its own, since two processes on one socket mix answers."""
        if getattr(self._local, "pid", None) != os.getpid():
            self._local.session, self._local.pid = self.session(), os.getpid()
        session: requests.Session = self._local.session
        return session

    def _body(self, response: requests.Response, host: str) -> bytes:
        deadline = time.monotonic() + self._body_seconds
        chunks, size = [], 0
        for chunk in response.iter_content(64 * 1024):
            chunks.append(chunk)
            size += len(chunk)
            if size > self._body_bytes:
                raise OutcomeUnknown(f"{host} sent an answer over {self._body_bytes // 1024} KiB; it was not read.")
            if time.monotonic() > deadline:
                raise OutcomeUnknown(f"{host} sent its answer too slowly to be read to the end.")
        return b"".join(chunks)


class _Guarded:
    """A connection that resolves, checks what it resolved, and connects to exactly that.

    Everything that fails here, the TLS handshake included, fails before a byte of the request was sent.
    """

    trusted: set[Origin]
    scheme: str
    _dns_host: str
    port: int
    timeout: Any
    source_address: Any
    socket_options: Any

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except IntegrationError:
            raise
        except (HTTPError, OSError, UnicodeError) as error:
            host = self._dns_host
            raise NotSent(f"{host} could not be reached ({_cause(error)}); nothing was sent.") from None

    def _new_conn(self) -> socket.socket:
        host = self._dns_host.rstrip(".").strip("[]").lower()
        found = socket.getaddrinfo(host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        # All of them, not only the first: a name that mixes public and private addresses is an attack or an error.
        if (self.scheme, host, self.port) not in self.trusted and not all(map(is_public, addresses)):
            raise Misconfigured(f"{host} leads to a private network address, so it is not asked.")
        failure: OSError = OSError("no address")
        for address in addresses:
            try:
                return create_connection((address, self.port), self.timeout, self.source_address, self.socket_options)
            except OSError as error:
                failure = error
        raise failure


def _cause(error: BaseException) -> str:
    """A few words on why no connection came about, without anything of the error's own text but these."""
    causes = ((socket.gaierror, "its name was not found"), (ConnectionRefusedError, "connection refused"))
    for kind, words in causes:
        if isinstance(error, kind):
            return words
    name = type(error).__name__
    if "SSL" in name or "Certificate" in name:
        return "its TLS certificate or handshake was not accepted"
    return "no connection in time" if isinstance(error, TimeoutError) or "Timeout" in name else "no connection"


class _Adapter(HTTPAdapter):
    """requests' adapter, with pools whose connections check addresses."""

    def __init__(self, trusted: set[Origin]) -> None:
        self._rules = trusted
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self._rules)


def _pool_classes(rules: set[Origin]) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(_Guarded, HTTPConnection):
        scheme, trusted = "http", rules

    class Secure(_Guarded, HTTPSConnection):
        scheme, trusted = "https", rules

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


client = Client()
"""The client of this process. `client.trust(url)` is called for the operator's own addresses at start."""
