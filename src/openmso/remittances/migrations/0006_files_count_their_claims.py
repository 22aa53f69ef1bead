"""A file knows how many claims it holds from the time it was received, so that its posting can say how far it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("remittances", "0005_awaited_remittances")]

    operations = [
        migrations.AddField(
            model_name="file",
            name="claims",
            field=models.PositiveIntegerField(
                default=0, help_text="As counted on arrival; 0 for one that came before they were counted"
            ),
        ),
    ]
