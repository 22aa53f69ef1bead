"""Books that are open get the accounts that patients' payments, bad debt and charity care are posted to."""

from django.db import migrations

ADD = """
SELECT set_config('openmso.practices', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_tenant), ''), true);
SELECT set_config('openmso.entities', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_entity), ''), true);
INSERT INTO ledger_account (entity_id, code, name, kind, normal, parent_id, postable, active)
SELECT b.entity_id, a.code, a.name, a.kind, a.normal, h.id, true, true
  FROM ledger_book b
 CROSS JOIN (VALUES
   ('1020', 'Patients'' payments not yet deposited', 'asset', 'debit', '1'),
   ('4210', 'Bad debt of patients', 'contra_revenue', 'debit', '4'),
   ('4220', 'Charity care', 'contra_revenue', 'debit', '4')
 ) AS a(code, name, kind, normal, heading)
  JOIN ledger_account h ON h.entity_id = b.entity_id AND h.code = a.heading
 WHERE b.chart = 'practice'
ON CONFLICT (entity_id, code) DO NOTHING;
SELECT set_config('openmso.practices', '', true), set_config('openmso.entities', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_plans_are_said"), ("tenancy", "0001_initial")]
    operations = [migrations.RunSQL(ADD, migrations.RunSQL.noop)]
