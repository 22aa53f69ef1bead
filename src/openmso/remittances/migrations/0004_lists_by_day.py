"""Deposits that stand, and remittances by the day of their payment, in the order of their lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("remittances", "0003_unapplied_payments_and_amounts")]

    operations = [
        migrations.AddIndex(
            model_name="deposit",
            index=models.Index(
                condition=models.Q(("undone_at", None)),
                fields=["practice", "-posted_on", "-id"],
                name="deposits_that_stand_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="remittance",
            index=models.Index(fields=["practice", "paid_on", "id"], name="remittances_by_payment_day"),
        ),
    ]
