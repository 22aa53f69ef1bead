"""A claim keeps the day on which it first left, in its practice's own days: fees by the claim count it once.

Findings know their claim's last day to file, so that the claims of one finding are listed without reading them all.
"""

from django.db import migrations, models

FILL = """
SELECT set_config('openmso.practices', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_tenant), ''), true);
UPDATE claims_claim c SET first_sent_on = (coalesce((
  SELECT min(b.sent_at) FROM claims_submission s
    JOIN claims_sending g ON g.practice_id = s.practice_id AND g.submission_id = s.id
    JOIN claims_batch b ON b.practice_id = g.practice_id AND b.id = g.batch_id
   WHERE s.practice_id = c.practice_id AND s.claim_id = c.id), c.sent_at) AT TIME ZONE t.zone)::date
  FROM tenancy_tenant t WHERE t.id = c.practice_id AND c.sent_at IS NOT NULL;
UPDATE claims_claimfinding f SET due_on = c.due_on, is_first = NOT f.overridden AND NOT EXISTS (
  SELECT FROM claims_claimfinding b
   WHERE b.practice_id = f.practice_id AND b.claim_id = f.claim_id AND b.code = f.code AND NOT b.overridden
     AND b.id < f.id)
  FROM claims_claim c WHERE c.practice_id = f.practice_id AND c.id = f.claim_id;
SELECT set_config('openmso.practices', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_sums_in_indexes"), ("tenancy", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="first_sent_on",
            field=models.DateField(help_text="The practice's day on which it first left", null=True),
        ),
        migrations.AddField(
            model_name="claimfinding",
            name="is_first",
            field=models.BooleanField(default=True, help_text="The first of its code on the claim that stands"),
        ),
        migrations.AddField(
            model_name="claimfinding",
            name="due_on",
            field=models.DateField(help_text="The claim's, by which those of one finding are listed", null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("first_sent_on__isnull", False), ("frequency", "1")),
                fields=["practice", "first_sent_on", "id"],
                include=["due_on", "total_amount", "open_amount"],
                name="claim_by_first_day_sent",
            ),
        ),
        migrations.RemoveIndex(model_name="claim", name="claim_by_sending"),
        migrations.AddIndex(
            model_name="claim", index=models.Index(fields=["practice", "sent_at", "id"], name="claim_by_sending")
        ),
        migrations.AddIndex(
            model_name="claim", index=models.Index(fields=["practice", "total_amount", "id"], name="claim_by_charge")
        ),
        migrations.AddIndex(
            model_name="acknowledgement", index=models.Index(fields=["practice", "batch"], name="ack_by_batch")
        ),
        migrations.RemoveIndex(model_name="batch", name="batch_by_sending"),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(
                fields=["practice", "sent_at", "id"], include=["claims", "total_amount"], name="batch_by_sending"
            ),
        ),
        migrations.RemoveIndex(model_name="claimfinding", name="finding_by_code"),
        migrations.AddIndex(
            model_name="claimfinding",
            index=models.Index(
                condition=models.Q(("is_first", True), ("overridden", False)),
                fields=["practice", "code", "due_on", "claim"],
                name="finding_by_code_and_due_day",
            ),
        ),
    ]
