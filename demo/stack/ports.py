from __future__ import annotations

import socket
from urllib.parse import urlsplit

from demo.stack.plan import CannotStart, Plan


def is_free(port: int) -> bool:
    """Whether a server could listen there now; connections that still time out do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def check(plan: Plan) -> None:
    """Raises CannotStart naming every port that is taken and the variable that changes it, or a Redis that is away."""
    taken = [(name, port) for name, port in plan.own_ports.items() if not is_free(port)]
    if taken:
        lines = [
            f"Port {port} is taken. Choose another with {name}, e.g. {name}={port + 1} make run" for name, port in taken
        ]
        raise CannotStart("\n".join([*lines, "Nothing was started."]))
    if not plan.own_valkey and not _is_listening(plan.redis_url):
        raise CannotStart("Nothing listens where REDIS_URL leads. Start that server, or leave the variable out.")


def _is_listening(url: str) -> bool:
    """Whether a TCP server answers there; an address of another kind is left to its driver."""
    parts = urlsplit(url)
    if not parts.hostname:
        return True
    try:
        with socket.create_connection((parts.hostname, parts.port or 6379), timeout=3):
            return True
    except OSError:
        return False
