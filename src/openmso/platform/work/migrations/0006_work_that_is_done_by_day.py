"""Work that is done stands in an index of its own: it grows for years, and is counted and listed off it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("work", "0005_the_inbox_in_order")]

    operations = [
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                fields=["practice", "kind", "-done_at", "id"], condition=Q(state="done"),
                include=["state", "snooze_until", "assignee_user", "amount"], name="work_done_by_day",
            ),
        ),
    ]  # fmt: skip
