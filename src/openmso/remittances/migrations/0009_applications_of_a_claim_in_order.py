"""What was posted to a claim stands in order in the index of the claim, and in no other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("remittances", "0008_remittances_by_day_say_what_lists_ask")]

    operations = [
        migrations.RemoveIndex(model_name="application", name="applications_by_claim"),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["practice", "claim", "id"], name="applications_by_claim"),
        ),
    ]
