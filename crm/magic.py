"""The address that migrations know; the code is in `crm.templates`."""

from __future__ import annotations

from crm.templates.engine import validate_template as validate_template
