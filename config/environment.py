"""Reads the environment. A wrong value stops the start with one sentence that says what to change."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config.paths import LOCAL_FILE, RUNNING_FILE
from config.variables import CannotBeRead, Variables


class Environment(environ.Env):
    ENVIRON = Variables()

    def get_value(self, var: str, *args: Any, **named: Any) -> Any:
        try:
            return super().get_value(var, *args, **named)
        except CannotBeRead as wrong:
            raise ImproperlyConfigured(str(wrong)) from None


env = Environment()
environ.Env.read_env(RUNNING_FILE)
environ.Env.read_env(LOCAL_FILE)


def required(name: str, purpose: str) -> str:
    """The value of a variable without which nothing starts."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set: {purpose}. Set it (or {name}_FILE), or run `make run` once: it writes one."
        )
    return str(value)


def boolean(name: str, *, default: bool) -> bool:
    """Exactly True or False: a typo must not switch something on."""
    value = env.str(name, default=str(default))
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}.")
    return bool(value == "True")


def whole(name: str, *, default: int, least: int, most: int) -> int:
    text = env.str(name, default=str(default))
    value = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(most)) else -1
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not {text[:40]!r}.")
    return value


def fraction(name: str, *, default: float) -> float:
    text = env.str(name, default=str(default))
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise ImproperlyConfigured(f"{name} must be a number above 0 and at most 1, such as {default}, not {text!r}.")
    return value


def origin(name: str, *, default: str) -> str:
    """An http(s) address without path, as people reach this installation."""
    value = env.str(name, default=default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name} must look like https://desk.example.com, not {value!r}.")
    return str(value)


def existing_file(name: str) -> Path | None:
    """The path of a file that must exist, None when the variable is not set."""
    value = env.str(name, default="")
    if not value:
        return None
    path = Path(value)
    if not path.is_file():
        raise ImproperlyConfigured(f"{name} names {value!r}, which is not a file.")
    return path
