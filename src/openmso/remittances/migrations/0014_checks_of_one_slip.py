from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('remittances', '0013_what_recoupments_answer'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='deposit',
            name='a_bank_line_pays_one_remittance',
        ),
        migrations.AddIndex(
            model_name='deposit',
            index=models.Index(condition=models.Q(('undone_at', None)), fields=['practice', 'line'], name='deposits_that_stand_by_line'),
        ),
    ]
