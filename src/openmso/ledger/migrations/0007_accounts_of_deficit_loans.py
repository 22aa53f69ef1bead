"""Books that are open get the accounts of deficit loans, of reserves, and of payments that a bank sent back."""

from django.db import migrations

ACCOUNTS = """
SELECT set_config('openmso.entities', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_entity), ''), true);
INSERT INTO ledger_account (entity_id, code, name, kind, normal, parent_id, postable, active)
SELECT book.entity_id, fresh.code, fresh.name, fresh.kind, fresh.normal, heading.id, true, true
  FROM ledger_book book
  JOIN (VALUES
    ('both', '1280', 'Payments to us that a bank sent back', 'asset', 'debit'),
    ('both', '2050', 'Payments of ours that a bank sent back', 'liability', 'credit'),
    ('practice', '1050', 'Reserve account', 'asset', 'debit'),
    ('practice', '2400', 'Deficit loan from the MSO', 'liability', 'credit'),
    ('practice', '5050', 'Physician compensation', 'expense', 'debit'),
    ('practice', '6850', 'Interest', 'expense', 'debit'),
    ('mso', '1260', 'Deficit loans to practices', 'asset', 'debit'),
    ('mso', '4600', 'Interest from practices', 'revenue', 'credit')
  ) AS fresh(chart, code, name, kind, normal) ON fresh.chart IN (book.chart, 'both')
  JOIN ledger_account heading ON heading.entity_id = book.entity_id AND heading.code = left(fresh.code, 1)
 WHERE NOT EXISTS (SELECT FROM ledger_account held WHERE held.entity_id = book.entity_id AND held.code = fresh.code);
SELECT set_config('openmso.entities', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_accounts_of_facilities"), ("tenancy", "0001_initial")]

    operations = [migrations.RunSQL(ACCOUNTS, migrations.RunSQL.noop)]
