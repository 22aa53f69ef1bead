from django.db import migrations, models

TABLE = "patients_coverage"
SAID = f"""
ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY;
UPDATE {TABLE} SET kind = 'vision' FROM parties_payer p WHERE p.id = payer_id AND p.kind = 'vision';
"""


class Migration(migrations.Migration):
    """Coverages say whether they are of a medical or a vision plan; each kind has an order of its own."""

    dependencies = [("patients", "0001_initial"), ("parties", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("coverage", "one_coverage_an_order_from_a_day"),
        migrations.AddField(
            "coverage", "kind",
            models.CharField(max_length=7, choices=[("medical", "Medical"), ("vision", "Vision")], default="medical"),
        ),
        migrations.RunSQL(SAID, reverse_sql=migrations.RunSQL.noop),
        migrations.AddConstraint(
            "coverage",
            models.UniqueConstraint(
                fields=("practice", "patient", "kind", "order", "starts_on"), name="one_coverage_an_order_from_a_day"
            ),
        ),
    ]
