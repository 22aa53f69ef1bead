from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0002_team_views_say_of_which_practices'),
    ]

    operations = [
        migrations.AlterField(
            model_name='workitem',
            name='priority_why',
            field=models.CharField(max_length=200),
        ),
        # The owner of the table stands behind the wall too: it is opened for what earlier items left unsaid.
        migrations.RunSQL(
            "ALTER TABLE work_workitem NO FORCE ROW LEVEL SECURITY;"
            "UPDATE work_workitem SET priority_why = 'Not said when it was opened' WHERE priority_why = '';"
            "ALTER TABLE work_workitem FORCE ROW LEVEL SECURITY",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='workitem',
            constraint=models.CheckConstraint(condition=models.Q(('priority_why', ''), _negated=True), name='priorities_say_why'),
        ),
    ]
