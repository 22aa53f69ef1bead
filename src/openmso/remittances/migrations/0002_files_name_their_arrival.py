"""A file names the document it came in, as it came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("remittances", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="file",
            name="arrival",
            field=models.CharField(
                blank=True, default="", help_text="Document of the file as it came, kept by the MSO", max_length=16
            ),
            preserve_default=False,
        ),
    ]
