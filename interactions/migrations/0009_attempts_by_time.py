"""Whether anything was begun lately is asked every few seconds, by the database's clock."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0008_open_forms")]

    operations = [
        migrations.AlterField(
            "attempt",
            "started_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="started at"),
        ),
        migrations.AddIndex("attempt", models.Index(fields=["started_at"], name="attempt_started")),
    ]
