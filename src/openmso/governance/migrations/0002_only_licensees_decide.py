"""Nobody but a licensee of the practice decides, nobody decides what they proposed, and a proposal stays as it was.

The roles are `contracts.LICENSEES`; a test holds both equal.
"""

from django.db import migrations

STEPS = """
CREATE FUNCTION governance_step_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
DECLARE asked governance_proposal; today date; before text;
BEGIN
  SELECT * INTO asked FROM governance_proposal WHERE id = NEW.proposal_id AND practice_id = NEW.practice_id;
  IF asked.id IS NULL THEN
    RAISE EXCEPTION 'a step is of a proposal of its practice' USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF NEW.to_state IN ('approved', 'changed', 'declined') THEN
    SELECT (NEW.at AT TIME ZONE zone)::date INTO today FROM tenancy_tenant WHERE id = NEW.practice_id;
    IF NOT EXISTS (
      SELECT FROM access_staffassignment held
       WHERE held.practice_id = NEW.practice_id AND held.user_id = NEW.user_id AND held.role = NEW.role
         AND held.role IN ('practice_owner', 'physician')
         AND held.starts_on <= today AND (held.ends_on IS NULL OR held.ends_on > today))
    THEN
      RAISE EXCEPTION 'only a licensee of the practice decides' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM identity_user one WHERE one.id = NEW.user_id AND one.public_id = asked."user") THEN
      RAISE EXCEPTION 'who proposed it does not decide it' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.to_state = 'carriedout' THEN
    SELECT to_state INTO before FROM governance_proposalstep
     WHERE practice_id = NEW.practice_id AND proposal_id = NEW.proposal_id ORDER BY number DESC LIMIT 1;
    IF before IS NULL OR before NOT IN ('approved', 'changed') THEN
      RAISE EXCEPTION 'nothing is carried out that is not approved' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER step_allowed BEFORE INSERT ON governance_proposalstep
  FOR EACH ROW EXECUTE FUNCTION governance_step_allowed();
"""
PROPOSALS = """
CREATE FUNCTION governance_proposal_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF to_jsonb(NEW) - 'state' IS DISTINCT FROM to_jsonb(OLD) - 'state' THEN
    RAISE EXCEPTION 'a proposal stays as it was proposed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposal_stays BEFORE UPDATE ON governance_proposal
  FOR EACH ROW EXECUTE FUNCTION governance_proposal_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial"), ("access", "0001_initial"), ("identity", "0001_initial")]

    operations = [
        migrations.RunSQL(STEPS, reverse_sql="DROP FUNCTION governance_step_allowed CASCADE"),
        migrations.RunSQL(PROPOSALS, reverse_sql="DROP FUNCTION governance_proposal_stays CASCADE"),
    ]
