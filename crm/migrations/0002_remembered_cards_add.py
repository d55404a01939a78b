"""Remembered cards add to what a search finds. What *Create another card* remembered until now hid a number's owner."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_what_hides(apps: Apps, _editor: BaseDatabaseSchemaEditor | None) -> None:
    """Such a row was never a claim, so it has no marker; its card is found by its own number."""
    apps.get_model("crm", "KnownCard").objects.filter(marker="").delete()


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]

    operations = [
        migrations.AddField("knowncard", "searched_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            "RememberedCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer", models.CharField(max_length=260)),
                ("card_id", models.CharField(max_length=40)),
                (
                    "object",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="remembered_cards", to="crm.crmobject"
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddConstraint(
            "rememberedcard",
            models.UniqueConstraint(fields=["object", "customer"], name="one_remembered_card_per_customer"),
        ),
        migrations.RunPython(forget_what_hides, migrations.RunPython.noop),
    ]
