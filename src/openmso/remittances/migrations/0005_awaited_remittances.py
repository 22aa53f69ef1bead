"""Remittances whose money is not in the bank yet stand in a table of their own; matched lines are explained."""

import django.db.models.deletion
from django.db import migrations, models

import openmso.platform.tenancy.models

WAITING = """
SELECT set_config('openmso.practices', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_tenant), ''), true);
INSERT INTO remittances_awaited (practice_id, remittance_id)
SELECT r.practice_id, r.id FROM remittances_remittance r
 WHERE r.state = 'posted' AND r.amount > 0
   AND NOT EXISTS (SELECT FROM remittances_deposit d
                    WHERE d.practice_id = r.practice_id AND d.remittance_id = r.id AND d.undone_at IS NULL)
 ORDER BY r.id;
DELETE FROM banking_unexplained u USING remittances_deposit d
 WHERE d.practice_id = u.practice_id AND d.line_id = u.line_id AND d.undone_at IS NULL;
SELECT set_config('openmso.practices', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("banking", "0003_unexplained_lines"),
        ("remittances", "0004_lists_by_day"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Awaited",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "remittance",
                    openmso.platform.tenancy.models.PracticeForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="remittances.remittance",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="awaited",
            constraint=models.UniqueConstraint(
                fields=("practice", "remittance"), name="a_remittance_is_awaited_once"
            ),
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
