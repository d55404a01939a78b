from __future__ import annotations

from contextlib import suppress
from typing import cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from users import places
from users.sessions import SessionStore

UNATTENDED = "X-Unattended"
"""The header by which a page marks what it asks by itself: news, and what opens without a click."""
WINDOWS = ("modal-content", "dialog")
"""What the Maker's windows are drawn into (`templates/maker`)."""
ENDED = _("Your session has ended. Sign in again to go on.")


def is_unattended(request: HttpRequest) -> bool:
    return UNATTENDED in request.headers


class SessionMiddleware(DjangoSessionMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        cast(SessionStore, request.session).unattended = is_unattended(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        cast(SessionStore, request.session).keep()
        places.mark(request, response)
        return super().process_response(request, response)


class EndedSessionMiddleware(MiddlewareMixin):
    """Say on the sign-in page that a session ended; lead windows of the Maker to it as a whole page."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        leads_away = response.status_code in (302, 401) or response.has_header("HX-Redirect")
        if leads_away and has_ended(request):
            messages.info(request, ENDED)
        by_htmx = "HX-Request" in request.headers and not request.user.is_authenticated
        if by_htmx and response.headers.get("Location", "").startswith(settings.LOGIN_URL):
            return _in_place(request)
        return response


def has_ended(request: HttpRequest) -> bool:
    """Whether the browser's cookie opened a session once. One that only began to sign in has nothing to lose."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.user.is_authenticated:
        return False
    return SESSION_KEY in request.session or not request.session.keys()


@never_cache
def _in_place(request: HttpRequest) -> HttpResponse:
    """A window gives way to the sign-in page. Any other part says it where it stands: a form may be around it."""
    if request.headers.get("HX-Target") in WINDOWS:
        query = urlencode({REDIRECT_FIELD_NAME: _page(request)})
        return HttpResponseClientRedirect(f"{settings.LOGIN_URL}?{query}")
    return HttpResponse(format_html("<p>{}</p>", ENDED))


def _page(request: HttpRequest) -> str:
    """The browser names the page around a window; only its path counts, so that it leads to no other site."""
    with suppress(ValueError):  # what is no address
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
        if parts.path.startswith("/maker/"):
            return f"{parts.path}?{parts.query}".removesuffix("?")
    return "/maker/"
