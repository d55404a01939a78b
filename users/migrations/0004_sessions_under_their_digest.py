"""Sessions are kept under the digest of their key: the rows of former versions open nothing any more, so they go."""

from django.db import migrations


def forget_sessions(apps, schema_editor):
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("users", "0003_sessions_that_end"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(forget_sessions, migrations.RunPython.noop)]
