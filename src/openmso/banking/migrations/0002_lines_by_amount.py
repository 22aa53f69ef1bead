"""Money that came in is found by its amount."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("banking", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("amount__gt", 0)), fields=["practice", "amount"], name="bank_lines_in_by_amount"
            ),
        ),
    ]
