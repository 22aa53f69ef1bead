"""The posting function as it is now, where an earlier one was made: how it joins what was staged is said, not guessed."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_judged_in_one_pass")]

    operations = [migrations.RunSQL((SQL / "posting.sql").read_text(encoding="utf-8"), elidable=False)]
