"""The index of the inbox has its whole order: a page is sorted by what stands there."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("work", "0004_sums_in_the_inbox_index")]

    operations = [
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                fields=["practice", "kind", "-priority", "due_at", "id"],
                condition=~Q(state="done"),
                include=["state", "snooze_until", "assignee_user", "amount"],
                name="work_inbox_in_order",
            ),
        ),
        migrations.RemoveIndex(model_name="workitem", name="work_inbox_and_sums"),
    ]
