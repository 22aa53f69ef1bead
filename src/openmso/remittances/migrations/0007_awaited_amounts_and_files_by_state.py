"""What is awaited says how much it is; files stand by their state too."""

from django.db import migrations, models

AMOUNTS = """
SELECT set_config('openmso.practices', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_tenant), ''), true);
UPDATE remittances_awaited a SET amount = r.amount FROM remittances_remittance r
 WHERE r.practice_id = a.practice_id AND r.id = a.remittance_id;
SELECT set_config('openmso.practices', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("remittances", "0006_files_count_their_claims")]

    operations = [
        migrations.AddField(
            model_name="awaited",
            name="amount",
            field=models.DecimalField(
                decimal_places=2, default=0, help_text="That of the remittance, which is final", max_digits=14
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(AMOUNTS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(fields=["practice", "state", "-received_at"], name="remittance_files_by_state"),
        ),
    ]
