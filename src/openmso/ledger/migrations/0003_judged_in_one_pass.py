"""The posting function as it is now, where an earlier one was made: what is staged is judged in one pass."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_posting")]

    operations = [migrations.RunSQL((SQL / "posting.sql").read_text(encoding="utf-8"), elidable=False)]
