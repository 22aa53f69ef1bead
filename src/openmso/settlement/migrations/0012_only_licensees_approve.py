"""Nobody but a licensee of the practice approves the MSO's invoice, whatever writes the row."""

from django.db import migrations, models


APPROVED = """
CREATE FUNCTION settlement_approval_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
DECLARE person bigint;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.approved_at IS NOT DISTINCT FROM OLD.approved_at
     AND NEW.approved_by = OLD.approved_by AND NEW.approved_user = OLD.approved_user
     AND (OLD.state <> 'issued' OR NEW.state NOT IN ('approved', 'paid'))
  THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.approved_user = '' THEN
    RETURN NEW;  -- it waits, or comes with an export of before accounts were named
  END IF;
  SELECT id INTO person FROM identity_user WHERE public_id = NEW.approved_user;
  IF NOT coalesce(access_licensee(NEW.practice_id, person, NEW.approved_at), false) THEN
    RAISE EXCEPTION 'only a licensee of the practice approves the invoice of the MSO' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_allowed BEFORE INSERT OR UPDATE ON settlement_settlement
  FOR EACH ROW EXECUTE FUNCTION settlement_approval_allowed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('settlement', '0011_shared_cost'),
        ('access', '0003_who_gives_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='settlement',
            name='approved_user',
            field=models.CharField(blank=True, help_text='Public id of the account that approved it', max_length=16),
        ),
        migrations.RunSQL(APPROVED, reverse_sql="DROP FUNCTION settlement_approval_allowed CASCADE"),
    ]
