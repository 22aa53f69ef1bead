from django.db import migrations

OLD = ("agreements_payercontract", "agreements_payercontractversion", "agreements_allowedamount")
OPENED = "".join(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;" for table in OLD)
COPIED = """
INSERT INTO contracting_payercontract (id, practice_id, public_id, payer_id)
SELECT id, practice_id, public_id, payer_id FROM agreements_payercontract;

INSERT INTO contracting_contractversion (
  id, practice_id, contract_id, number, wording, limits, procedures, bilateral_rate, lesser_of_charge, sequestration,
  starts_on, ends_on, written_at, written_by
)
SELECT id, practice_id, contract_id, number,
  concat_ws(E'\\n', CASE WHEN method = 'schedule' THEN 'all: fee schedule' END,
    'all: ' || rtrim(rtrim((percent_rate * 100)::text, '0'), '.') || '% of charge'),
  '', 'none', 1.5, true, false, starts_on, ends_on, recorded_at, ''
FROM agreements_payercontractversion;

INSERT INTO contracting_contractrate (practice_id, version_id, code, modifier, nonfacility_amount, facility_amount)
SELECT practice_id, version_id, code, modifier, allowed_amount, allowed_amount FROM agreements_allowedamount;

SELECT setval(pg_get_serial_sequence(name, 'id'), last) FROM (
  SELECT 'contracting_payercontract' AS name, max(id) AS last FROM contracting_payercontract
  UNION ALL SELECT 'contracting_contractversion', max(id) FROM contracting_contractversion
) AS tables WHERE last IS NOT NULL;
"""


class Migration(migrations.Migration):
    """Payer contracts that were recorded among agreements go on under the same ids."""

    dependencies = [
        ("contracting", "0001_initial"),
        ("agreements", "0002_who_drafted"),
    ]

    operations = [migrations.RunSQL(OPENED + COPIED, reverse_sql=migrations.RunSQL.noop)]
