"""The account that takes government money stands in a practice's name (42 CFR 424.73, 447.10)."""

from django.db import migrations

ACCOUNTS = """
CREATE FUNCTION parties_account_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
BEGIN
  IF NEW.use = 'deposit_government'
     AND NOT EXISTS (SELECT FROM tenancy_tenant one WHERE one.id = NEW.practice_id AND one.kind = 'practice')
  THEN
    RAISE EXCEPTION 'government money goes to an account in the name of a practice (42 CFR 424.73, 447.10)'
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.use, NEW.legal_entity_id) IS DISTINCT FROM (OLD.use, OLD.legal_entity_id)
     AND 'deposit_government' IN (NEW.use, OLD.use)
  THEN
    RAISE EXCEPTION 'the account for government money stays what it is; close it and open another'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER account_allowed BEFORE INSERT OR UPDATE ON parties_bankaccount
  FOR EACH ROW EXECUTE FUNCTION parties_account_allowed();
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_enrolled_practices"), ("tenancy", "0001_initial")]

    operations = [migrations.RunSQL(ACCOUNTS, reverse_sql="DROP FUNCTION parties_account_allowed CASCADE")]
