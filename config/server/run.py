"""Runs the web server in this process, or in several that share one address."""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.process
import os
import signal
import socket
import threading

from django.conf import settings
from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from config.server import limits
from config.server.connection import Connection

logger = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 30
"""A process that does not answer its parent for so long hangs, and is replaced."""


class AddressTaken(Exception): ...


def listening(host: str, port: int) -> socket.socket:
    """Raises AddressTaken."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as problem:
        text = f"Nothing can listen on {host}, port {port}: {problem.strerror}."
        raise AddressTaken(f"{text} End what uses it, or change WEB_HOST or PORT.") from None
    return listener


def end_with_parent() -> None:
    """One of several processes ends when the first is killed: it would keep the port from the next start."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), name="parent", daemon=True).start()


def _end_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def serve(host: str) -> None:
    """Until SIGTERM or Ctrl-C. Raises AddressTaken."""
    limits.open_more_files()
    listener = listening(host, settings.PORT)
    config = Config(
        "config.asgi:application",
        http=Connection,
        ws="none",
        loop="uvloop",
        interface="asgi3",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,  # queries hold customers' numbers
        proxy_headers=False,  # TRUSTED_PROXIES says whom to believe
        server_header=False,
        workers=settings.WEB_WORKERS,
        timeout_graceful_shutdown=limits.STOP_SECONDS,
        timeout_worker_healthcheck=SECONDS_TO_ANSWER,
    )
    logger.info(
        "Serving http://%s:%d in %d process(es) of %d threads.",
        host,
        settings.PORT,
        settings.WEB_WORKERS,
        settings.WEB_THREADS,
    )
    if settings.WEB_WORKERS > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        Server(config).run(sockets=[listener])
