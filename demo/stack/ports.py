"""Whether the ports are free, before anything is started."""

from __future__ import annotations

import socket

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
    """Raises CannotStart naming every port that is taken and the variable that changes it."""
    taken = [(name, port) for name, port in plan.own_ports.items() if not is_free(port)]
    if taken:
        lines = [
            f"Port {port} is taken. Choose another with {name}, e.g. {name}={port + 1} make run" for name, port in taken
        ]
        raise CannotStart("\n".join([*lines, "Nothing was started."]))
