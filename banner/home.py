from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from users.models import User


def place_of(user: User) -> str:
    if user.is_staff and not user.profiles.exists():
        return "admin:index"
    return "banner"


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        return redirect(place_of(request.user))
    return render(request, "banner/sign_in.html", {"login_address": f"{settings.PUBLIC_URL}/api/sso/login/…"})
