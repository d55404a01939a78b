"""The connections of the kept databases, and what real workers need."""

from __future__ import annotations

from tests.interactions.conftest import centres, vendor  # noqa: F401 - fixtures
