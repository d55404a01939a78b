"""What an installation that has data finds after an upgrade."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from crm.models import KnownCard

pytestmark = pytest.mark.django_db


def test_another_card_that_hid_the_owner_of_a_number_is_no_longer_remembered(contacts):
    """Until then *Create another card* remembered it: such a row was never a claim, so it has no marker."""
    KnownCard.objects.create(object=contacts, customer="phone:+33611111111", card_id="1", marker="made-by-us")
    KnownCard.objects.create(object=contacts, customer="phone:+33622222222", card_id="2")
    import_module("crm.migrations.0002_remembered_cards_add").forget_what_hides(apps, None)
    assert KnownCard.objects.get().card_id == "1"
