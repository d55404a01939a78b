"""The settings of these tests with limits of half a second, so that nobody waits for the real ones."""

from __future__ import annotations

from config.server import limits
from tests.config.server.settings import *

limits.FIRST_REQUEST = limits.HEAD = limits.BODY = limits.READER = limits.REST = limits.IDLE = 0.5
limits.STOP = 3
