"""A refused record says which field of it is wrong, and what would mend it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="intakeitem",
            name="field",
            field=models.CharField(blank=True, default="", help_text="What of a refused record is wrong", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="intakeitem",
            name="fix",
            field=models.CharField(blank=True, default="", help_text="What would mend it", max_length=200),
            preserve_default=False,
        ),
    ]
