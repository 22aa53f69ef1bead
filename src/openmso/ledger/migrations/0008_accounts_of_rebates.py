"""Books that are open get the accounts of rebates that the MSO passes on to practices."""

from django.db import migrations

ACCOUNTS = """
SELECT set_config('openmso.entities', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_entity), ''), true);
INSERT INTO ledger_account (entity_id, code, name, kind, normal, parent_id, postable, active)
SELECT book.entity_id, fresh.code, fresh.name, fresh.kind, fresh.normal, heading.id, true, true
  FROM ledger_book book
  JOIN (VALUES
    ('practice', '5900', 'Rebates on what was bought', 'expense', 'credit'),
    ('mso', '2350', 'Rebates to pass on to practices', 'liability', 'credit')
  ) AS fresh(chart, code, name, kind, normal) ON fresh.chart = book.chart
  JOIN ledger_account heading ON heading.entity_id = book.entity_id AND heading.code = left(fresh.code, 1)
 WHERE NOT EXISTS (SELECT FROM ledger_account held WHERE held.entity_id = book.entity_id AND held.code = fresh.code);
SELECT set_config('openmso.entities', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_accounts_of_deficit_loans"), ("tenancy", "0001_initial")]

    operations = [migrations.RunSQL(ACCOUNTS, migrations.RunSQL.noop)]
