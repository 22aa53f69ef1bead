"""The queue of claims and their order by day hold what their sums and sorts need."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_standing")]

    operations = [
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["practice", "state", "due_on", "id"],
                include=["total_amount", "open_amount"],
                name="claim_queue_and_sums",
            ),
        ),
        migrations.RemoveIndex(model_name="claim", name="claim_queue"),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["practice", "-service_on", "id"],
                include=["due_on", "total_amount", "open_amount"],
                name="claim_by_day_and_sums",
            ),
        ),
        migrations.RemoveIndex(model_name="claim", name="claim_by_day"),
    ]
