"""The claims of a payer are listed in the order of their last day to file, and summed, from one index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0008_days_that_lists_go_by")]

    operations = [
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["practice", "payer", "due_on", "id"],
                include=["state", "total_amount", "open_amount"],
                name="claim_by_payer_and_due_day",
            ),
        ),
        migrations.RemoveIndex(model_name="claim", name="claim_by_payer"),
    ]
