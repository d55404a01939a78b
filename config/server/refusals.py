"""What the server answers to a request that does not reach Django: programs read JSON, people a page."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from config.server import limits
from config.server.answers import Whole, whole
from interactions.api import endpoints, middleware, problems

PAGES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        _("This is too large"),
        _("Nothing was changed. Send a smaller file, or less at a time."),
    ),
    HTTPStatus.REQUEST_TIMEOUT: (
        _("This took too long to arrive"),
        _("Nothing was changed. Check your connection to the network, then do it again."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        _("Deskline is very busy"),
        _("Nothing was changed. Wait a minute, then do it again."),
    ),
}
SENTENCES = {
    HTTPStatus.REQUEST_TIMEOUT: (
        f"The body did not arrive within {limits.BODY_SECONDS} s; nothing was kept. Send it again."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: "Too much arrives at a time; nothing was kept. Wait a minute and send it again.",
}


def largest_body(path: str) -> int:
    return endpoints.LARGEST_BODY if path.startswith(middleware.API) else limits.PAGE_BYTES


def answer(path: str, status: HTTPStatus) -> Whole:
    """In the API's own form below its address, else a page."""
    given = _for_programs(status) if path.startswith(middleware.API) else _for_people(status)
    given.headers["X-Content-Type-Options"] = "nosniff"
    if status is not HTTPStatus.REQUEST_ENTITY_TOO_LARGE:  # its rest is still coming, and would not find the answer
        given.headers["Connection"] = "close"
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        given.headers["Retry-After"] = "60"
    return whole(given)


def _for_programs(status: HTTPStatus) -> HttpResponse:
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return endpoints.too_large()
    return problems.answer(status, [problems.problem(problems.BODY, SENTENCES[status])])


def _for_people(status: HTTPStatus) -> HttpResponse:
    heading, message = PAGES[status]
    return HttpResponse(render_to_string("refused.html", {"heading": heading, "message": message}), status=status)
