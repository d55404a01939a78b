from __future__ import annotations

import http.client
from urllib.parse import urlsplit


def answers(url: str) -> bool:
    """Whether a GET gives 200 within a second. Never through a proxy."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=1)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
