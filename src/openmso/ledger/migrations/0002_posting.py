"""The posting function, its staging tables and the triggers that keep the balances; see sql/posting.sql."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "posting.sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), elidable=False)]
