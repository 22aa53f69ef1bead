"""Nobody is given a way around the practice: who gives its roles, who holds them, who approves staff of the MSO.

The roles are those of `config/roles.py`; a test holds both equal.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


LICENSEE = """
CREATE FUNCTION access_licensee(tenant bigint, person bigint, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_catalog AS $$
  SELECT EXISTS (
    SELECT FROM access_staffassignment held JOIN tenancy_tenant whose ON whose.id = held.practice_id
     WHERE held.practice_id = tenant AND held.user_id = person AND held.role IN ('practice_owner', 'physician')
       AND held.starts_on <= (moment AT TIME ZONE whose.zone)::date
       AND (held.ends_on IS NULL OR held.ends_on > (moment AT TIME ZONE whose.zone)::date))
$$;
"""
ENDED_OR_APPROVED = """
CREATE FUNCTION access_assignment_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
BEGIN
  IF NOT NEW.practice_id = ANY (scope_practices()) THEN
    RETURN NEW;  -- the wall of the practice refuses it, in its own words
  END IF;
  IF to_jsonb(NEW) - ARRAY['ends_on', 'approved_by_id', 'approved_at']
     IS DISTINCT FROM to_jsonb(OLD) - ARRAY['ends_on', 'approved_by_id', 'approved_at']
     OR (OLD.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
  THEN
    RAISE EXCEPTION 'an assignment is ended or approved, never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.ends_on IS DISTINCT FROM OLD.ends_on AND (NEW.ends_on IS NULL OR NEW.ends_on > OLD.ends_on) THEN
    RAISE EXCEPTION 'an assignment that ended is given anew' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.approved_by_id IS NOT NULL AND OLD.approved_by_id IS NULL
     AND NOT access_licensee(NEW.practice_id, NEW.approved_by_id, NEW.approved_at)
  THEN
    RAISE EXCEPTION 'only a licensee of the practice approves staff' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assignment_stays BEFORE UPDATE ON access_staffassignment
  FOR EACH ROW EXECUTE FUNCTION access_assignment_stays();
"""
GIVEN = """
CREATE FUNCTION access_assignment_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
DECLARE
  own CONSTANT text[] := ARRAY['practice_owner', 'physician', 'practice_staff'];
  licensees CONSTANT text[] := ARRAY['practice_owner', 'physician'];
  neither CONSTANT text[] := ARRAY['auditor', 'integrator'];
  before text;
  clash boolean;
BEGIN
  IF NOT NEW.practice_id = ANY (scope_practices()) THEN
    RETURN NEW;  -- the wall of the practice refuses it, in its own words
  END IF;
  IF NEW.approved_by_id IS NOT NULL AND NOT access_licensee(NEW.practice_id, NEW.approved_by_id, NEW.approved_at) THEN
    RAISE EXCEPTION 'only a licensee of the practice approves staff' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.role = ANY (own) AND NEW.set_up = ''
     AND NOT EXISTS (
       SELECT FROM access_staffassignment held JOIN tenancy_tenant whose ON whose.id = held.practice_id
        WHERE held.practice_id = NEW.practice_id AND held.user_id = NEW.granted_by_id AND held.role = 'practice_owner'
          AND held.starts_on <= (NEW.granted_at AT TIME ZONE whose.zone)::date
          AND (held.ends_on IS NULL OR held.ends_on > (NEW.granted_at AT TIME ZONE whose.zone)::date))
     AND NOT (NEW.role = 'practice_owner' AND NOT EXISTS (
       SELECT FROM access_staffassignment held WHERE held.practice_id = NEW.practice_id AND held.role = ANY (own)))
  THEN
    RAISE EXCEPTION 'roles of the practice are given by its owners' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.role = ANY (licensees) OR NOT NEW.role = ANY (own || neither) THEN
    before := current_setting('openmso.user', true);
    PERFORM set_config('openmso.user', NEW.user_id::text, true);  -- what somebody holds anywhere, they alone may see
    SELECT EXISTS (
      SELECT FROM access_staffassignment held
       WHERE held.user_id = NEW.user_id AND (held.ends_on IS NULL OR held.ends_on > held.starts_on)
         AND CASE WHEN NEW.role = ANY (licensees) THEN NOT held.role = ANY (own || neither)
                  ELSE held.role = ANY (licensees) END)
      INTO clash;
    PERFORM set_config('openmso.user', coalesce(before, ''), true);
    IF clash THEN
      RAISE EXCEPTION 'nobody stands on both sides of an agreement' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assignment_allowed BEFORE INSERT ON access_staffassignment
  FOR EACH ROW EXECUTE FUNCTION access_assignment_allowed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_run_off_grants'),
        ('tenancy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='staffassignment',
            name='approved_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='staffassignment',
            name='granted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='staffassignment',
            name='granted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='staffassignment',
            name='set_up',
            field=models.CharField(blank=True, help_text='The paper on which the house itself gave a role of the practice', max_length=120),
        ),
        migrations.AddConstraint(
            model_name='staffassignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='assignments_are_approved_by_somebody_some_time'),
        ),
        migrations.AddConstraint(
            model_name='staffassignment',
            constraint=models.CheckConstraint(condition=models.Q(('set_up', ''), ('granted_by', None), _connector='OR'), name='only_the_house_sets_up_on_a_paper'),
        ),
        migrations.RunSQL(LICENSEE, reverse_sql="DROP FUNCTION access_licensee"),
        migrations.RunSQL(ENDED_OR_APPROVED, reverse_sql="DROP FUNCTION access_assignment_stays CASCADE"),
        migrations.RunSQL(GIVEN, reverse_sql="DROP FUNCTION access_assignment_allowed CASCADE"),
    ]
