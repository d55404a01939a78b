from __future__ import annotations

import uuid

from django.db import migrations, models


def identify(apps, schema_editor):
    rules = apps.get_model("crm", "Assignment").objects.all()
    for rule in rules.only("pk"):
        rules.filter(pk=rule.pk).update(identity=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("crm", "0003_what_a_lost_create_sent")]

    operations = [
        migrations.AddField("assignment", "identity", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(identify, migrations.RunPython.noop),
        migrations.AlterField(
            "assignment", "identity", models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
        ),
    ]
