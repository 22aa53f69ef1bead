"""What is reserved is done by licensees or on their decision, and they approve budgets, whatever writes the row."""

import django.db.models.deletion
import openmso.platform.tenancy.models
from django.conf import settings
from django.db import migrations, models


ACTS = """
CREATE FUNCTION governance_act_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
BEGIN
  IF NEW.proposal_id IS NULL THEN
    IF NOT NEW.role IN ('practice_owner', 'physician')
       OR NOT coalesce(access_licensee(NEW.practice_id, NEW.user_id, NEW.at), false)
    THEN
      RAISE EXCEPTION 'what is reserved is done by a licensee, or on a decision of the practice'
        USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NOT EXISTS (
    SELECT FROM governance_proposal asked
     WHERE asked.practice_id = NEW.practice_id AND asked.id = NEW.proposal_id AND asked.decision = NEW.decision
       AND asked.state = 'carriedout')
  THEN
    RAISE EXCEPTION 'the decision behind an act is of its practice and matter, approved and used by it'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER act_allowed BEFORE INSERT ON governance_reservedact
  FOR EACH ROW EXECUTE FUNCTION governance_act_allowed();
"""
BUDGETS = """
CREATE FUNCTION governance_budget_step_allowed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_catalog AS $$
DECLARE person bigint;
BEGIN
  IF NEW.to_state NOT IN ('approved', 'declined') THEN
    RETURN NEW;
  END IF;
  IF NEW.meeting <> '' THEN
    IF NOT EXISTS (SELECT FROM governance_meeting held WHERE held.practice_id = NEW.practice_id
                    AND held.public_id = NEW.meeting AND held.state IN ('sitting', 'closed', 'approved'))
    THEN
      RAISE EXCEPTION 'a board approves a budget in a meeting of its own' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT id INTO person FROM identity_user WHERE public_id = NEW."user";
  IF NOT coalesce(access_licensee(NEW.practice_id, person, NEW.at), false) THEN
    RAISE EXCEPTION 'only a licensee of the practice decides its budget' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER budget_step_allowed BEFORE INSERT ON governance_budgetstep
  FOR EACH ROW EXECUTE FUNCTION governance_budget_step_allowed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0006_open_book'),
        ('access', '0003_who_gives_roles'),
        ('tenancy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=160)),
                ('attendance', openmso.platform.tenancy.models.PracticeForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.attendance')),
                ('practice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'attendance'), name='whoever_leaves_leaves_once')],
            },
        ),
        migrations.CreateModel(
            name='ReservedAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=40)),
                ('decision', models.CharField(max_length=4)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(blank=True, max_length=24)),
                ('words', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=160)),
                ('role', models.CharField(blank=True, help_text="The licensee's role, where one did it", max_length=32)),
                ('practice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
                ('proposal', openmso.platform.tenancy.models.PracticeForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.proposal')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['practice', '-at'], name='reserved_acts_latest_first')],
                'constraints': [models.UniqueConstraint(fields=('practice', 'proposal'), name='a_decision_is_used_once'), models.CheckConstraint(condition=models.Q(models.Q(('proposal', None), models.Q(('role', ''), _negated=True)), models.Q(('proposal__isnull', False), ('role', '')), _connector='OR'), name='reserved_acts_are_a_licensees_or_decided')],
            },
        ),
        migrations.RunSQL(ACTS, reverse_sql="DROP FUNCTION governance_act_allowed CASCADE"),
        migrations.RunSQL(BUDGETS, reverse_sql="DROP FUNCTION governance_budget_step_allowed CASCADE"),
    ]
