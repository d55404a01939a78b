"""What is done with the consent of a method is in its history."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry

pytestmark = pytest.mark.django_db


def test_a_new_consent_is_noted_though_nothing_else_changes(zoho, ada):
    method = zoho.method(by=ada)
    before = LogEntry.objects.get_for_object(method).count()
    zoho.connect(method, by=ada)
    assert LogEntry.objects.get_for_object(method).count() == before + 1
    entry = LogEntry.objects.get_for_object(method).latest("pk")
    assert set(entry.changes) == {"enabled_at"}
