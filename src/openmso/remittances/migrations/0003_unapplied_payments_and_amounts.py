"""Payments that wait for their claim stand in a table of their own; remittances are found by their amount."""

import django.db.models.deletion
from django.db import migrations, models

import openmso.platform.tenancy.models

WAITING = """
SELECT set_config('openmso.practices', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_tenant), ''), true);
INSERT INTO remittances_unapplied (practice_id, payment_id)
SELECT p.practice_id, p.id FROM remittances_claimpayment p
 WHERE p.applies AND NOT EXISTS (SELECT FROM remittances_application a
                                  WHERE a.practice_id = p.practice_id AND a.payment_id = p.id)
 ORDER BY p.id;
SELECT set_config('openmso.practices', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("remittances", "0002_files_name_their_arrival"), ("tenancy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Unapplied",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "payment",
                    openmso.platform.tenancy.models.PracticeForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="remittances.claimpayment",
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
            model_name="unapplied",
            constraint=models.UniqueConstraint(
                fields=("practice", "payment"), name="a_payment_waits_for_its_claim_once"
            ),
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="remittance",
            index=models.Index(fields=["practice", "amount"], name="remittances_by_amount"),
        ),
    ]
