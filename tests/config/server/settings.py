"""The product's own settings, and addresses for what the product has none of: a huge page, an open stream."""

from __future__ import annotations

from config.server import limits
from config.settings import *

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is collected
ROOT_URLCONF = "tests.config.server.urls"
DATABASES["default"]["CONN_MAX_AGE"] = 60  # as on PostgreSQL
limits.ALL_BODIES = 8 * 1024 * 1024
