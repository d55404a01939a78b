"""How long the web server waits for its clients, and how much it takes from them. Seconds and bytes."""

from __future__ import annotations

import resource

# How long
FIRST_REQUEST_SECONDS: float = 30
"""From opening a connection to the first byte of a request."""
HEAD_SECONDS: float = 20
"""From the first byte of a request to the end of its head."""
BODY_SECONDS: float = 60
"""From the end of the head to the end of the body."""
IDLE_SECONDS: float = 90
"""Between two requests of a connection. Longer than the pools of proxies keep theirs (nginx, AWS: 60): when both end
one at the same moment, the proxy answers 502."""
READER_SECONDS: float = 60
"""For a client to read what has piled up for it."""
REST_SECONDS: float = 10
"""For the rest of a request that was answered before its end, and for the last bytes of an answer to be taken."""
STOP_SECONDS = 15
"""For what is under way when the server is told to end; supervisors commonly kill after 20 or more."""

# How much
HEAD_BYTES = 32 * 1024
HEADER_BYTES = 8 * 1024
"""Of one header, as nginx takes: Python and Django read some in time that grows with the square of their length."""
HEADERS = 200
"""Of one head: a small one takes some 30 times its bytes. Browsers and proxies together send a few dozen."""
PIPELINED = 100
"""Requests of a connection that wait until an earlier one is answered."""
PAGE_BYTES = 4 * 1024 * 1024
"""Of the body of a form; an import's file is 1 MB at most. The API has its own limit."""
IN_MEMORY = 64 * 1024
"""Of a body, or of what is being sent in pieces; what is larger goes through a temporary file."""
ALL_BODIES = 256 * 1024 * 1024
"""Of all bodies that a process is holding at a time."""
CONNECTIONS = 10_000
FILES_FOR_OURSELVES = 256
"""Open files that connections leave to databases, Redis and Zoho."""


def open_more_files() -> None:
    """As many as the system lets us: by default it is often 1024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def connections() -> int:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return CONNECTIONS
    return min(CONNECTIONS, files - min(FILES_FOR_OURSELVES, files // 2))
