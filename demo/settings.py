"""The product's settings with the demo's own commands."""

from __future__ import annotations

from config.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
