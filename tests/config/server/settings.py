"""The product's own settings, and addresses for what the product has none of: a huge page, an open stream."""

from __future__ import annotations

from config.settings import *

ROOT_URLCONF = "tests.config.server.urls"
