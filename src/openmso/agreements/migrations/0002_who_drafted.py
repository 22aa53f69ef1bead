"""A draft knows whose account wrote it, because somebody else records it as executed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="agreementdraft",
            name="drafted_by",
            field=models.CharField(
                blank=True, help_text="Public id of the account that wrote it, as it stands", max_length=16
            ),
        ),
    ]
