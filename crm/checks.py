from __future__ import annotations

from typing import Any

import phonenumbers
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def phone_region(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A country that does not exist would leave every national number unread."""
    region = settings.PHONE_REGION
    if not region or region in phonenumbers.SUPPORTED_REGIONS:
        return []
    return [
        Error(
            f"PHONE_REGION is {region!r}, which is no country.",
            hint="Use two letters such as FR or US, or leave it empty.",
            id="crm.E001",
        )
    ]
