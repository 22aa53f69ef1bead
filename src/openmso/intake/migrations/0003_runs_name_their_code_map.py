"""A run names the document of its code map, and has no kind before it is read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_items_name_field_and_fix")]

    operations = [
        migrations.AddField(
            model_name="intakerun",
            name="code_map_document",
            field=models.CharField(blank=True, default="", max_length=16),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="intakerun",
            name="kind",
            field=models.CharField(blank=True, help_text="fhir or csv; not known before it is read", max_length=4),
        ),
    ]
