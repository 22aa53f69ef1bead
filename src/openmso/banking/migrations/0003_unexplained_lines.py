"""Money in that nobody explained yet stands in a table of its own."""

import django.db.models.deletion
from django.db import migrations, models

import openmso.platform.tenancy.models

ALL_IN = """
SELECT set_config('openmso.practices', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_tenant), ''), true);
INSERT INTO banking_unexplained (practice_id, line_id)
SELECT practice_id, id FROM banking_line WHERE amount > 0 ORDER BY id;
SELECT set_config('openmso.practices', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("banking", "0002_lines_by_amount"), ("tenancy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Unexplained",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "line",
                    openmso.platform.tenancy.models.PracticeForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="banking.line",
                    ),
                ),
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
        migrations.AddConstraint(
            model_name="unexplained",
            constraint=models.UniqueConstraint(fields=("practice", "line"), name="a_bank_line_is_unexplained_once"),
        ),
        migrations.RunSQL(ALL_IN, migrations.RunSQL.noop),
    ]
