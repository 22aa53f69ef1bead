from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leaving", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="exit", name="exits_end_after_their_notice"),
        migrations.AddConstraint(
            model_name="exit",
            constraint=models.CheckConstraint(
                condition=models.Q(("plan_days__gt", 0), ("rule__in", ["greater", "book"])),
                name="exits_have_a_plan_and_a_rule_of_prices",
            ),
        ),
    ]
