"""Forms of new cards that agents have open."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("crm", "0001_initial"),
        ("interactions", "0007_deleted_interactions"),
    ]

    operations = [
        migrations.CreateModel(
            "OpenForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=40)),
                ("opened_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("crm", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="crm.crm")),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="open_forms", to="interactions.interaction"
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddConstraint(
            "openform",
            models.UniqueConstraint(fields=["interaction", "crm", "agent"], name="one_open_form_per_agent"),
        ),
    ]
