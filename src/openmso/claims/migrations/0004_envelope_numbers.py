from django.db import migrations


class Migration(migrations.Migration):
    """One sequence for the numbers of all envelopes of the house: ISA13 and GS06 have nine digits at most."""

    dependencies = [("claims", "0003_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE claims_envelope_number MAXVALUE 999999999",
            "DROP SEQUENCE claims_envelope_number",
        )
    ]
