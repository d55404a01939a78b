from __future__ import annotations

from django.urls import re_path

from telephony import views

urlpatterns = [
    re_path(
        r"^recordings/(?P<system_id>[0-9]{1,18})/(?P<day>[0-9]{8})/(?P<signed>[0-9a-f]{32})/(?P<name>[^/]{1,255})\Z",
        views.recording,
        name="recording",
    ),
]
