"""What beat begins in the workers' place does not make a stalled connection a working one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0009_attempts_by_time")]

    operations = [
        migrations.AddField(
            "attempt",
            "by_fallback",
            models.BooleanField(default=False, verbose_name="begun by beat in the workers' place"),
        ),
    ]
