"""What a create under way was given, so that a lost one is recognised though the next to come writes something else."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0002_remembered_cards_add")]

    operations = [
        migrations.AddField("knowncard", "sent_values", models.JSONField(default=dict, encoder=DjangoJSONEncoder)),
    ]
