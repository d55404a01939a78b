"""Pages from templates. Everything in them is escaped; nothing is loaded from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from fakezoho.world import world_of

# No form-action here: the consent form ends at the client's own address.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("fakezoho"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def shown(request: Request, name: str, values: dict[str, Any], status: int = 200) -> Response:
    text = _environment().get_template(name).render(values | {"world": world_of(request)})
    headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return HTMLResponse(text, status, headers)
