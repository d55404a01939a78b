import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """How many calls they had depended on how often a file was read; the last time does not."""

    dependencies = [("telephony", "0002_recording_links")]

    operations = [
        migrations.RemoveField("unknownextension", "calls"),
        migrations.RemoveField("unknownextension", "read_at"),
        migrations.AddField(
            "unknownextension",
            "talked_at",
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
