from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='scopegrant',
            name='read_only',
            field=models.BooleanField(default=False, help_text='The run-off of an agreement that ended: see, do nothing'),
        ),
    ]
