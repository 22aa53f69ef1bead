"""Work on denied claims that remittances opened before denials were kept is done here: denials open their own.

`openmso denials take-in` makes denials of what was posted before.
"""

from django.db import migrations

CLOSE = """
SELECT set_config('openmso.practices', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_tenant), ''), true);
UPDATE work_workitem SET state = 'done', snooze_until = NULL, done_at = now(), done_by = 'OpenMSO',
       outcome = 'Kept as a denial from here on'
 WHERE kind = 'remittances.denied_claim' AND state <> 'done';
SELECT set_config('openmso.practices', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("denials", "0001_initial"), ("work", "0006_work_that_is_done_by_day")]
    operations = [migrations.RunSQL(CLOSE, migrations.RunSQL.noop)]
