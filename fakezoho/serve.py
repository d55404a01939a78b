from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from fakezoho import knobs as knob_table
from fakezoho import seed, surgery
from fakezoho.accounts import authorize, consent
from fakezoho.accounts.console import register
from fakezoho.app import StandInApp
from fakezoho.arrivals import all_begun
from fakezoho.faults import Faults
from fakezoho.identities import Client
from fakezoho.knobs import Knobs
from fakezoho.module import Record
from fakezoho.snapshot import Keeper
from fakezoho.world import World

Result = TypeVar("Result")
HOST = "127.0.0.1"


class _Protocol(HttpToolsProtocol):
    """Give the transport to the application, so that it can hang up without an answer."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["fakezoho.transport"] = self.transport  # type: ignore[typeddict-unknown-key]


def listening(port: int) -> socket.socket:
    """Open a socket on the loopback address; raises OSError with a sentence when the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as problem:
        listener.close()
        raise OSError(
            f"The local Zoho cannot listen on port {port}: {problem.strerror}. "
            "End what uses the port, or choose another with FAKEZOHO_PORT (or --port)."
        ) from problem
    listener.listen(2048)
    return listener


class StandIn:
    """``with StandIn(search_lag=2) as zoho: zoho.url``; raises ValueError (knob, fault) or OSError (port taken)."""

    def __init__(
        self, port: int = 0, state: Path | str | None = None, faults: Iterable[dict[str, Any]] = (), **knobs: Any
    ) -> None:
        chosen = Knobs()
        knob_table.change(chosen, knobs)
        ordered = Faults(faults)
        self._socket = listening(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self.world = World(self.url, chosen, ordered)
        seed.sow(self.world)
        self._keeper = Keeper(self.world, Path(state)) if state else None
        if self._keeper:
            self._keeper.load()
        app = StandInApp(self.world, self._lifespan)
        config = uvicorn.Config(
            app, http=_Protocol, log_level="warning", access_log=False, lifespan="on", server_header=False,
            proxy_headers=False, timeout_keep_alive=75, timeout_graceful_shutdown=2,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        keeping = asyncio.create_task(self._keeper.keep()) if self._keeper else None
        self._ready.set()
        yield
        if keeping and self._keeper:
            keeping.cancel()
            self._keeper.save()

    def run(self) -> None:
        self._server.run(sockets=[self._socket])

    def start(self) -> Self:
        self._thread = threading.Thread(target=self.run, name="fakezoho", daemon=True)
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("The local Zoho did not start within 10 seconds.")
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        if self._thread:
            self._thread.join(10)
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def do(self, action: Callable[[], Result]) -> Result:
        """Run ``action`` between two requests, from any thread, after what has reached the stand-in by now."""
        if self._loop is None or self._thread is None or not self._thread.is_alive():
            return action()

        async def within() -> Result:
            await all_begun()
            return action()

        return asyncio.run_coroutine_threadsafe(within(), self._loop).result(10)

    def datacentres(self) -> dict[str, Any]:
        return {"locations": self.world.locations()}

    def set_knobs(self, **values: Any) -> None:
        self.do(lambda: knob_table.change(self.world.knobs, values))

    def reset(self) -> None:
        """Go back to the seed and the start's knobs; registered clients stay."""
        self.do(lambda: surgery.reset(self.world))

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        return self.do(lambda: self.world.journal.since(since))

    def fault(self, fault: str, method: str = "", path: str = "", **more: Any) -> None:
        """Order a fault, see :mod:`fakezoho.faults`; ``count`` is 1 unless it or ``share`` is given."""
        data = {"fault": fault, "match": {"method": method, "path": path}, **more}
        self.do(lambda: self.world.faults.order(data))

    def records(self, dc: str, portal: str, module: str) -> list[Record]:
        return self.do(lambda: list(surgery.portal_of(self.world, dc, portal).modules[module].records.values()))

    def register(self, *redirect_uris: str, name: str = "Test client", dc: str = "eu") -> Client:
        return self.do(lambda: register(self.world, dc, name, "", list(redirect_uris)))

    def approve(self, authorize_query: str, email: str, portal: str = "") -> str:
        """Accept an authorize request for a person; return where the browser is sent, with the code."""

        def accept() -> str:
            person = self.world.person(email)
            if person is None:
                raise ValueError(f"Nobody has the e-mail {email!r} here.")
            asked = consent.asked_of(self.world, authorize_query.rpartition("?")[2])
            picked = consent.picked(consent.portals_for(self.world, person, asked), portal)
            return authorize.approve(self.world, asked, person, picked)

        return self.do(accept)

    def advance(self, seconds: float) -> None:
        self.do(lambda: surgery.advance(self.world, seconds))
