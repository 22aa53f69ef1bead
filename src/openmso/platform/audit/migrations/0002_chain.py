"""The triggers that chain events, queue reads and seal them."""

from pathlib import Path

from django.db import migrations

CHAIN = (Path(__file__).parent.parent / "sql" / "chain.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(CHAIN, reverse_sql="DROP FUNCTION audit_chain, audit_move_head, audit_seal_reads, audit_lock_head CASCADE")
    ]
