from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from maker import home, pages
from maker.searching import fits
from maker.suggestions import Suggestions

NEEDED_BY_UNFOLD = csp_update(
    {
        # Alpine compiles the expressions of unfold's templates, which carry inline styles and scripts without a
        # nonce (unfold 0.91). Pages outside the Maker keep the strict policy.
        "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
    }
)


class MakerSite(UnfoldAdminSite):
    site_header = _("Deskline Maker")
    site_title = _("Deskline Maker")
    index_title = _("Overview")
    index_template = "maker/home.html"
    login_template = "maker/login.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Without the admins that dependencies bring along: they would be ways around our rights and masked secrets."""
        from maker.admin import MakerAdmin  # an admin class needs the loaded app registry, this module does not

        if admin_class is not None and issubclass(admin_class, MakerAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return NEEDED_BY_UNFOLD(super().admin_view(view, cacheable))

    def get_urls(self) -> list[Any]:
        """Without Django's way to a row elsewhere: matching its address costs the square of its length."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def search(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """By name (Ctrl+K). Unfold's own (0.91) fails on a page that is no number, and on a cache of JSON."""
        term = request.GET.get("s", "").strip().lower()
        found = self._search_apps(self.get_app_list(request), term) if term and fits(term) else []
        context = {"results": found, "page_obj": Paginator(found, len(found) + 1), "page_counter": 0}
        kind = "command" if "extended" in request.GET else "search"
        return TemplateResponse(request, f"unfold/helpers/{kind}_results.html", context)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Suggestions.as_view(admin_site=self)(request)

    def extra_urls(self) -> list[URLPattern]:
        return [path(page.route, self.admin_view(page.view), name=page.name) for page in pages.registered()]

    @method_decorator(NEEDED_BY_UNFOLD)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if request.method == "GET" and not self.has_permission(request) and REDIRECT_FIELD_NAME not in request.GET:
            # Unfold's form (0.91) leaves out Django's own "next": whoever signs in here wants the Maker.
            return HttpResponseRedirect(f"{request.path}?{urlencode({REDIRECT_FIELD_NAME: reverse('admin:index')})}")
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        context = {"steps": home.steps(request), "cards": home.cards(request), **(extra_context or {})}
        response: TemplateResponse = super().index(request, context)
        return response
