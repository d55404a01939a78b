from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, ClassVar

from auditlog.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maker import history


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class Role(Group):
    class Meta:
        proxy = True
        verbose_name = _("role")
        verbose_name_plural = _("roles")


class Profile(models.Model):
    """What its users see in the Banner: the CRMs associated with it."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    description = models.CharField(_("description"), max_length=255, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail in lower case. The role alone gives rights, see `users.roles`."""

    username = models.EmailField(_("username (e-mail)"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.ForeignKey(
        Role, verbose_name=_("role"), null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    profiles = models.ManyToManyField(Profile, verbose_name=_("profiles"), blank=True, related_name="users")
    active_profile = models.ForeignKey(
        Profile, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    is_active = models.BooleanField(_("active"), default=True)
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    """Part of what each session must match: it grows when all of them are to end."""
    date_joined = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    groups = None  # type: ignore[assignment]
    user_permissions = None  # type: ignore[assignment]

    way_in = ""
    """What the session beside the password depends on; set by the backend that loads the user (`sso.backend`)."""

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "username"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["username"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="one_user_per_email",
                violation_error_message=_("This e-mail already has a user."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def email(self) -> str:
        return self.username

    @property
    def is_staff(self) -> bool:
        return self.is_superuser or self.role_id is not None

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """End an inactive user's sessions for good, so that none revives; note a new password, wherever it was set."""
        # Django sets `_password` for a new password, and not for a hash that a sign-in renews.
        is_new_password, is_new = getattr(self, "_password", None) is not None, self._state.adding
        with transaction.atomic():
            wanted = None if update_fields is None else {*update_fields}
            if is_new or (wanted is not None and "is_active" not in wanted):
                super().save(*args, update_fields=wanted, **kwargs)
            else:
                # By expression: whoever read the row before its sessions ended must not bring them back by saving it.
                self.session_generation = F("session_generation") + (0 if self.is_active else 1)
                super().save(*args, update_fields=wanted and {*wanted, "session_generation"}, **kwargs)
                self.refresh_from_db(fields=["session_generation"])
            if is_new_password:
                history.note(self, str(_("password")), "", str(_("set") if is_new else _("set anew")))

    def end_sessions(self) -> None:
        User.objects.filter(pk=self.pk).update(session_generation=F("session_generation") + 1)
        self.refresh_from_db(fields=["session_generation"])

    def get_session_auth_hash(self) -> str:
        return self._with_the_rest(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._with_the_rest, super().get_session_auth_fallback_hash())

    def _with_the_rest(self, of_the_password: str) -> str:
        return sha256(f"{of_the_password}:{self.session_generation}:{self.way_in}".encode()).hexdigest()

    def clean(self) -> None:
        super().clean()
        self.username = self.username.strip().lower()
        if not self.username.rpartition("@")[0].isascii():
            # Django's own check lets a long s or a dotless i pass, which PostgreSQL may take for the plain letter.
            raise ValidationError({"username": _("Before the @, an e-mail has plain letters only.")})

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()


class Deletion(LogEntry):
    class Meta:
        proxy = True
        default_permissions = ("view",)
        ordering = ["-timestamp", "-id"]
        verbose_name = _("deletion")
        verbose_name_plural = _("deletions")

    def __str__(self) -> str:
        return str(self.object_repr)


class Attempts(models.Model):
    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        verbose_name = verbose_name_plural = _("attempts to sign in")

    def __str__(self) -> str:
        return f"{self.count}"


class KnownPlace(models.Model):
    key = models.CharField(max_length=64, primary_key=True)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("known place")
        verbose_name_plural = _("known places")

    def __str__(self) -> str:
        return f"{self.ends_at:%Y-%m-%d}"
