"""The settings of these tests with limits of half a second, so that nobody waits for the real ones."""

from __future__ import annotations

from config.server import limits
from tests.config.server.settings import *

limits.FIRST_REQUEST_SECONDS = limits.HEAD_SECONDS = limits.BODY_SECONDS = limits.READER_SECONDS = (
    limits.REST_SECONDS
) = limits.IDLE_SECONDS = 0.5
limits.STOP_SECONDS = 3
