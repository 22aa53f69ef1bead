"""Books that are open get the accounts of what practices draw from facilities of the MSO."""

from django.db import migrations

ADD = """
SELECT set_config('openmso.practices', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_tenant), ''), true);
SELECT set_config('openmso.entities', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_entity), ''), true);
INSERT INTO ledger_account (entity_id, code, name, kind, normal, parent_id, postable, active)
SELECT b.entity_id, a.code, a.name, a.kind, a.normal, h.id, true, true
  FROM ledger_book b
  JOIN (VALUES
    ('practice', '2410', 'Drawn from facilities of the MSO', 'liability', 'credit'),
    ('mso', '1270', 'Drawn by practices from facilities', 'asset', 'debit')
  ) AS a(chart, code, name, kind, normal) ON a.chart = b.chart
  JOIN ledger_account h ON h.entity_id = b.entity_id AND h.code = left(a.code, 1)
ON CONFLICT (entity_id, code) DO NOTHING;
SELECT set_config('openmso.practices', '', true), set_config('openmso.entities', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_accounts_of_patients"), ("tenancy", "0001_initial")]
    operations = [migrations.RunSQL(ADD, migrations.RunSQL.noop)]
