"""The product's settings behind a proxy, static files included, and the addresses of these tests."""

from __future__ import annotations

from config.settings import *

ROOT_URLCONF = "tests.config.server.urls"
