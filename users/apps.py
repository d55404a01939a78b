from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    name = "users"
    verbose_name = _("Users")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from maker import pages
        from users import sessions, signin  # noqa: F401 - the former hears of every sign-in
        from users.models import Profile, Role, User

        pages.register(pages.Page("password_change/", signin.own_password, "password_change"))
        unseen = ["password", "last_login", "active_profile", "session_generation"]
        auditlog.register(User, exclude_fields=unseen, m2m_fields={"profiles"})
        auditlog.register(Role, m2m_fields={"permissions"})
        auditlog.register(Profile)
