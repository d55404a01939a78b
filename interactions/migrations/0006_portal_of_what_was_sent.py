"""What was sent remembers its portal: of what there is, that of its method today."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    Delivery = apps.get_model("interactions", "Delivery")
    sent = models.Q(write_began_at__isnull=False) | ~models.Q(remote_id="")
    for method in apps.get_model("authmethods", "AuthenticationMethod").objects.all():
        portal = f"{method.location}:{method.organisation_id}"
        Delivery.objects.filter(sent, method=method).update(portal=portal)


class Migration(migrations.Migration):
    dependencies = [("interactions", "0005_claims_without_sorting")]

    operations = [
        migrations.AddField("delivery", "portal", models.CharField(blank=True, max_length=40)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
