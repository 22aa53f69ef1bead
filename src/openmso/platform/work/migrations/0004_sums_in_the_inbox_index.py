"""The order of the inbox holds what its sums need."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("work", "0003_priorities_say_why")]

    operations = [
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                fields=["practice", "kind", "-priority", "due_at"],
                condition=~Q(state="done"),
                include=["state", "snooze_until", "assignee_user", "amount"],
                name="work_inbox_and_sums",
            ),
        ),
        migrations.RemoveIndex(model_name="workitem", name="work_inbox"),
    ]
