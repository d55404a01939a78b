from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm

from maker.context import page_context
from users import attempts, places

PER_ACCOUNT_AND_ADDRESS = 5
PER_BROWSER = 5
PER_ADDRESS = 50
"""Many people may share one address (a call centre behind one router)."""
PER_ACCOUNT = 50
"""From addresses that never signed in, all together. High: whoever knows an e-mail can keep newcomers out."""


class PasswordAttempt:
    """One password for one account. What is not known to be right stays counted."""

    def __init__(self, request: HttpRequest, username: str) -> None:
        self.limits = limits_of(request, places.account_of(username))

    def begin(self) -> None:
        """Count it. Raises ValidationError when there were too many: then nothing may be looked at."""
        if not attempts.take(self.limits):
            raise ValidationError(_("Too many attempts. Wait five minutes, then try again."), code="too_many_attempts")

    def succeed(self) -> None:
        attempts.give_back(self.limits)


def limits_of(request: HttpRequest, account: str) -> dict[str, int]:
    if browser := places.known_browser(request, account):
        return {attempts.key("browser", browser): PER_BROWSER}
    address = places.network(request)
    limits = {
        # First, so that one address fills the table with no more rows than it has attempts.
        attempts.key("address", address): PER_ADDRESS,
        attempts.key("both", account, address): PER_ACCOUNT_AND_ADDRESS,
    }
    if not places.is_known_network(request, account):
        limits[attempts.key("account", account)] = PER_ACCOUNT
    return limits


class SignInForm(AuthenticationForm):
    """One message for every failure tells nobody which accounts exist."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("This e-mail and password do not open the Maker. Check both; upper and lower case matter."),
    }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if not {"username", "password"} <= given.keys():  # nothing is looked at
            return given
        if len(given["username"]) > self.fields["username"].max_length:  # Django sets it where nothing looks any more
            raise self.get_invalid_login_error()
        attempt = PasswordAttempt(self.request, given["username"])
        attempt.begin()
        super().clean()
        if self.user_cache is not None:
            attempt.succeed()
        return given


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """Whoever sits down at somebody else's session must not learn the password by trying."""

    request: HttpRequest

    def clean_old_password(self) -> str:
        attempt = PasswordAttempt(self.request, self.user.username)
        attempt.begin()
        old: str = super().clean_old_password()
        attempt.succeed()
        return old


class OwnPassword(PasswordChangeView):
    """Instead of the admin's own page (`maker.site`), whose form counts nothing."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form(self, form_class: Any = None) -> OwnPasswordForm:
        form = cast(OwnPasswordForm, super().get_form(form_class))
        form.request = self.request
        return form

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**{**page_context(self.request, self.title), **context})


def own_password(request: HttpRequest) -> HttpResponse:
    return cast(HttpResponse, OwnPassword.as_view()(request))
