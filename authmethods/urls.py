from __future__ import annotations

from django.urls import path

from authmethods import views
from authmethods.addresses import CONSENT_PATH

urlpatterns = [path(CONSENT_PATH, views.consent_return, name="consent-return")]
