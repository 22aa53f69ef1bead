"""How many claims stand in each state and what they come to is kept with every change of a claim; see sql/standing.sql."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

STANDING = (Path(__file__).parent.parent / "sql" / "standing.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_claims_by_due_day_and_open_amount"), ("tenancy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=8)),
                ("claims", models.IntegerField()),
                ("charged_amount", models.DecimalField(decimal_places=2, max_digits=16)),
                ("open_amount", models.DecimalField(decimal_places=2, max_digits=16)),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["practice", "state"], name="standing_by_state"),
        ),
        migrations.RunSQL(STANDING, "DROP FUNCTION claims_standing_changes CASCADE"),
    ]
