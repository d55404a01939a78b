"""Django and ninja answer some refusals by themselves, with a page or a text. A program that reads `detail` must not
stumble over them.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from interactions.api.problems import BODY, answer, no_such_address, problem

API = "/api/v1/"
FAILED = (
    "Deskline failed here: nothing is wrong with the request, and its log has the cause for its administrator. Wait a "
    "little and send the same request again; what was kept already is not kept twice."
)
AWAY = (
    "Deskline cannot reach its data just now, so nothing can be promised for this request. Wait as long as Retry-After "
    "says and send the same request again; what was kept already is not kept twice."
)


class UniformRefusals:
    """Middleware, outside of all others. What failed has been logged by then; nothing of it is told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = self._get_response(request)
        if given.status_code < 400 or not request.path_info.startswith(API):
            return given
        if given.headers.get("Content-Type", "").startswith("application/json"):
            return given
        return _in_our_form(request, given)


def _in_our_form(request: HttpRequest, given: HttpResponseBase) -> HttpResponseBase:
    status, allowed = given.status_code, given.headers.get("Allow", "")
    if status == HTTPStatus.NOT_FOUND:
        told = no_such_address(request)
    elif status == HTTPStatus.METHOD_NOT_ALLOWED:
        names = ", ".join(sorted(allowed.split(", ")))
        text = f"This address takes {names} only; nothing was kept. {API}docs lists what there is."
        told = answer(status, [problem("method", text)])
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        told = answer(status, [problem(BODY, AWAY)])
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        told = answer(status, [problem(BODY, FAILED)])
    else:
        text = f"The request was refused ({given.reason_phrase}); nothing was kept. {API}docs tells how to send it."
        told = answer(status, [problem(BODY, text)])
    told.headers["Content-Length"] = str(len(told.content))
    for name, value in given.headers.items():
        told.headers.setdefault(name, value)
    told._has_been_logged = getattr(given, "_has_been_logged", False)  # type: ignore[attr-defined] # by Django, once
    return told
