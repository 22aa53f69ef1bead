from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('remittances', '0014_checks_of_one_slip'),
    ]

    operations = [
        migrations.AddField(
            model_name='eob',
            name='taken_back',
            field=models.JSONField(default=list, help_text='Public ids of the claim payments that the paper takes back'),
        ),
    ]
