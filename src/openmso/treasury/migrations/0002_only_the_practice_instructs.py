"""Only people of the practice instruct its account for government money; nobody can be given a way around it.

The roles are `rules.OF_THE_PRACTICE`; a test holds both equal. 42 CFR 424.73(b), 42 CFR 447.10.
"""

from django.db import migrations

OF_THE_PRACTICE = """
CREATE FUNCTION treasury_of_the_practice(tenant bigint, person text, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_catalog AS $$
  SELECT EXISTS (
    SELECT FROM access_staffassignment held
      JOIN identity_user one ON one.id = held.user_id
      JOIN tenancy_tenant whose ON whose.id = held.practice_id
     WHERE held.practice_id = tenant AND one.public_id = person
       AND held.role IN ('practice_owner', 'physician', 'practice_staff')
       AND held.starts_on <= (moment AT TIME ZONE whose.zone)::date
       AND (held.ends_on IS NULL OR held.ends_on > (moment AT TIME ZONE whose.zone)::date))
$$;
"""
INSTRUCTIONS = """
CREATE FUNCTION treasury_instruction_allowed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_catalog AS $$
DECLARE really text;
BEGIN
  SELECT use INTO really FROM parties_bankaccount WHERE id = NEW.account_id AND practice_id = NEW.practice_id;
  IF really IS NULL OR really <> NEW.use THEN
    RAISE EXCEPTION 'an instruction is of an account of its practice, and says what it is for'
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.state = 'revoked' THEN
      RAISE EXCEPTION 'what is revoked stays revoked' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - ARRAY['state', 'revoked_at', 'revoked_by', 'revoked_by_user', 'revoked_why']
       IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'revoked_at', 'revoked_by', 'revoked_by_user', 'revoked_why']
    THEN
      RAISE EXCEPTION 'an instruction is revoked and given anew, never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'revoked' AND NOT treasury_of_the_practice(NEW.practice_id, NEW.revoked_by_user, NEW.revoked_at)
    THEN
      RAISE EXCEPTION 'only the practice revokes its instruction' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NOT treasury_of_the_practice(NEW.practice_id, NEW.given_by_user, NEW.given_at) THEN
    RAISE EXCEPTION 'only the practice instructs its deposit accounts (42 CFR 424.73, 447.10)'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER instruction_allowed BEFORE INSERT OR UPDATE ON treasury_instruction
  FOR EACH ROW EXECUTE FUNCTION treasury_instruction_allowed();
"""
PAYMENTS = """
CREATE FUNCTION treasury_payment_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
DECLARE really text;
BEGIN
  IF NOT NEW.from_mso THEN
    SELECT use INTO really FROM parties_bankaccount
     WHERE public_id = NEW.from_account AND practice_id = NEW.practice_id;
    IF really IS NULL OR really <> NEW.from_use THEN
      RAISE EXCEPTION 'a payment leaves an account of its practice' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.from_use = 'deposit_government' AND NEW.state IN ('filed', 'sent') AND NOT EXISTS (
    SELECT FROM treasury_instruction one
     WHERE one.id = NEW.instruction_id AND one.practice_id = NEW.practice_id AND one.state = 'given'
       AND (one.target = NEW.to_account OR one.to_mso AND NEW.to_mso))
  THEN
    RAISE EXCEPTION 'money leaves the government account by a standing instruction of the practice alone'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_allowed BEFORE INSERT OR UPDATE ON treasury_payment
  FOR EACH ROW EXECUTE FUNCTION treasury_payment_allowed();
"""
FILES = """
CREATE FUNCTION treasury_file_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
BEGIN
  IF NEW.use = 'deposit_government' AND NEW.state IN ('approved', 'sent')
     AND NOT treasury_of_the_practice(NEW.practice_id, NEW.approved_by_user, NEW.approved_at)
  THEN
    RAISE EXCEPTION 'only the practice approves payments out of its government account (42 CFR 424.73, 447.10)'
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.sha256, NEW.fingerprint, NEW.amount, NEW.entries, NEW.account, NEW.use, NEW.document)
     IS DISTINCT FROM (OLD.sha256, OLD.fingerprint, OLD.amount, OLD.entries, OLD.account, OLD.use, OLD.document)
  THEN
    RAISE EXCEPTION 'a bank file stays as it was prepared' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER file_allowed BEFORE INSERT OR UPDATE ON treasury_bankfile
  FOR EACH ROW EXECUTE FUNCTION treasury_file_allowed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("treasury", "0001_initial"), ("access", "0001_initial"), ("identity", "0001_initial"),
        ("parties", "0005_government_accounts_are_the_practices"),
    ]

    operations = [
        migrations.RunSQL(OF_THE_PRACTICE, reverse_sql="DROP FUNCTION treasury_of_the_practice CASCADE"),
        migrations.RunSQL(INSTRUCTIONS, reverse_sql="DROP FUNCTION treasury_instruction_allowed CASCADE"),
        migrations.RunSQL(PAYMENTS, reverse_sql="DROP FUNCTION treasury_payment_allowed CASCADE"),
        migrations.RunSQL(FILES, reverse_sql="DROP FUNCTION treasury_file_allowed CASCADE"),
    ]
