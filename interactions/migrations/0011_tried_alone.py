from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0010_attempts_of_the_fallback")]
    operations = [
        migrations.AddField("delivery", "alone", models.BooleanField(db_default=False, default=False)),
    ]
