"""Claims stand in the order of their due day and of what is open, in a practice; those of a patient are found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_envelope_numbers")]

    operations = [
        migrations.RemoveIndex(model_name="claim", name="claim_by_patient"),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["patient", "service_on"], name="claim_of_patient"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["practice", "due_on", "id"], name="claim_by_due_day"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["practice", "open_amount", "id"], name="claim_by_open_amount"),
        ),
    ]
