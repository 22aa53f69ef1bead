from django.db import migrations


class Migration(migrations.Migration):
    """Payer contracts were copied into the tables of contracting; those here are dropped."""

    dependencies = [
        ("agreements", "0002_who_drafted"),
        ("contracting", "0002_from_agreements"),
    ]

    operations = [
        migrations.DeleteModel(name="AllowedAmount"),
        migrations.DeleteModel(name="PayerContractVersion"),
        migrations.DeleteModel(name="PayerContract"),
    ]
