"""The posting function, its staging tables and what guards the books; see sql/posting.sql and sql/guards.sql."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), elidable=False)
        for name in ("posting.sql", "guards.sql")
    ]
