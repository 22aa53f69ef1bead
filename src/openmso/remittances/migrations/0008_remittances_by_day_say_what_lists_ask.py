"""Remittances by day say what lists narrow and sum by, so that a list is read off the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("remittances", "0007_awaited_amounts_and_files_by_state")]

    operations = [
        migrations.RemoveIndex(model_name="remittance", name="remittances_by_day"),
        migrations.AddIndex(
            model_name="remittance",
            index=models.Index(
                fields=["practice", "-posted_on", "-id"], include=["state", "method", "paid_on", "amount"],
                name="remittances_by_day",
            ),
        ),
    ]  # fmt: skip
