from __future__ import annotations

import random
import socket

BELOW_THE_SYSTEMS_OWN = range(20_000, 32_000)
"""Ports that no system hands out by itself. One of those may serve somebody's connection a moment later."""


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now, and that nobody gets by chance."""
    chance = random.SystemRandom()  # pytest-randomly gives every process the same seed
    while True:
        port = chance.choice(BELOW_THE_SYSTEMS_OWN)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
